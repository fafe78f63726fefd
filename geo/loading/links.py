"""Reads one link: http or https, to a host written plainly, without what identifies the person who copied it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import SplitResult, unquote_plus, urlsplit, urlunsplit

from geo.loading.messages import Problem
from geo.loading.personal_data import find_personal_data
from geo.lookalikes import find_lookalike

LinkAnswer = tuple[str | None, tuple[Problem, ...]]

_LINK: Final = re.compile(r"https?://[^\s/\\]+\S*", re.IGNORECASE)
_OTHER_SCHEME: Final = re.compile(r"(?:javascript|data|file|vbscript|ftp|blob|about):\S", re.IGNORECASE)
_BARE: Final = re.compile(
    r"(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|cn|org|net|hk|tw|gov|edu|info|io)(?:/\S*)?", re.IGNORECASE
)
_PERSONAL: Final = frozenset(
    {
        *("uid", "userid", "user_id", "shareuid", "share_uid", "from_uid", "openid", "unionid", "wxid", "union_id"),
        *("share_token", "sharetoken", "share_id", "shareid", "share_user", "token", "access_token", "sessionid"),
        *("phone", "mobile", "tel", "device_id", "did", "iid", "deviceid", "fbclid", "gclid", "igshid", "spm"),
        *("buvid", "vd_source", "share_source", "share_medium", "share_session_id", "sharer_shareid", "sharerid"),
    }
)
"""Names of parameters that say who shared a link, on which device, in which session."""
_CAMPAIGN: Final = "utm_"


_USUAL: Final = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[A-Za-z0-9._~/-]*)?")
"""A link without port, query or anything else that must be looked at: what most are, read at once."""
_OTHER_BEGINS: Final = "jdfvbaJDFVBA"


def looks_like_link(text: str) -> bool:
    """Whether a text begins as an http or https link does."""
    return _LINK.fullmatch(text) is not None


def has_other_scheme(text: str) -> bool:
    """Whether a text is a link that a browser would run or open, and that is none to a page."""
    if text[:1].isalnum() and text[0] not in _OTHER_BEGINS:
        return False
    return _OTHER_SCHEME.match(re.sub(r"[\s\x00-\x1f]", "", text)) is not None


def read_bare_link(text: str) -> LinkAnswer:
    """Read an address without a scheme; None and nothing said where it is no address."""
    if not _BARE.fullmatch(text):
        return None, ()
    link, problems = read_link(f"https://{text}")
    return link, (Problem("URL_BARE"), *problems)


def read_link(text: str) -> LinkAnswer:
    """Read a link; None where it is none that may be shown, with the reason."""
    if _USUAL.fullmatch(text):
        return text, ()
    if not _LINK.fullmatch(text):
        return None, (Problem("URL_SCHEME"),)
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        parts.port  # noqa: B018  (a port that is no number is found out by asking)
    except ValueError:
        return None, (Problem("URL_HOST"),)
    if "@" in parts.netloc or not _is_plain(host):
        return None, (Problem("URL_HOST"),)
    return _drop_personal(text, parts)


def _is_plain(host: str) -> bool:
    """Whether a host reads as what it is: no full-width signs, no letters that only look like others."""
    if not host or host.isascii():
        return bool(host)
    return unicodedata.normalize("NFKC", host) == host and find_lookalike(host) is None


def _drop_personal(text: str, parts: SplitResult) -> LinkAnswer:
    if not parts.query:
        return text, ()
    pairs = parts.query.split("&")
    kept = [pair for pair in pairs if not _is_personal(pair)]
    if len(kept) == len(pairs):
        return text, ()
    dropped = ", ".join(pair.partition("=")[0] for pair in pairs if _is_personal(pair))
    return urlunsplit(parts._replace(query="&".join(kept))), (Problem("URL_TRACK", {"dropped": dropped}),)


def _is_personal(pair: str) -> bool:
    name, _, value = pair.partition("=")
    folded = name.casefold()
    if folded in _PERSONAL or folded.startswith(_CAMPAIGN):
        return True
    return any(code in {"PII_PHONE", "PII_ID"} for code, _ in find_personal_data(unquote_plus(value)))
