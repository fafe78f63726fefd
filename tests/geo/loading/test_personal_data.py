"""What identifies a private person is found, and masked wherever it is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.loading.messages import redact
from geo.loading.personal_data import find_name, find_personal_data, is_identity_number, mask_personal_data

IDENTITY = "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"身份证{IDENTITY}", "PII_ID"),
        ("call 13800138000", "PII_PHONE"),
        ("+86 138-0013-8000", "PII_PHONE"),
        ("电话一三八零零一三八零零零", "PII_PHONE"),
        ("tel 0755-12345678", "PII_LANDLINE"),
        ("card 6222020200112230004", "PII_BANK"),
        ("微信号: abc_12345", "PII_WECHAT"),
        ("加V worker2020", "PII_WECHAT"),
        ("QQ 123456789", "PII_QQ"),
        ("QQ群：12345678", "PII_QQ"),
        ("mail a.b@example.cn please", "PII_EMAIL"),
        ("住3栋502室", "PII_ADDRESS"),
        ("车牌粤B12345", "PII_PLATE"),
    ],
)
def test_personal_data_is_found(text: str, code: str) -> None:
    """Each kind by its form."""
    assert code in {found for found, _ in find_personal_data(text)}


@pytest.mark.parametrize(
    "text",
    [
        "2020101312203872956",  # an event id of CLB
        "110105194912310021",  # wrong checksum
        "990105194912310023",  # the checksum is right, there is no such province
        "owed 40,800 and 21,000 yuan",
        "1,380,013 workers in 2020-2021",
        "12345 hotline",
        "微信群里的工人",
        "三五成群",
        "Route #320",
        "4403061234567890",  # a number of 16 digits that is no card
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    """Three tests make a random number of 18 digits a false alarm once in 65,000."""
    assert list(find_personal_data(text)) == []


def test_an_identity_number_passes_three_tests() -> None:
    """Province, birth date, checksum."""
    assert is_identity_number(IDENTITY)
    assert not is_identity_number("990105194912310023")
    assert not is_identity_number("110105194913310021")


@pytest.mark.parametrize(("text", "name"), [("工人张伟，被拖欠工资", "张伟"), ("Mr. Zhang Wei said", "Zhang Wei")])
def test_a_name_beside_a_worker_is_found(text: str, name: str) -> None:
    """A surname and one or two more signs after a word for a worker."""
    assert find_name(text) == name


@pytest.mark.parametrize("text", ["工人张某被拖欠工资", "工人高空坠落", "工人在深圳讨薪", "司机王某某说"])
def test_anonymous_people_are_fine(text: str) -> None:
    """张某 names nobody."""
    assert find_name(text) is None


def test_a_value_is_masked_in_messages() -> None:
    """Only the ends are shown."""
    assert mask_personal_data(f"id {IDENTITY}.") == "id 1101**********002X."
    assert "13800138000" not in redact("call 13800138000 or +86 138-0013-8000")


def test_a_value_is_shown_in_one_short_line() -> None:
    """Control signs are named, and length is cut."""
    assert redact("a\nb\u202ec") == "a b\\u202ec"
    assert len(redact("x" * 500)) == 100


@given(st.text(max_size=80))
def test_a_masked_text_holds_no_identity_number(text: str) -> None:
    """Wherever the number stands in a text."""
    masked = mask_personal_data(f"{text} {IDENTITY} {text}")
    assert IDENTITY not in masked
