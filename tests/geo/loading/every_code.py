"""One file that triggers every code of rows, for tests and for the pages that show a report.

`every_code_csv()` is a CSV of calls for help; it is loaded after `EARLIER`, as the data set "test". Codes that need
another format, shape or layer have small files of their own in `OTHER_FILES`.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Final

import openpyxl

from tests.geo.loading.acceptance_rows import EXAMPLES, SHENZHEN, SOUND
from tests.geo.loading.file_writers import as_csv

PILE: Final = 50

EARLIER: Final = (
    ("strikes", [SOUND | {"source_id": "in another layer", "title_en": "A strike"}]),
    (
        "calls_for_help",
        [
            SOUND | {"source_id": "00123", "title_en": "With zeros"},
            SOUND | {"source_id": "changed", "title_en": "Before"},
            SOUND | {"source_id": "unchanged", "title_en": "As before"},
        ],
    ),
)
"""(layer, rows) to load before."""

BESIDE_OTHERS: Final = {
    "ID_DUP_FILE": [{"source_id": "twice", "title_en": "Twice, one"}, {"source_id": "twice", "title_en": "Twice, two"}],
    "DUP_NEAR_FILE": [{"source_id": "like 1", "title_en": "Alike"}, {"source_id": "like 2", "title_en": "Alike"}],
    "ID_OTHER_LAYER": [{"source_id": "in another layer", "title_en": "A call"}],
    "ID_ZERO_LOST": [{"source_id": "123", "title_en": "Without zeros"}],
    "REC_CHANGED": [{"source_id": "changed", "title_en": "After"}],
    "REC_UNCHANGED": [{"source_id": "unchanged", "title_en": "As before"}],
    "GEO_PILE": [
        SHENZHEN | {"source_id": f"pile {n}", "title_en": f"Pile {n}", "location_precision": "exact"}
        for n in range(PILE)
    ],
}
"""What several rows, or a row and a record, show together."""

EVERY_CODE: Final = {example.code for example in EXAMPLES} - {"DATE_OK"} | BESIDE_OTHERS.keys()
"""The codes that the file triggers."""


def every_code_csv() -> bytes:
    """The file. The nth example of `EXAMPLES` is row n + 2."""
    rows = [SOUND, *(_make_row(number) for number in range(len(EXAMPLES)))]
    rows += [SOUND | row for group in BESIDE_OTHERS.values() for row in group]
    out = io.StringIO(newline="")
    headers = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.writer(out)
    writer.writerow(headers)
    for number, row in enumerate(rows):
        code = EXAMPLES[number - 1].code if 0 < number <= len(EXAMPLES) else ""
        if code == "CSV_QUOTE_ROW":
            out.write('"a "quoted" word",b\r\n')
        else:
            cells = [row.get(name, "") for name in headers]
            writer.writerow([*cells, "one too many"] if code == "CSV_RAGGED" else cells)
    return out.getvalue().encode()


def _make_row(number: int) -> dict[str, str]:
    """A row of its own: another id and title than its neighbours."""
    apart = {"source_id": f"row {number}", "title_en": f"{SOUND['title_en']}, number {number}"}
    return SOUND | apart | EXAMPLES[number].cells


@dataclass(frozen=True)
class OtherFile:
    """A file for codes that the one file cannot show."""

    name: str
    layer: str
    content: bytes
    codes: frozenset[str]
    source: str | None = "test"


def make_workbook() -> bytes:
    """A workbook with merged cells and a formula without a value."""
    book = openpyxl.Workbook()
    sheet = book.active
    headers = ["source_id", "starts_on", "title_en", "region", "sources"]
    for row in [headers, *([str(n), "2020-03-05", f"Title {n}", "440300", "A paper"] for n in range(6))]:
        sheet.append(row)  # type: ignore[union-attr]  # the first sheet of a new workbook
    sheet.merge_cells("E2:E5")  # type: ignore[union-attr]
    sheet["D7"] = "=VLOOKUP(A7,B:C,2)"  # type: ignore[index]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_COMMUNITY: Final = {
    "id": "2020101312203872956",
    "Start_Date": "2020-03-05",
    "State": "Guangdong",
    "City": "Nowhere",
    "Industry": "Manufacturing",
    "subIndustry_name": "no such trade",
    "Strike_or_Protest": "Strike",
}
_CASE: Final = {
    "source_system": "test",
    "source_id": "c1",
    "starts_on": "2020-03-05",
    "title_en": "A case",
    "contact_no": "1",
    "sources": "A paper",
    "union_name_en": "",
    "union_level": "",
    "incident_ids": "",
}

OTHER_FILES: Final = (
    OtherFile("book.xlsx", "strikes", make_workbook(), frozenset({"XL_MERGED", "XL_FORMULA"})),
    OtherFile(
        "community.csv",
        "strikes",
        as_csv([_COMMUNITY, _COMMUNITY | {"id": "2020101312203872957", "State": "0", "City": ""}]),
        frozenset({"REGION_COARSE", "REGION_SEVERAL", "VOC_DROPPED"}),
    ),
    OtherFile(
        "cases.csv",
        "accountability",
        as_csv(
            [
                _CASE,
                _CASE | {"title_en": "Told otherwise", "contact_no": "2"},
                _CASE | {"source_id": "c2", "contact_no": "1"},
                _CASE | {"source_id": "c2", "contact_no": "1"},
                _CASE | {"source_id": "c3", "contact_no": ""},
                _CASE | {"source_id": "c4", "union_name_en": "A union"},
                _CASE | {"source_id": "c5", "incident_ids": "nobody"},
                _CASE | {"source_id": "c6", "source_system": ""},
            ]
        ),
        frozenset(
            {
                *("CASE_DIFFERS", "CASE_INCOMPLETE", "CONTACT_DUP", "CONTACT_MISSING", "UNION_LEVEL_MISSING"),
                *("INCIDENT_UNKNOWN", "SOURCE_EMPTY"),
            }
        ),
        source=None,
    ),
)
