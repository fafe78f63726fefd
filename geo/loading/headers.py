"""Which heading of a file means which column: by name, by synonym in English or Chinese, by the file's profile.

Nothing is matched by likeness: a heading that nearly is a column is reported with the column it may mean.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from geo.layers import ACCOUNTABILITY, CALLS_FOR_HELP, properties_of
from geo.loading.columns import known_columns
from geo.loading.messages import Message, Problem, refuse
from geo.loading.profiles import Profile, find_profile

_SYNONYMS: Final[dict[str, str]] = {
    "source_id": "external_id id incident_id event_id 编号 事件编号 編號 事件編號",
    "public_id": "公开编号",
    "legacy_url": "clb_url",
    "starts_on": "date_start start_date date event_date start 日期 时间 發生日期 发生日期 事发时间 开始日期 開始日期",
    "ends_on": "date_end end_date end 结束日期 結束日期",
    "date_precision": "日期精度",
    "title": "name",
    "title_zh_hans": "title_zh 标题 標題 事件 事件名称",
    "description_zh_hans": "description_zh 内容 描述 详情 正文",
    "place_text_zh_hans": "地点 地點 place_text_zh",
    "place_text_en": "place",
    "region": "regions 地区 地區 adcode region_code",
    "province": "省 省份 admin1 state",
    "city": "市 地级市 城市 admin2 prefecture",
    "county": "区县 县 区 admin3 district",
    "lon": "longitude lng long x 经度 东经 經度",
    "lat": "latitude y 纬度 北纬 緯度",
    "coords": "coordinates latlng 坐标 经纬度",
    "datum": "crs 坐标系",
    "location_precision": "geo_precision 位置精度 精度",
    "industry": "行业 行業",
    "sub_industry": "subindustry 细分行业",
    "employers": "employer company 企业 公司 单位 工厂 雇主",
    "ownership": "enterprise_type 所有制 企业性质",
    "worker_groups": "worker_group 职工群体",
    "deaths": "killed 死亡 死亡人数",
    "injuries": "injured 受伤 受伤人数",
    "missing": "失踪 失踪人数",
    "accident_types": "accident_type 事故类型",
    "actions": "action 行动 行动方式",
    "demands": "demand 诉求",
    "responses": "response 回应 处置",
    "issues": "issue 求助事由",
    "channels": "channel 求助渠道",
    "verification": "核实程度",
    "sources": "source_url source url 链接 来源链接 网址",
    "source_name": "来源",
    "source_system": "dataset 数据来源集",
    "already_public": "已公开",
    "contact_no": "联络编号",
}
_PEOPLE: Final = "participants_count number_of_workers 人数 参与人数 规模 participants persons"
_ROW_NUMBERS: Final = frozenset({"序号", "序號", "no", "no.", "nr", "#", "row", "row_no", "行号"})
_DATA_LIKE: Final = re.compile(r"\d{4}-\d{1,2}-\d{1,2}.*|-?\d+(\.\d+)?|https?://.*")
_NEAR: Final = 0.75


@dataclass
class Mapping:
    """What each column of a file means. `positions` maps a column to its place; `known` are those it could have."""

    profile: Profile
    known: frozenset[str]
    positions: dict[str, int] = field(default_factory=dict)
    headers: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    def header_of(self, column: str) -> str:
        """The heading as the file has it; the column's own name where the file has none."""
        position = self.positions.get(column)
        return self.headers[position] if position is not None else column


def fold_header(header: str) -> str:
    """Fold a heading for comparison: width, case, spaces and signs between words."""
    folded = unicodedata.normalize("NFKC", header).strip().casefold()
    return re.sub(r"[\s\-/]+", "_", folded)


def map_headers(headers: list[str], layer: str, *, source: str | None) -> Mapping:
    """Find the column of each heading.

    Raises:
        FileRefused: HDR_NONE, HDR_DUPLICATE, HDR_MISSING, SOURCE_MISSING.
    """
    folded = [fold_header(header) for header in headers]
    mapping = Mapping(find_profile(folded), known_columns(layer), headers=headers)
    synonyms = _synonyms_of(layer)
    unknown = []
    for position, name in enumerate(folded):
        if not name or name.startswith("_") or name in mapping.profile.ignored:
            continue
        column = mapping.profile.headings.get(name) or synonyms.get(name)
        if column is None:
            unknown.append(position)
        elif column in mapping.positions:
            first = mapping.positions[column]
            raise refuse(
                "HDR_DUPLICATE",
                column=column,
                first=headers[first],
                first_no=first + 1,
                second=headers[position],
                second_no=position + 1,
            )
        else:
            mapping.positions[column] = position
    if not mapping.positions and any(_DATA_LIKE.fullmatch(header) for header in headers):
        raise refuse("HDR_NONE")
    mapping.messages += [Message(_explain(headers[position], synonyms)) for position in unknown]
    _check_required(mapping, layer, source)
    return mapping


def _synonyms_of(layer: str) -> dict[str, str]:
    known = known_columns(layer)
    found = {label: column for column, words in _SYNONYMS.items() if column in known for label in words.split()}
    for prop in properties_of(layer):
        if prop.loaded and prop.name in known:
            for label in (prop.labels.en, prop.labels.zh_hans, prop.labels.zh_hant):
                found.setdefault(fold_header(label), prop.name)
    if layer != ACCOUNTABILITY:
        people = "persons" if layer == CALLS_FOR_HELP else "participants"
        found |= dict.fromkeys(_PEOPLE.split(), people)
    return {fold_header(name): column for name, column in found.items()} | {name: name for name in known}


def _explain(header: str, synonyms: dict[str, str]) -> Problem:
    if fold_header(header) in _ROW_NUMBERS:
        return Problem("HDR_ROWNO", {"header": header})
    near = difflib.get_close_matches(fold_header(header), synonyms, 1, _NEAR)
    column = synonyms[near[0]] if near else ""
    hint = f"Did you mean {column}?" if column else "docs/loading.md lists the columns."
    hint_zh = f"是否为 {column}？" if column else "各列见 docs/loading.md。"
    return Problem("HDR_UNKNOWN", {"header": header, "hint": hint, "hint_zh": hint_zh})


def _check_required(mapping: Mapping, layer: str, source: str | None) -> None:
    found = ", ".join(header for header in mapping.headers if header)
    columns = mapping.positions

    def miss(column: str, column_zh: str) -> None:
        raise refuse("HDR_MISSING", column=column, column_zh=column_zh, found=found)

    if "starts_on" not in columns:
        miss("starts_on", "开始日期")
    if not columns.keys() & {"title", "title_en", "title_zh_hans"} and not mapping.profile.made_title:
        miss("title_en", "标题")
    if layer == ACCOUNTABILITY and "contact_no" not in columns:
        miss("contact_no", "联络编号")
    if source is None and "source_system" not in columns:
        raise refuse("SOURCE_MISSING")
