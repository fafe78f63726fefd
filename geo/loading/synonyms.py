"""Words that mean a column, in English and Chinese, beside its own name and the labels of its property."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Final

from geo.layers import ACCOUNTABILITY, CALLS_FOR_HELP, properties_of
from geo.loading.columns import known_columns

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
    "contact": "联系方式",
    "person_names": "人名",
    "exact_address": "详细地址",
    "raw_text": "原始文本",
    "contact_no": "联络编号",
}
_SHAPEFILE_NAME: Final = 10
_PEOPLE: Final = "participants_count number_of_workers 人数 参与人数 规模 participants persons"


def fold_header(header: str) -> str:
    """Fold a heading for comparison: width, case, spaces and signs between words."""
    folded = unicodedata.normalize("NFKC", header).strip().casefold()
    return re.sub(r"[\s\-/]+", "_", folded)


def synonyms_of(layer: str) -> dict[str, str]:
    """Return every folded heading that means a column of `layer`, with the column."""
    known = known_columns(layer)
    found = {label: column for column, words in _SYNONYMS.items() if column in known for label in words.split()}
    for prop in properties_of(layer):
        if prop.loaded and prop.name in known:
            for label in (prop.labels.en, prop.labels.zh_hans, prop.labels.zh_hant):
                found.setdefault(fold_header(label), prop.name)
    if layer != ACCOUNTABILITY:
        people = "persons" if layer == CALLS_FOR_HELP else "participants"
        found |= dict.fromkeys(_PEOPLE.split(), people)
    whole = {fold_header(name): column for name, column in found.items()} | {name: name for name in known}
    return _cut_names(known) | whole


def _cut_names(known: frozenset[str]) -> dict[str, str]:
    """Names as Shapefiles cut them, where only one column can be meant."""
    cut = Counter(name[:_SHAPEFILE_NAME] for name in known)
    return {name[:_SHAPEFILE_NAME]: name for name in known if cut[name[:_SHAPEFILE_NAME]] == 1}
