"""Finds what identifies a private person in text meant for the public, and masks it where it must be shown.

Nothing here proves that a text is free of personal data: it catches numbers and ids whose form can be checked.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

_PROVINCES: Final = frozenset(
    f"{tens}{units}"
    for tens, last in {1: 5, 2: 3, 3: 7, 4: 6, 5: 4, 6: 5, 7: 1, 8: 3}.items()
    for units in range(last + 1)
    if units or tens == 5  # noqa: PLR2004  (50 is Chongqing; no other ten begins at 0)
)
"""First two digits: 11 to 15, 21 to 23, 31 to 37, 41 to 46, 50 to 54, 61 to 65, 71, 81 to 83."""
_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS: Final = "10X98765432"
_OLDEST_BIRTH_YEAR: Final = 1900

_HINT: Final = re.compile(r"[0-9０-９@信]")
_WORD_HINT: Final = re.compile(
    r"[一二三四五六七八九〇零幺][一二三四五六七八九〇零幺][一二三四五六七八九〇零幺]|加[vVＶ]|WeChat"
)
_SUSPECT: Final = re.compile(r"\d[\d\s-]{9}|[@信]|[qQ]{2}|\d\s*(?:栋|幢|座|号楼|单元)|[一-龥][A-HJ-NP-Z]")
"""Whether the closer and dearer looks below are worth while: the first two are cheap, and most texts have neither."""

_ID: Final = re.compile(r"(?<!\d)(?:\d[\s-]?){17}[\dXx](?![\dA-Za-z])")
_PHONE: Final = re.compile(r"(?<![\d.])(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?![\d])")
_PHONE_IN_WORDS: Final = re.compile(
    r"(?<![一二三四五六七八九〇零幺])[一幺][三四五六七八九][一二三四五六七八九〇零幺]{9}(?![一二三四五六七八九〇零幺])"
)
_LANDLINE: Final = re.compile(r"(?<!\d)0\d{2,3}[-\s]\d{7,8}(?!\d)")
_BANK: Final = re.compile(r"(?<!\d)62(?:[\s-]?\d){14,17}(?!\d)")
_WECHAT: Final = re.compile(
    r"(?:微信号?|[vVＶ]信号?|加[vVＶ]|WeChat(?: ID)?)\s*[:：是为]\s*[A-Za-z][\w-]{5,19}"
    r"|(?:加[vVＶ]|[vVＶ]信)\s*[A-Za-z][\w-]{5,19}"
)
_QQ: Final = re.compile(r"(?<![A-Za-z])[qQ]{2}(?:群|号|\s)*[:：]?\s*[1-9]\d{4,10}(?!\d)")
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ADDRESS: Final = re.compile(r"\d+\s*(?:栋|幢|座|号楼|单元)\s*\d+\s*(?:室|号房|房)")
_PLATE: Final = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·\s]?(?=[A-HJ-NP-Z0-9]*\d)[A-HJ-NP-Z0-9]{5,6}(?![A-Za-z0-9])"
)
_NAME: Final = re.compile(
    r"(?:工人|农民工|员工|职工|工友|师傅|司机|骑手|女工|民工)(?P<name>[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘袁董余苏叶吕魏蒋田杜沈姜范傅钟卢汪戴崔任廖姚谭邱贾邹熊孟秦阎薛侯雷][一-龥]{1,2}?)"
    r"(?=[，。、；：,;:\s（(]|$|在|被|向|因|称|说|表示|反映|投诉|求助|讨薪)"
    r"|\b(?:Mr|Mrs|Ms|Miss)\.? (?P<english>[A-Z][a-z]+(?: [A-Z][a-z]+)?)"
)
_ANONYMOUS: Final = re.compile(r"[某]")


def find_personal_data(text: str) -> Iterator[tuple[str, str]]:
    """Yield (message code, text found) for each kind of personal number, id or address in `text`."""
    if not (_HINT.search(text) and _SUSPECT.search(text)) and (text.isascii() or not _WORD_HINT.search(text)):
        return
    identity = next((found for found in _ID.finditer(text) if is_identity_number(found[0])), None)
    if identity:
        yield "PII_ID", identity[0]
    for code, pattern in _PATTERNS:
        for found in pattern.finditer(text):
            if identity and found.start() >= identity.start() and found.end() <= identity.end():
                continue
            if code != "PII_BANK" or _passes_luhn(found[0]):
                yield code, found[0]
                break


_PATTERNS: Final = (
    ("PII_PHONE", _PHONE),
    ("PII_PHONE", _PHONE_IN_WORDS),
    ("PII_LANDLINE", _LANDLINE),
    ("PII_BANK", _BANK),
    ("PII_WECHAT", _WECHAT),
    ("PII_QQ", _QQ),
    ("PII_EMAIL", _EMAIL),
    ("PII_ADDRESS", _ADDRESS),
    ("PII_PLATE", _PLATE),
)


def find_name(text: str) -> str | None:
    """Return what looks like a private person's name beside a word for a worker; 张某 and 某 are fine."""
    for found in _NAME.finditer(text):
        name = found["name"] or found["english"]
        if not _ANONYMOUS.search(name):
            return name
    return None


def is_identity_number(text: str) -> bool:
    """Tell whether 18 signs are a resident identity number: province code, birth date and checksum, all three.

    The checksum alone (GB 11643, ISO 7064 MOD 11-2) is passed by one random number in eleven.
    """
    signs = re.sub(r"[\s-]", "", text).upper()
    digits = [int(sign) for sign in signs[:17]]
    number = "".join(str(digit) for digit in digits)
    if number[:2] not in _PROVINCES or not _is_birth_date(number[6:14]):
        return False
    check = _ID_CHECKS[sum(weight * digit for weight, digit in zip(_ID_WEIGHTS, digits, strict=True)) % 11]
    last = signs[17]
    return check == (last if last == "X" else str(int(last)))


def mask_personal_data(text: str) -> str:
    """Mask identity numbers as 1101**********002X, and other long numbers, ids and addresses by their ends."""
    masked = _ID.sub(lambda found: found[0][:4] + "*" * (len(found[0]) - 8) + found[0][-4:], text)
    for pattern in (_BANK, _PHONE, _PHONE_IN_WORDS, _LANDLINE, _WECHAT, _QQ, _EMAIL):
        masked = pattern.sub(lambda found: found[0][:3] + "*" * (len(found[0]) - 5) + found[0][-2:], masked)
    return masked


def _is_birth_date(digits: str) -> bool:
    try:
        born = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return born.year >= _OLDEST_BIRTH_YEAR


def _passes_luhn(text: str) -> bool:
    digits = [int(sign) for sign in text if sign.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
