"""A plain reading of CLB's files in our codes, which knows nothing of the loader."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

PROVINCES = {
    "Beijing": "110000", "Tianjin": "120000", "Hebei": "130000", "Shanxi": "140000", "Inner Mongolia": "150000",
    "Liaoning": "210000", "Jilin": "220000", "Heilongjiang": "230000", "Shanghai": "310000", "Jiangsu": "320000",
    "Zhejiang": "330000", "Anhui": "340000", "Fujian": "350000", "Jiangxi": "360000", "Shandong": "370000",
    "Henan": "410000", "Hubei": "420000", "Hunan": "430000", "Guangdong": "440000", "Guangxi": "450000",
    "Hainan": "460000", "Chongqing": "500000", "Sichuan": "510000", "Guizhou": "520000", "Yunnan": "530000",
    "Tibet": "540000", "Shaanxi": "610000", "Gansu": "620000", "Qinghai": "630000", "Ningxia": "640000",
    "Xinjiang": "650000",
}  # fmt: skip
INDUSTRIES = {
    "Construction": "construction", "Manufacturing": "manufacturing", "Transportation": "transport",
    "Services": "services", "Education": "education", "Mining": "mining", "Retail": "retail", "Other": "other",
}  # fmt: skip
OWNERSHIPS = {
    "Private Enterprise": "private", "State-Owned Enterprise": "soe", "Foreign-Owned Enterprise": "foreign",
    "Hong Kong / Macau / Taiwan-Owned Enterprise": "hmt", "Joint Venture": "jv",
}  # fmt: skip
PARTICIPANTS = {
    "1-100 Persons": "1-99", "100-1000 Persons": "100-999", "1000-10000 Persons": "1000-9999",
    "10000+ Persons": "10000-plus",
}  # fmt: skip
DEMANDS = {
    "wage arrears": "wage_arrears", "pay increase": "pay_increase", "relocation or closure": "relocation_closure",
    "social security": "social_insurance", "restructure merger": "restructure_merger", "housing fund": "housing_fund",
    "ot": "overtime", "work conditions": "work_conditions",
}  # fmt: skip
RESPONSES = {
    "police": "police", "arrest(s)": "arrest", "beaten": "beaten", "government mediation": "mediation",
    "negotiation": "negotiation",
}  # fmt: skip
ACTIONS = {
    "strike": "strike", "transport strike": "transport_strike", "protest or demonstration": "protest",
    "sit-in": "sit_in", "block road": "block_road",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One row of the export in our codes; None where the cell is empty, "0" or "Unknown"."""

    date: str
    province: str | None
    industry: str | None
    ownership: str | None
    participants: str | None
    actions: frozenset[str]
    demands: frozenset[str]
    responses: frozenset[str]
    blank_demands: bool

    @property
    def year(self) -> str:
        """The year of the day."""
        return self.date[:4]

    @property
    def month(self) -> str:
        """The month of the day."""
        return self.date[:7]


def read_tokens(cell: str | None, known: dict[str, str]) -> frozenset[str]:
    """Return the codes of the parts of a cell whose spelling is in `known`."""
    parts = {part.strip().casefold() for part in (cell or "").split(",")}
    return frozenset(code for spelling, code in known.items() if spelling in parts)


def read_row(cells: dict[str, Any]) -> Row:
    """Return one row of a file."""
    demands = cells["Employee Demands Involve"]
    return Row(
        date=cells["Date"],
        province=PROVINCES.get(cells["Province"]),
        industry=INDUSTRIES.get(cells["Industry"]),
        ownership=OWNERSHIPS.get(cells["Enterprise Type"]),
        participants=PARTICIPANTS.get(cells["Participants"]),
        actions=read_tokens(cells["Action Taken Involve"], ACTIONS),
        demands=read_tokens(demands, DEMANDS),
        responses=read_tokens(cells["Response to Collective Action"], RESPONSES),
        blank_demands=not {part.strip() for part in (demands or "").split(",")} - {"", "unknown", "不详"},
    )


def read_rows(files: list[Path]) -> list[Row]:
    """Return every row of the files."""
    found: list[Row] = []
    for path in files:
        with closing(openpyxl.load_workbook(path, read_only=True)) as workbook:
            lines = workbook.worksheets[0].iter_rows(values_only=True)
            header = [str(cell) for cell in next(lines)]
            found += [read_row(dict(zip(header, line, strict=True))) for line in lines]
    return found
