"""The spine: what each layer is and which properties its records have.

Queryables, filters, sort keys, template columns, export columns, the card's fields, the codebook and the OpenAPI
document are all read from here. A new property is one line in `PROPERTIES`, its columns in one migration, and its
label in three scripts (here).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

STRIKES = "strikes"
ACCIDENTS = "accidents"
CALLS_FOR_HELP = "calls_for_help"
ACCOUNTABILITY = "accountability"
INCIDENTS = (STRIKES, ACCIDENTS, CALLS_FOR_HELP)
RECORDS = (*INCIDENTS, ACCOUNTABILITY)


class Kind(StrEnum):
    """How a property's value is stored, filtered and shown."""

    TEXT = "text"  # one line or paragraph of text
    TEXTS = "texts"  # list of texts
    CODE = "code"  # one term of a vocabulary
    CODES = "codes"  # list of terms of a vocabulary
    DATE = "date"  # ISO 8601 day
    INTEGER = "integer"
    MINIMUM = "minimum"  # integer; the filter of that name asks for "at least"
    MAXIMUM = "maximum"  # integer; the filter of that name asks for "at most"
    AMOUNT = "amount"  # decimal, yuan
    BOOLEAN = "boolean"
    REGION = "region"  # one region code
    REGIONS = "regions"  # list of region codes
    OBJECTS = "objects"  # list of JSON objects; never filterable
    IDS = "ids"  # list of public ids


@dataclass(frozen=True)
class Chart:
    """That the page draws a property's values as bars: its place among the charts, and whether the bars stay in order.

    Bars are otherwise longest first; those of sizes stay in the order of their vocabulary.
    """

    place: int
    in_order: bool = False


@dataclass(frozen=True, kw_only=True)
class Labels:
    """One label in the three scripts the pages speak."""

    en: str
    zh_hans: str
    zh_hant: str


@dataclass(frozen=True, kw_only=True)
class Property:
    """One property of the records of some layers.

    `vocabulary` names the file in `geo/vocabularies`. `filterable` properties are columns of `published.feature`;
    `loaded` ones are columns of the templates; `sortable` and `in_tiles` are asked by sortby and by tiles; those with
    a `chart` are drawn as bars. Records of the layers `found_by` do not show it, but its filter finds them: incidents by
    the public cases about them, cases by their public incidents.
    """

    name: str
    kind: Kind
    layers: tuple[str, ...]
    labels: Labels
    vocabulary: str | None = None
    filterable: bool = True
    sortable: bool = False
    in_tiles: bool = False
    loaded: bool = True
    chart: Chart | None = None
    found_by: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One of the four maps. `letter` begins its public ids; `shape` and the name go with its colour everywhere."""

    id: str
    letter: str
    shape: str
    labels: Labels
    short: Labels


def _p(  # noqa: PLR0913  (a declaration: one line a property reads best)
    name: str,
    kind: Kind,
    layers: tuple[str, ...],
    labels: tuple[str, str, str],
    vocabulary: str | None = None,
    *,
    filterable: bool = True,
    sortable: bool = False,
    in_tiles: bool = False,
    loaded: bool = True,
    chart: Chart | None = None,
    found_by: tuple[str, ...] = (),
) -> Property:
    en, zh_hans, zh_hant = labels
    return Property(
        name=name,
        kind=kind,
        layers=layers,
        labels=Labels(en=en, zh_hans=zh_hans, zh_hant=zh_hant),
        vocabulary=vocabulary,
        filterable=filterable,
        sortable=sortable,
        in_tiles=in_tiles,
        loaded=loaded,
        chart=chart,
        found_by=found_by,
    )


_S, _A, _H, _U = (STRIKES,), (ACCIDENTS,), (CALLS_FOR_HELP,), (ACCOUNTABILITY,)
_HU = (CALLS_FOR_HELP, ACCOUNTABILITY)

# ruff: noqa: E501  (one line a property reads best)
# fmt: off
PROPERTIES: tuple[Property, ...] = (
    _p("layer", Kind.CODE, RECORDS, ("Layer", "图层", "圖層"), "layer", in_tiles=True, loaded=False),
    _p("title_en", Kind.TEXT, RECORDS, ("Title (English)", "标题（英文）", "標題（英文）"), filterable=False),
    _p("title_zh_hans", Kind.TEXT, RECORDS, ("Title (Chinese)", "标题（中文）", "標題（中文）"), filterable=False),
    _p("description_en", Kind.TEXT, INCIDENTS, ("Description (English)", "描述（英文）", "描述（英文）"), filterable=False),
    _p("description_zh_hans", Kind.TEXT, INCIDENTS, ("Description (Chinese)", "描述（中文）", "描述（中文）"), filterable=False),
    _p("summary_en", Kind.TEXT, _U, ("Summary (English)", "摘要（英文）", "摘要（英文）"), filterable=False),
    _p("summary_zh_hans", Kind.TEXT, _U, ("Summary (Chinese)", "摘要（中文）", "摘要（中文）"), filterable=False),
    _p("starts_on", Kind.DATE, RECORDS, ("First day", "开始日期", "開始日期"), sortable=True, in_tiles=True),
    _p("ends_on", Kind.DATE, RECORDS, ("Last day", "结束日期", "結束日期")),
    _p("date_precision", Kind.CODE, RECORDS, ("Date known to", "日期精度", "日期精度"), "date_precision"),
    _p("place_text_en", Kind.TEXT, INCIDENTS, ("Place as reported (English)", "地点原文（英文）", "地點原文（英文）"), filterable=False),
    _p("place_text_zh_hans", Kind.TEXT, INCIDENTS, ("Place as reported (Chinese)", "地点原文（中文）", "地點原文（中文）"), filterable=False),
    _p("province", Kind.REGION, RECORDS, ("Province", "省级地区", "省級地區"), in_tiles=True, loaded=False),
    _p("prefecture", Kind.REGION, RECORDS, ("Prefecture", "地级地区", "地級地區"), in_tiles=True, loaded=False),
    _p("county", Kind.REGION, RECORDS, ("County", "县级地区", "縣級地區"), in_tiles=True, loaded=False),
    _p("regions", Kind.REGIONS, RECORDS, ("Regions", "地区", "地區"), loaded=False),
    _p("location_precision", Kind.CODE, RECORDS, ("Place shown to", "位置精度", "位置精度"), "location_precision", in_tiles=True),
    _p("uncertainty_m", Kind.INTEGER, RECORDS, ("Uncertainty (metres)", "位置误差（米）", "位置誤差（米）"), loaded=False),
    _p("coarsened", Kind.BOOLEAN, RECORDS, ("Place coarsened to protect people", "为保护当事人已模糊位置", "為保護當事人已模糊位置"), loaded=False),
    _p("industry", Kind.CODE, INCIDENTS, ("Industry", "行业", "行業"), "industry", in_tiles=True, chart=Chart(1), found_by=_U),
    _p("sub_industry", Kind.CODE, INCIDENTS, ("Sub-industry", "细分行业", "細分行業"), "sub_industry"),
    _p("employers", Kind.TEXTS, INCIDENTS, ("Employers", "雇主", "僱主")),
    _p("ownership", Kind.CODE, INCIDENTS, ("Ownership", "所有制", "所有制"), "ownership", in_tiles=True, chart=Chart(4)),
    _p("worker_groups", Kind.CODES, INCIDENTS, ("Worker groups", "职工群体", "職工群體"), "worker_group", chart=Chart(6)),
    _p("participants", Kind.CODE, INCIDENTS, ("Participants", "参与人数", "參與人數"), "participants", in_tiles=True, loaded=False, chart=Chart(5, in_order=True)),
    _p("participants_min", Kind.MINIMUM, INCIDENTS, ("Participants, at least", "参与人数下限", "參與人數下限"), sortable=True),
    _p("participants_max", Kind.MAXIMUM, INCIDENTS, ("Participants, at most", "参与人数上限", "參與人數上限")),
    _p("actions", Kind.CODES, _S, ("Actions", "行动方式", "行動方式"), "action", chart=Chart(3)),
    _p("actions_other", Kind.TEXTS, _S, ("Actions, other", "其他行动", "其他行動"), filterable=False, loaded=False),
    _p("demands", Kind.CODES, _S, ("Demands", "诉求", "訴求"), "demand", chart=Chart(2)),
    _p("demands_other", Kind.TEXTS, _S, ("Demands, other", "其他诉求", "其他訴求"), filterable=False, loaded=False),
    _p("responses", Kind.CODES, _S, ("Responses", "各方回应", "各方回應"), "response"),
    _p("responses_other", Kind.TEXTS, _S, ("Responses, other", "其他回应", "其他回應"), filterable=False, loaded=False),
    _p("accident_types", Kind.CODES, _A, ("Accident types", "事故类型", "事故類型"), "accident_type", chart=Chart(7)),
    _p("accident_types_other", Kind.TEXTS, _A, ("Accident types, other", "其他事故类型", "其他事故類型"), filterable=False, loaded=False),
    _p("deaths", Kind.INTEGER, _A, ("Deaths", "死亡人数", "死亡人數"), sortable=True),
    _p("injuries", Kind.INTEGER, _A, ("Injuries", "受伤人数", "受傷人數")),
    _p("missing", Kind.INTEGER, _A, ("Missing", "失踪人数", "失蹤人數")),
    _p("severity", Kind.CODE, _A, ("Severity, by deaths", "事故等级（按死亡人数）", "事故等級（按死亡人數）"), "accident_severity", loaded=False, chart=Chart(8, in_order=True)),
    _p("issues", Kind.CODES, _H, ("Issues", "求助事由", "求助事由"), "help_issue", chart=Chart(9)),
    _p("issues_other", Kind.TEXTS, _H, ("Issues, other", "其他事由", "其他事由"), filterable=False, loaded=False),
    _p("channels", Kind.CODES, _H, ("Channels tried", "求助渠道", "求助渠道"), "channel"),
    _p("channel_results", Kind.TEXTS, _H, ("Result of each channel", "各渠道结果", "各渠道結果"), "channel_result", filterable=False, loaded=False),
    _p("persons_min", Kind.MINIMUM, _H, ("Persons, at least", "人数下限", "人數下限"), sortable=True),
    _p("persons_max", Kind.MAXIMUM, _H, ("Persons, at most", "人数上限", "人數上限")),
    _p("amount_claimed_cny", Kind.AMOUNT, _H, ("Amount claimed (yuan)", "索赔金额（元）", "索賠金額（元）")),
    _p("amount_recovered_cny", Kind.AMOUNT, _HU, ("Amount recovered (yuan)", "追回金额（元）", "追回金額（元）")),
    _p("outcome", Kind.CODE, _HU, ("Outcome", "结果", "結果"), "outcome", chart=Chart(10), found_by=(STRIKES, ACCIDENTS)),
    _p("outcome_on", Kind.DATE, _U, ("Outcome known on", "结果日期", "結果日期")),
    _p("awareness", Kind.CODE, _U, ("Did the union know?", "工会是否知情", "工會是否知情"), "awareness", loaded=False, chart=Chart(11), found_by=INCIDENTS),
    _p("involvement", Kind.CODE, _U, ("Did the union act?", "工会是否介入", "工會是否介入"), "involvement", loaded=False, chart=Chart(12), found_by=INCIDENTS),
    _p("involvement_timing", Kind.CODE, _U, ("When it acted", "介入时间", "介入時間"), "involvement_timing", loaded=False, found_by=INCIDENTS),
    _p("excuses", Kind.CODES, _U, ("Excuses given", "推诿理由", "推諉理由"), "excuse", loaded=False, chart=Chart(13), found_by=INCIDENTS),
    _p("union_levels", Kind.CODES, _U, ("Union levels", "工会层级", "工會層級"), "union_level", loaded=False, found_by=INCIDENTS),
    _p("departments", Kind.CODES, _U, ("Union departments", "工会部门", "工會部門"), "union_department", loaded=False, found_by=INCIDENTS),
    _p("contacts", Kind.OBJECTS, _U, ("Unions contacted", "联络的工会", "聯絡的工會"), filterable=False, loaded=False),
    _p("incidents", Kind.IDS, _U, ("Incidents", "相关事件", "相關事件"), filterable=False, loaded=False),
    _p("cases", Kind.IDS, INCIDENTS, ("Accountability cases", "问责个案", "問責個案"), filterable=False, loaded=False),
    _p("has_case", Kind.BOOLEAN, (), ("Has an accountability case", "有问责个案", "有問責個案"), loaded=False, found_by=INCIDENTS),
    _p("verification", Kind.CODE, INCIDENTS, ("Verification", "核实程度", "核實程度"), "verification"),
    _p("sources", Kind.OBJECTS, RECORDS, ("Sources", "来源", "來源"), filterable=False),
    _p("source_system", Kind.TEXT, RECORDS, ("Data set", "数据来源集", "資料來源集")),
    _p("legacy_id", Kind.TEXT, RECORDS, ("CLB event id", "中国劳工通讯事件编号", "中國勞工通訊事件編號"), loaded=False),
    _p("legacy_url", Kind.TEXT, RECORDS, ("CLB link", "中国劳工通讯链接", "中國勞工通訊連結"), filterable=False),
    _p("updated_on", Kind.DATE, RECORDS, ("Updated", "更新日期", "更新日期"), sortable=True, loaded=False),
)
# fmt: on

LAYERS: dict[str, Layer] = {
    layer.id: layer
    for layer in (
        Layer(
            id=STRIKES,
            letter="S",
            shape="circle",
            labels=Labels(en="Strikes & protests", zh_hans="罢工与抗议", zh_hant="罷工與抗議"),
            short=Labels(en="Strikes", zh_hans="罢工", zh_hant="罷工"),
        ),
        Layer(
            id=ACCIDENTS,
            letter="A",
            shape="triangle",
            labels=Labels(en="Workplace accidents", zh_hans="工作场所事故", zh_hant="工作場所事故"),
            short=Labels(en="Accidents", zh_hans="事故", zh_hant="事故"),
        ),
        Layer(
            id=CALLS_FOR_HELP,
            letter="H",
            shape="square",
            labels=Labels(en="Calls for help", zh_hans="工人求助", zh_hant="工人求助"),
            short=Labels(en="Help", zh_hans="求助", zh_hant="求助"),
        ),
        Layer(
            id=ACCOUNTABILITY,
            letter="U",
            shape="diamond",
            labels=Labels(en="Union accountability", zh_hans="工会问责", zh_hant="工會問責"),
            short=Labels(en="Union", zh_hans="工会", zh_hant="工會"),
        ),
    )
}

COLLECTIONS: dict[str, tuple[str, ...]] = {
    **{layer: (layer,) for layer in RECORDS},
    "incidents": INCIDENTS,
    "records": RECORDS,
}
"""Collections that hold records, and the layers in each. `incidents` is what totals and headlines count."""


def properties_of(*layers: str) -> tuple[Property, ...]:
    """Return the public properties that records of any of `layers` have, in the order they are shown."""
    return tuple(prop for prop in PROPERTIES if set(prop.layers) & set(layers))


def filterable_by(*layers: str) -> tuple[Property, ...]:
    """Return the properties whose filters find records of any of `layers`, in the order they are shown."""
    wanted = set(layers)
    return tuple(prop for prop in PROPERTIES if prop.filterable and {*prop.layers, *prop.found_by} & wanted)
