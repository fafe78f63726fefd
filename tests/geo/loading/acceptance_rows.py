"""The acceptance table of loading, row by row: the example given, and what must be said of it.

Each entry is what a row of calls for help has beside `SOUND`; `words` must stand in the English message.
"""

from __future__ import annotations

from dataclasses import dataclass

SOUND: dict[str, str] = {
    "source_id": "sound",
    "starts_on": "2020-03-05",
    "title_en": "Workers ask for help with unpaid wages",
    "region": "440300",
    "sources": "A newspaper, 5 March 2020",
}
"""A call for help without fault."""


@dataclass(frozen=True)
class Example:
    """One row of the table."""

    code: str
    severity: str
    cells: dict[str, str]
    words: str


SHENZHEN = {"lon": "114.0579", "lat": "22.5431", "datum": "wgs84"}
"""Cells of a position in Shenzhen."""

CENTRE = ("113.95322", "22.64841")
"""The fixed point of Shenzhen in the installed boundaries."""


def point(lon: str, lat: str, **more: str) -> dict[str, str]:
    """Cells of a position in WGS 84."""
    return {"lon": lon, "lat": lat, "datum": "wgs84", **more}


def on(starts_on: str, **more: str) -> dict[str, str]:
    """Cells of a date."""
    return {"starts_on": starts_on, **more}


def said(text: str) -> dict[str, str]:
    """Cells of a description."""
    return {"description_zh_hans": text}


TEXTS = (
    Example("ENC_MOJIBAKE", "error", said("锟斤拷"), "锟斤拷"),
    Example("ENC_MOJIBAKE", "error", said("æ·±åœ³"), "Export the file again as UTF-8"),
    Example("ENC_MOJIBAKE", "error", said("ï¿½"), "damaged"),
    Example("ENC_MOJIBAKE", "error", said("a\ufffdb"), "damaged"),
    Example("TXT_CONTROL", "error", said("A\x00B"), "U+0000"),
    Example("TXT_BIDI", "error", said("factory\u202egnp.exe"), "U+202E"),
    Example("TXT_ZEROWIDTH", "warning", said("深\u200b圳"), "Zero-width"),
    Example("TXT_NFC", "note", {"persons": "１００"}, 'Read "１００" as 100'),
    Example("TXT_TOO_LONG", "error", {"title_en": "x" * 4000}, "4000 characters; the limit is 300"),
    Example("TXT_HOMOGLYPH", "warning", {"employers": "аpple"}, '"apple"'),
    Example("PLACE_IN_TEXT", "held", {"title_zh_hans": "梓潼县工人求助"}, "梓潼县"),
    Example("PII_NAME", "held", said("工人张伟在厂门口"), "private person"),
    Example("PII_ID", "error", said("身份证11010519491231002X"), "1101**********002X"),
    Example("PII_PHONE", "error", said("电话13800138000"), "mobile number"),
    Example("PII_PHONE", "error", said("+86 138-0013-8000"), "mobile number"),
    Example("PII_PHONE", "error", said("一三八零零一三八零零零"), "mobile number"),
    Example("PII_LANDLINE", "warning", said("0755-12345678"), "telephone"),
    Example("PII_BANK", "error", said("6222021234567890128"), "bank card"),
    Example("PII_WECHAT", "error", said("微信号: abc_12345"), "WeChat"),
    Example("PII_QQ", "error", said("QQ 123456789"), "QQ"),
    Example("PII_EMAIL", "error", said("a@b.cn"), "e-mail"),
    Example("PII_ADDRESS", "held", said("3栋502室"), "address"),
    Example("PII_PLATE", "warning", said("粤B12345"), "plate"),
)

IDS = (
    Example("ID_MISSING", "note", {"source_id": ""}, "known by its content"),
    Example("ID_NUMBER_LOST", "error", {"source_id": "4.40307E+17"}, "4.40307E+17"),
    Example("ID_DATEISED", "error", {"source_id": "Mar-24"}, "Mar-24"),
)

DATES = (
    *(Example("DATE_OK", "", on(day), "") for day in ("2024-03-05", "2024/3/5", "2024年3月5日", "20240305")),
    Example("DATE_MONTH", "note", on("2024-03"), "2024-03-01/2024-03-31, precision month"),
    Example("DATE_MONTH", "note", on("2024年3月"), "2024-03-01/2024-03-31"),
    Example("DATE_YEAR", "note", on("2024"), "2024-01-01/2024-12-31, precision year"),
    Example("DATE_APPROX", "warning", on("2024年3月初"), "2024-03-01/2024-03-10"),
    Example("DATE_APPROX", "warning", on("2024年3月上旬"), "2024-03-01/2024-03-10"),
    Example("DATE_APPROX", "warning", on("circa 2024-03"), "precision range; check"),
    Example("DATE_AMBIG", "error", on("05/06/2024"), "2024-06-05"),
    Example("DATE_SERIAL", "warning", on("45356"), "2024-03-05"),
    Example("DATE_NOYEAR", "error", on("3月5日"), "year is missing"),
    Example("DATE_IMPOSSIBLE", "error", on("2024-02-30"), "There is no 30 February 2024"),
    Example("DATE_FUTURE", "error", on("2027-01-01"), "future"),
    Example("DATE_OLD", "warning", on("1904-01-01"), "Before 2000"),
    Example("DATE_OLD", "warning", on("1900-01-00"), "Before 2000"),
    Example("DATE_ORDER", "error", on("2024-03-05", ends_on="2024-03-01"), "is before the first day"),
    Example("DATE_TZ", "warning", on("2024-03-05T23:30Z"), "Stored as 2024-03-06"),
    Example("DATE_CALENDAR", "error", on("民國113年3月5日"), "Did you mean 2024-03-05?"),
    Example("DATE_CALENDAR", "error", on("正月初五"), "Not a Gregorian date"),
)

PLACES = (
    Example("GEO_MISSING", "warning", {"lon": "", "lat": "", "region": "深圳市"}, "No coordinates"),
    Example("GEO_SWAPPED", "error", point("22.5431", "114.0579"), "Write lon 114.0579, lat 22.5431"),
    Example("GEO_ZERO", "error", point("0", "0"), "0,0"),
    Example("GEO_RANGE", "error", point("12.5", "122.5"), "between -90 and 90"),
    Example("GEO_NAN", "error", point("NaN", "22.5431"), "Not a number"),
    Example("GEO_NAN", "error", point("inf", "22.5431"), "Not a number"),
    Example("GEO_OUTSIDE", "error", point("12.5", "41.9"), "outside the area"),
    Example("GEO_SIGN", "error", point("-114.0579", "22.5431"), "without the minus sign it falls in 福田区"),
    Example("GEO_REGION", "error", point("114.0579", "22.5431", region="湖南省"), "湖南省"),
    Example("GEO_REGION_NEAR", "warning", point("114.1136", "22.5345", region="810000"), "in another datum"),
    Example("GEO_GCJ", "note", {"lon": "114.063014", "lat": "22.540383", "datum": "gcj02"}, "Converted from GCJ-02"),
    Example("GEO_BD", "note", {"lon": "114.069564", "lat": "22.546042", "datum": "bd09"}, "Converted from BD-09"),
    Example("GEO_CRS_UNKNOWN", "held", {"lon": "114.0579", "lat": "22.5431"}, "which datum"),
    Example("GEO_PROJECTED", "error", point("12697000", "2577000"), "look like metres"),
    Example("GEO_DMS", "note", {"coords": "22°32'35\"N 114°3'28\"E", "datum": "wgs84"}, "Read as 114.057778"),
    Example("GEO_DMS_BAD", "error", point("114°3'28\"", "22°75'00\""), "below 60"),
    Example("GEO_COMBINED", "note", {"coords": "22.5431, 114.0579", "datum": "wgs84"}, "lat 22.5431, lon 114.0579"),
    Example("GEO_COMMA", "warning", point("114,0579", "22,5431"), "114.0579"),
    Example("GEO_PRECISION", "warning", point("114.1", "22.6", location_precision="exact"), "set to prefecture"),
    Example("SENS_EXACT", "warning", point("114.0579", "22.5431", location_precision="exact"), "prefecture level"),
    Example("GEO_FALSE_EXACT", "warning", point(*CENTRE, location_precision="exact"), "centre of 深圳市"),
    Example("GEO_TYPE", "error", {"_geometry": "GEO_TYPE Polygon"}, "Polygon"),
    Example("GJ_CRS", "error", {"_geometry": "GJ_CRS EPSG:3857"}, "EPSG:3857"),
    Example("GEO_SRS", "error", {"_geometry": "GEO_SRS EPSG:3857"}, "EPSG:3857"),
    Example("GEO_WKB", "error", {"_geometry": "GEO_WKB"}, "cannot be read"),
)  # fmt: skip

TERMS = (
    Example("VOC_SUGGEST", "error", {"industry": "制造"}, "制造业 Manufacturing"),
    Example("VOC_UNKNOWN", "error", {"industry": "xyz"}, "not in the list"),
    Example("VOC_DEPRECATED", "warning", {"industry": "三产"}, '"三产" was replaced by 服务业'),
    Example("VOC_SPLIT", "note", {"issues": "欠薪；社保"}, "2 values"),
)

NUMBERS = (
    Example("NUM_RANGE", "note", {"persons": "约200人"}, "min 200"),
    Example("NUM_RANGE", "note", {"persons": "200多"}, "min 200"),
    Example("NUM_RANGE", "note", {"persons": "100-300"}, "100-300"),
    Example("NUM_BAD", "error", {"persons": "很多"}, "Not a number"),
    Example("NUM_NEG", "error", {"persons": "-5"}, "negative"),
    Example("NUM_BIG", "warning", {"persons": "1,000,000"}, "Unusually large"),
)

LINKS = (
    *(
        Example("URL_SCHEME", "error", {"legacy_url": link}, "Only http and https")
        for link in ("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "JaVaScRiPt:x", "//evil")
    ),
    Example("URL_SCHEME", "error", {"sources": "x java\nscript:alert(1)"}, "Only http and https"),
    Example("URL_HOST", "error", {"sources": "A paper https://a@evil.cn/x"}, "host"),
    Example("URL_HOST", "error", {"sources": "A paper https://ｗeibo.com/x"}, "host"),
    Example("URL_HOST", "error", {"sources": "A paper https://wеibo.com/x"}, "host"),
    Example("URL_BARE", "warning", {"sources": "weibo.com/x"}, '"https://" added'),
    Example("URL_TRACK", "warning", {"sources": "https://weibo.com/x?uid=7&id=2"}, "uid"),
    Example("URL_TRACK", "warning", {"sources": "https://weibo.com/x?share_token=ab"}, "share_token"),
    Example("URL_TRACK", "warning", {"sources": "https://weibo.com/x?q=13800138000"}, "q"),
    Example("SRC_MISSING", "warning", {"sources": ""}, "unsourced"),
)

MORE = (
    Example("BOOL_BAD", "error", {"already_public": "maybe"}, "Neither true nor false"),
    Example("CSV_RAGGED", "error", {}, "header has"),
    Example("CSV_QUOTE_ROW", "error", {}, "quotation mark"),
    Example("DATE_BAD", "error", on("last week"), "not a date"),
    Example("DATE_MISSING", "error", on(""), "missing"),
    Example("GEO_DATUM", "error", {"lon": "114.0579", "lat": "22.5431", "datum": "mars"}, "wgs84, gcj02 or bd09"),
    Example("GEO_HALF", "error", point("114.0579", ""), "both"),
    Example("ID_UNKNOWN", "error", {"source_id": "", "public_id": "H-2020-999999"}, "H-2020-999999"),
    Example("NUM_ORDER", "error", {"persons": "300-100"}, "above the maximum"),
    Example("PUBLIC_UNSOURCED", "error", {"already_public": "true", "sources": ""}, "Name the source"),
    Example("REGION_AMBIGUOUS", "error", {"region": "朝阳区"}, "110105"),
    Example("REGION_UNKNOWN", "error", {"region": "Atlantis"}, "No region"),
    Example("SOURCE_DIFFERS", "error", {"source_system": "other"}, "another data set"),
    Example("SOURCE_NAME", "error", {"source_system": "Bad Name!"}, "lower-case"),
    Example("TITLE_MISSING", "error", {"title_en": ""}, "no title"),
    Example("VOC_OTHER", "warning", {"issues": "xyz"}, "kept as written"),
)
"""Codes of rows that the table does not list."""

EXAMPLES = (*TEXTS, *IDS, *DATES, *PLACES, *TERMS, *NUMBERS, *LINKS, *MORE)
"""What one row of a file can show."""
