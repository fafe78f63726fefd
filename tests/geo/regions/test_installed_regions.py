"""What an installation leaves in the database."""

from __future__ import annotations

import gzip
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from geo.regions.boundaries import BANDS
from geo.regions.install import install_regions
from geo.regions.region_set import RegionPath, find_lowest_common
from geo.regions.tables import boundary_set, draw_code, region, region_outline, region_path, region_topology


def _scalar(connection: sa.Connection, sql: str) -> Any:
    return connection.scalar(sa.text(sql))


def _drawn(connection: sa.Connection, code: str) -> str | None:
    return connection.scalar(sa.select(draw_code.c.code).where(draw_code.c.reported_code == code))


def _path(connection: sa.Connection, code: str) -> tuple[Any, ...]:
    columns = (region_path.c.level, region_path.c.province, region_path.c.prefecture, region_path.c.county)
    return tuple(connection.execute(sa.select(*columns).where(region_path.c.code == code)).one())


def test_every_region_is_there_and_nearly_all_have_an_outline(connection: sa.Connection) -> None:
    """34, 375 and 2,896 regions; only five listed counties are not drawn by the source."""
    counted = connection.execute(
        sa.select(region.c.level, sa.func.count(), sa.func.count(region.c.geometry)).group_by(region.c.level)
    )
    assert {tuple(row) for row in counted} == {
        ("province", 34, 34),
        ("prefecture", 375, 375),
        ("county", 2896, 2891),
    }
    undrawn = connection.scalars(sa.select(region.c.code).where(region.c.geometry.is_(None)))
    assert set(undrawn) == {"460302", "460303", "460323", "653228", "653229"}


@pytest.mark.parametrize("band", [*BANDS, "full"])
def test_levels_nest_exactly(connection: sa.Connection, band: str) -> None:
    """In every band a region is the sum of its children: areas add up and nothing sticks out."""
    outlines = "(SELECT level, code, geometry FROM editorial.region WHERE geometry IS NOT NULL)"
    if band != "full":
        outlines = f"(SELECT level, code, geometry FROM editorial.region_outline WHERE band = '{band}')"
    worst = _scalar(
        connection,
        f"""
        SELECT max(abs(ST_Area(p.geometry) - s.area) / ST_Area(p.geometry))
        FROM {outlines} p JOIN (
            SELECT r.parent_level, r.parent_code, sum(ST_Area(o.geometry)) AS area
            FROM {outlines} o JOIN editorial.region r USING (level, code) GROUP BY 1, 2
        ) s ON (p.level, p.code) = (s.parent_level, s.parent_code)
        """,
    )
    assert worst < 1e-9


def test_outlines_are_sound_in_every_band(connection: sa.Connection) -> None:
    """No outline is empty or invalid, and every band has every drawn region."""
    bad = "SELECT count(*) FROM editorial.region_outline WHERE ST_IsEmpty(geometry) OR NOT ST_IsValid(geometry)"
    assert _scalar(connection, bad) == 0
    bands = sa.select(region_outline.c.band, sa.func.count()).group_by(region_outline.c.band)
    assert dict(tuple(row) for row in connection.execute(bands)) == dict.fromkeys(BANDS, 34 + 375 + 2891)


def test_neighbours_do_not_overlap(connection: sa.Connection) -> None:
    """The counties of a dense city share borders and nothing else, at the coarsest band too."""
    overlap = """
        SELECT coalesce(max(ST_Area(ST_Intersection(a.geometry, b.geometry))), 0)
        FROM editorial.region_outline a JOIN editorial.region_outline b
          ON a.band = b.band AND a.level = b.level AND a.code < b.code AND ST_Intersects(a.geometry, b.geometry)
        WHERE a.level = 'county' AND a.code LIKE '4401%' AND b.code LIKE '44%'
    """
    assert _scalar(connection, overlap) < 1e-12


def test_points_lie_inside_their_region_and_know_how_far_it_reaches(connection: sa.Connection) -> None:
    """A region's point is in it; its uncertainty is the distance to the farthest vertex, rounded up."""
    outside = "SELECT count(*) FROM editorial.region WHERE geometry IS NOT NULL AND NOT ST_Contains(geometry, point)"
    assert _scalar(connection, outside) == 0
    farthest = """
        SELECT max(ST_DistanceSphere(r.point, v.geom)), r.uncertainty_m FROM editorial.region r,
        LATERAL ST_DumpPoints(r.geometry) v WHERE r.level = 'county' AND r.code = '440306' GROUP BY r.uncertainty_m
    """
    metres, stored = connection.execute(sa.text(farthest)).one()
    assert 0 <= stored - metres < 2


@pytest.mark.parametrize(
    ("reported", "drawn"),
    [
        ("371200", "370100"),  # Laiwu became two districts of Jinan
        ("520222", "520281"),  # Panxian became Panzhou
        ("542421", "540602"),  # Nagqu County became Seni District, not the prefecture
        ("330103", "330105"),  # Xiacheng was merged into Gongshu
        ("330104", "330100"),  # Jianggan was split
        ("341400", "340000"),  # Chaohu was split among three cities
        ("140203", "140214"),  # a mine district of Datong, not of Yangquan
        ("232761", "232700"),  # without successor: its own parent
        ("110100", "110000"),
        ("429000", "420000"),
        ("440301", "440300"),  # "the districts of the city" of the old lists
        ("320571", "320500"),  # a zone
        ("653228", "653200"),  # in force, not drawn by the source
        ("460302", "460321"),  # drawn by the source under the islands' code
        ("540422", "540481"),
        ("440306", "440306"),
    ],
)
def test_a_code_of_any_time_is_drawn_under_one_of_today(connection: sa.Connection, reported: str, drawn: str) -> None:
    """One successor is followed, several are drawn at their lowest common region, none at the code's own parent."""
    assert _drawn(connection, reported) == drawn


def test_every_draw_code_is_drawn(connection: sa.Connection) -> None:
    """Whatever is drawn under a code finds an outline at that code's level."""
    lost = """
        SELECT count(*) FROM editorial.draw_code d LEFT JOIN editorial.region_path p ON p.code = d.code
        LEFT JOIN editorial.region r ON (r.level, r.code) = (p.level, p.code) WHERE r.geometry IS NULL
    """
    assert _scalar(connection, lost) == 0


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("110000", ("province", "110000", "110000", None)),
        ("110105", ("county", "110000", "110000", "110105")),
        ("441900", ("prefecture", "440000", "441900", "441900")),
        ("419001", ("prefecture", "410000", "419001", "419001")),
        ("440300", ("prefecture", "440000", "440300", None)),
        ("820000", ("province", "820000", "820000", "820000")),
        ("810107", ("county", "810000", "810000", "810107")),
    ],
)
def test_a_bare_code_stands_at_its_highest_level(connection: sa.Connection, code: str, path: tuple[Any, ...]) -> None:
    """A code at several levels means the highest; an only child that is the same area is known too."""
    assert _path(connection, code) == path


def test_the_lowest_common_region_is_found_level_by_level() -> None:
    """Districts of one city meet in the city, cities in the province, provinces nowhere."""
    paths = {
        "a1x": RegionPath("a1x", "county", "a", "a1", "a1x"),
        "a1y": RegionPath("a1y", "county", "a", "a1", "a1y"),
        "a2": RegionPath("a2", "prefecture", "a", "a2", "a2"),
        "b": RegionPath("b", "province", "b", "b", None),
    }
    assert find_lowest_common(paths, ["a1x", "a1y"]) == "a1"
    assert find_lowest_common(paths, ["a1x", "a2"]) == "a"
    assert find_lowest_common(paths, ["a1x", "b"]) is None
    assert find_lowest_common(paths, ["a2"]) == "a2"
    assert find_lowest_common(paths, []) is None


def test_topologies_carry_the_labels_of_the_map(connection: sa.Connection) -> None:
    """Object "regions", the code as id, short names in three scripts, the parent and the label's place."""
    text = connection.scalar(sa.select(region_topology.c.topojson).where(region_topology.c.name == "county-440000"))
    members = {member["id"]: member for member in orjson.loads(text or "")["objects"]["regions"]["geometries"]}
    properties = members["440306"]["properties"]
    lon, lat = properties.pop("point")
    assert properties == {"name_en": "Bao'an", "name_zh_hans": "宝安", "name_zh_hant": "寶安", "parent": "440300"}
    assert 113.7 < lon < 114.0
    assert 22.5 < lat < 22.9
    assert "441900" in members


def test_topologies_draw_every_region_and_stay_small(connection: sa.Connection) -> None:
    """Every drawn region has arcs in its topology; the whole country by prefecture is 60 kB compressed."""
    texts = {row.name: row.topojson for row in connection.execute(sa.select(region_topology))}
    members = {name: orjson.loads(text)["objects"]["regions"]["geometries"] for name, text in texts.items()}
    assert (len(members["province"]), len(members["prefecture"])) == (34, 375)
    assert sum(len(found) for name, found in members.items() if name.startswith("county-")) == 2891
    assert all(member.get("arcs") for found in members.values() for member in found)
    assert len(gzip.compress(texts["province"].encode())) < 36_000
    assert len(gzip.compress(texts["prefecture"].encode())) < 60_500


def test_municipalities_have_the_census_figure_at_both_levels(connection: sa.Connection) -> None:
    """Beijing is a province and a prefecture; prefectures elsewhere have no figure, and so no rate."""
    counted = sa.select(region.c.level, region.c.population).where(region.c.code == "110000")
    assert {tuple(row) for row in connection.execute(counted)} == {
        ("province", 21_893_095),
        ("prefecture", 21_893_095),
    }
    assert connection.scalar(sa.select(region.c.population).where(region.c.code == "440300")) is None


def test_a_second_installation_changes_nothing(connection: sa.Connection) -> None:
    """The same data is recognised by its fingerprint, and no step is begun."""
    steps: list[str] = []
    before = connection.execute(sa.select(boundary_set)).one()
    install_regions(connection, lambda step, _done, _total: steps.append(step))
    assert steps == []
    assert connection.execute(sa.select(boundary_set)).one() == before


def test_an_operators_own_set_is_left_alone(connection: sa.Connection) -> None:
    """A start of the application never replaces boundaries that an operator has loaded."""
    connection.execute(sa.update(boundary_set).values(name="our own", vintage="2030"))
    install_regions(connection)
    assert connection.scalar(sa.select(boundary_set.c.name)) == "our own"


def test_other_data_is_installed_anew(connection: sa.Connection) -> None:
    """A changed fingerprint fills the tables again, to the same counts, and says what it is doing."""
    connection.execute(sa.update(boundary_set).values(vintage="older"))
    steps: list[tuple[str, int, int]] = []
    install_regions(connection, lambda step, done, total: steps.append((step, done, total)))
    assert steps[0] == ("read", 0, 7)
    assert steps[-1] == ("done", 7, 7)
    assert _scalar(connection, "SELECT count(*) FROM editorial.region") == 34 + 375 + 2896
    assert "fingerprint" in (connection.scalar(sa.select(boundary_set.c.vintage)) or "")
