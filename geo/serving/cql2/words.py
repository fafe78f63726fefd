"""The words of one filter, taken one by one, with its reference system and what it has used of its limits."""

from __future__ import annotations

from geo.serving.cql2.limits import Budget, make_number
from geo.serving.cql2.tokens import END, NAME, NUMBER, SIGN, TEXT, Token
from geo.serving.crs import Crs
from geo.serving.parameters import BadValue


class Words:
    """The words of one filter, taken one by one, and what it has used of its limits."""

    def __init__(self, tokens: list[Token], crs: Crs) -> None:
        self._tokens = tokens
        self._place = 0
        self.crs = crs
        self.budget = Budget()

    @property
    def here(self) -> Token:
        """The next word."""
        return self._tokens[self._place]

    def take(self) -> Token:
        """Take the next word."""
        token = self.here
        self._place = min(self._place + 1, len(self._tokens) - 1)
        return token

    def is_next(self, *words: str) -> bool:
        """Say whether the next word is one of these keywords or signs."""
        return self.here.kind in {NAME, SIGN} and self.here.text.upper() in words

    def take_if(self, word: str) -> bool:
        """Take the next word when it is this keyword or sign."""
        found = self.is_next(word)
        if found:
            self.take()
        return found

    def expect(self, word: str) -> None:
        """Take this keyword or sign. Raises BadValue when another comes."""
        if not self.take_if(word):
            raise BadValue(expected(self.here, word))

    def opens(self) -> bool:
        """Say whether the next word is followed by a parenthesis."""
        after = self._tokens[min(self._place + 1, len(self._tokens) - 1)]
        return after.kind == SIGN and after.text == "("

    def take_text(self) -> str:
        """Take a text in single quotes."""
        if self.here.kind != TEXT:
            raise BadValue(expected(self.here, "a text in single quotes"))
        return self.take().text

    def take_number(self) -> float:
        """Take a number of a geometry."""
        if self.here.kind != NUMBER:
            raise BadValue(expected(self.here, "a number"))
        return float(make_number(self.take().text).value)


def expected(token: Token, what: str) -> str:
    """Say what should stand where a word does."""
    found = "the filter ends" if token.kind == END else f"{token.text[:30]!r} stands"
    return f"at character {token.place}: {found} where {what} should be"
