"""What an error says, in the language of the page: the loader's codes have texts, the others speak English."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from geo.errors import Conflict, FileRefused
from geo.loading.messages import Message, Problem, catalogue
from web.batch_words import name_fields
from web.translations import is_chinese


@dataclass(frozen=True)
class Said:
    """A text with the language that it is in, and its code where it has one."""

    text: str
    lang: str
    code: str | None = None


def say_error(request: Request, error: Exception) -> Said:
    """Say what an error says."""
    pages = request.app.state.pages
    language = pages.read_language(request)
    if isinstance(error, (Conflict, FileRefused)) and error.code in catalogue():
        chinese = is_chinese(language)
        text = Message(Problem(error.code, error.facts)).render("zh_hans" if chinese else "en")
        text = name_fields(pages.site.texts[language], text)
        return Said(text, "zh-Hans" if chinese else "en", error.code)
    return Said(str(error), "en")


def say_text(request: Request, text: str) -> Said:
    """Wrap a text of the page itself."""
    return Said(text, request.app.state.pages.read_language(request))
