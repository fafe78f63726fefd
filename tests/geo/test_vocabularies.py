"""The controlled lists: complete, matched as editors type, synced and never deleted."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from geo.vocabularies import FOLDER, sync_terms, term, vocabularies

SHARED = Path(__file__).parents[3] / "shared" / "data" / "vocabularies.json"


def test_there_are_26_lists_with_312_terms() -> None:
    """The count that the domain's description states."""
    assert len(vocabularies()) == 26
    assert sum(len(vocabulary.terms) for vocabulary in vocabularies().values()) == 312


@pytest.mark.skipif(not SHARED.exists(), reason="the description of the lists is not beside the project")
def test_lists_equal_their_description() -> None:
    """Codes, order, labels and CLB's spellings are those of the description; its stars on labels are notes."""
    described = json.loads(SHARED.read_text(encoding="utf-8"))
    assert list(described) == list(dict.fromkeys(described))
    for name, content in described.items():
        terms = vocabularies()[name].terms
        assert [item.code for item in terms] == [value["code"] for value in content["values"]], name
        for item, value in zip(terms, content["values"], strict=True):
            assert item.label_en == value["en"].rstrip("*")
            assert (item.label_zh_hans, item.label_zh_hant) == (value["zh_hans"], value["zh_hant"])
            expected = "" if name == "layer" else value.get("clb", "")
            assert "; ".join(item.clb_values) == expected


def test_every_term_has_labels_in_three_scripts() -> None:
    """A page in any language can show any term."""
    for vocabulary in vocabularies().values():
        for item in vocabulary.terms:
            assert all((item.label_en, item.label_zh_hans, item.label_zh_hant)), (vocabulary.name, item.code)


def test_codes_are_unique_within_a_list() -> None:
    """Two rows with one code would hide each other."""
    for path in FOLDER.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            codes = [row["code"] for row in csv.DictReader(file)]
        assert len(set(codes)) == len(codes), path.name


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("action", "Strike", "strike"),
        ("action", "transport strike", "transport_strike"),
        ("action", "Threaten to jump off a crane", "suicide_threat"),
        ("action", "罢工", "strike"),
        ("demand", "illegal cabs", "unlicensed"),
        ("demand", "Wage Arrears ", "wage_arrears"),
        ("industry", "製造業", "manufacturing"),
        ("industry", "xyz", None),
        ("industry", "", None),
    ],
)
def test_a_term_is_found_by_code_label_or_clb_spelling(name: str, text: str, code: str | None) -> None:
    """Whatever the case or the script, and never by a guess."""
    assert vocabularies()[name].find_code(text) == code


def test_syncing_again_changes_nothing(connection: sa.Connection) -> None:
    """The template is synced already."""
    assert sync_terms(connection) == 0


def test_a_changed_label_is_synced(connection: sa.Connection) -> None:
    """The files rule."""
    connection.execute(sa.update(term).where(term.c.code == "wage_arrears").values(label_en="?"))
    assert sync_terms(connection) == 2  # a demand and an issue


def test_a_term_gone_from_its_file_is_retired_not_deleted(connection: sa.Connection) -> None:
    """Records of the past keep their label."""
    row = {"vocabulary": "demand", "code": "gone", "position": 99}
    labels = {"label_en": "Gone", "label_zh_hans": "旧", "label_zh_hant": "舊"}
    connection.execute(sa.insert(term).values(**row, **labels))
    assert sync_terms(connection) == 1
    retired = sa.select(term.c.retired_on).where(term.c.code == "gone")
    assert connection.scalar(retired) is not None
