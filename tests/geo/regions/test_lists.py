"""The reviewed lists of codes."""

from __future__ import annotations

from collections import Counter

from geo.regions.lists import read_list
from geo.regions.package_boundaries import DRAWN_UNDER, read_changes, read_population, read_regions, read_retired

IN_FORCE = {region.code for region in read_regions()}
WITHOUT_SUCCESSOR = {"232761", "232762", "232763", "232764"}


def test_every_level_is_complete() -> None:
    """34 provinces, 375 regions at prefecture level, 2,896 at county level."""
    counted = Counter(region.level for region in read_regions())
    assert counted == {"province": 34, "prefecture": 375, "county": 2896}


def test_every_parent_is_a_region() -> None:
    """A region's parent is in the list, exactly one level up."""
    above = {"prefecture": "province", "county": "prefecture"}
    keys = {region.key for region in read_regions()}
    for region in read_regions():
        assert region.parent is None or (region.parent in keys and region.parent[0] == above[region.level])


def test_every_successor_is_in_force() -> None:
    """Succession leads to codes of today in one step, from codes that are not of today."""
    for change in read_changes():
        assert change.new_code in IN_FORCE, change
        assert change.old_code not in IN_FORCE, change
        assert change.source, change


def test_every_retired_region_has_its_successor() -> None:
    """Of 377 codes that went out of force since 2010 only four forest districts have no successor."""
    retired = {name.code for name in read_retired() if name.kind == "region"}
    assert len(retired) == 377
    assert retired - {change.old_code for change in read_changes()} == WITHOUT_SUCCESSOR


def test_a_split_is_what_has_several_successors() -> None:
    """The kind of a change says whether one code took the old one's place."""
    successors = Counter(change.old_code for change in read_changes())
    for change in read_changes():
        assert (change.kind == "split") == (successors[change.old_code] > 1), change


def test_successors_stay_in_the_province() -> None:
    """No region ever changed its province in these years."""
    assert all(change.old_code[:2] == change.new_code[:2] for change in read_changes())


def test_a_code_that_is_in_force_is_only_listed_for_its_old_name() -> None:
    """Ten and more codes kept their number and changed their name (371324)."""
    for name in read_retired():
        assert (name.code in IN_FORCE) == (name.kind == "renamed"), name
    assert "371324" in {name.code for name in read_retired() if name.kind == "renamed"}


def test_the_census_adds_up() -> None:
    """31 provinces and the two million in active service are the national total of 2020."""
    assert len(read_population()) == 31
    assert sum(read_population().values()) + 2_000_000 == 1_411_778_724


def test_extra_aliases_and_other_codes_name_regions_in_force() -> None:
    """Every code in the small lists is one of today."""
    assert {row["code"] for row in read_list("aliases")} <= IN_FORCE
    assert {*DRAWN_UNDER, *DRAWN_UNDER.values()} <= IN_FORCE
