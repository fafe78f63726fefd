"""Words for made incidents: who, what and where in two languages, as long as reporters write them.

The Chinese texts hold the words people search for (讨薪, 罢工, 出租), some in every third record and some in few.
"""

from __future__ import annotations

from dataclasses import dataclass

FIRST_NAMES = (
    *(("宏达", "Hongda"), ("鑫源", "Xinyuan"), ("恒通", "Hengtong"), ("金龙", "Jinlong"), ("华盛", "Huasheng")),
    *(("永兴", "Yongxing"), ("瑞丰", "Ruifeng"), ("嘉禾", "Jiahe"), ("东方", "Dongfang"), ("万顺", "Wanshun")),
    *(
        ("中天", "Zhongtian"),
        ("泰和", "Taihe"),
        ("新世纪", "New Century"),
        ("长城", "Changcheng"),
        ("盛世", "Shengshi"),
    ),
    *(("联合", "Lianhe"), ("光明", "Guangming"), ("富力", "Fuli"), ("凯旋", "Kaixuan"), ("顺达", "Shunda")),
)
"""First parts of the names of employers, in Chinese and in English."""


@dataclass(frozen=True, kw_only=True)
class Trade:
    """How an industry is spoken of: its employers and its workers, in Chinese and in English."""

    employer: tuple[str, str]
    workers: tuple[str, str]
    group: str | None = None


TRADES: dict[str, Trade] = {
    "construction": Trade(
        employer=("建筑工程公司", "Construction Engineering"),
        workers=("农民工", "migrant construction workers"),
        group="construction_migrant",
    ),
    "manufacturing": Trade(employer=("电子厂", "Electronics Factory"), workers=("工人", "factory workers")),
    "transport": Trade(
        employer=("出租车公司", "Taxi Company"), workers=("出租车司机", "taxi drivers"), group="taxi_driver"
    ),
    "services": Trade(
        employer=("环卫服务公司", "Sanitation Services"),
        workers=("环卫工", "street cleaners"),
        group="sanitation_worker",
    ),
    "education": Trade(
        employer=("培训学校", "Training School"), workers=("代课教师", "supply teachers"), group="teacher"
    ),
    "mining": Trade(employer=("煤业集团", "Coal Group"), workers=("矿工", "miners")),
    "retail": Trade(employer=("百货商场", "Department Store"), workers=("店员", "shop assistants")),
    "agriculture": Trade(employer=("农场", "State Farm"), workers=("农场职工", "farm workers")),
    "public": Trade(employer=("事业单位", "Public Institution"), workers=("合同工", "contract staff")),
    "energy": Trade(employer=("热力公司", "Heating Company"), workers=("职工", "heating workers")),
    "other": Trade(employer=("公司", "Company"), workers=("员工", "employees")),
}

GRIEVANCES: dict[str, tuple[str, str]] = {
    "wage_arrears": ("讨薪", "wages that had not been paid for several months"),
    "pay_increase": ("要求加薪", "a pay increase"),
    "compensation": ("要求经济补偿", "compensation after the plant was sold"),
    "relocation_closure": ("抗议搬迁", "severance pay before the factory moves away"),
    "layoffs": ("抗议裁员", "an end to layoffs without notice"),
    "social_insurance": ("追讨社保", "social insurance contributions in arrears"),
    "pension": ("要求养老金", "pensions promised when the enterprise was restructured"),
    "fees": ("抗议份子钱", "lower rents and fees for their vehicles"),
    "work_injury": ("要求工伤赔偿", "treatment and compensation for a work injury"),
    "contract": ("要求签合同", "written labour contracts"),
}
"""Demands with a wording of their own; any other is called by `OTHER_GRIEVANCE`."""
OTHER_GRIEVANCE = ("维权", "better treatment from the management")

PROTESTS: dict[str, tuple[str, str]] = {
    "strike": ("罢工", "went on strike"),
    "transport_strike": ("停运", "stopped their vehicles"),
    "protest": ("示威", "demonstrated"),
    "sit_in": ("静坐", "held a sit-in"),
    "block_road": ("堵路", "blocked a road"),
    "banner": ("拉横幅", "held up banners"),
    "petition": ("上访", "petitioned the government"),
}
OTHER_PROTEST = ("聚集", "gathered")

CAUSES: dict[str, tuple[str, str]] = {
    "fall_height": ("高处坠落", "fell from scaffolding"),
    "struck_object": ("物体打击", "were struck by a falling load"),
    "vehicle": ("车祸", "were hit by a vehicle in the yard"),
    "machinery": ("机械伤害", "were caught in a machine"),
    "electrocution": ("触电", "were electrocuted during repairs"),
    "fire": ("火灾", "were trapped when a fire broke out"),
    "collapse": ("坍塌", "were buried when a wall collapsed"),
    "gas_explosion": ("瓦斯爆炸", "were killed or hurt by a gas explosion"),
    "poison_asphyxia": ("窒息中毒", "were overcome by fumes in a pit"),
    "heatstroke": ("中暑", "collapsed in the heat"),
}
OTHER_CAUSE = ("意外", "were hurt in an accident")

ENDINGS: tuple[tuple[str, str], ...] = (
    ("当地政府表示正在调查处理。", "The local government said that it was looking into the matter."),
    ("警方到场维持秩序，有人被带走。", "Police came to keep order and several people were taken away."),
    ("公司负责人未作回应。", "The management did not respond to questions."),
    ("劳动监察部门已介入调解。", "The labour inspectorate has begun to mediate."),
    ("工人表示将继续维权，直到问题解决。", "They said that they would go on until the problem was solved."),
    ("", ""),
)

PUBLISHERS = ("南方都市报", "新京报", "Weibo", "澎湃新闻", "华商报", "齐鲁晚报", "Caixin")


def employer_name(first: int, trade: Trade, town: tuple[str, str]) -> tuple[str, str]:
    """Return the name of an employer in Chinese and in English: the town, a first name, what it does."""
    chinese, english = FIRST_NAMES[first]
    return f"{town[0]}{chinese}{trade.employer[0]}", f"{town[1]} {english} {trade.employer[1]}"
