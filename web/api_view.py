"""What the templates of the API's pages ask while they write one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from web.api_addresses import FORM, NOT_FILTERS, ApiAddresses, Asked
from web.api_examples import Example, write_examples
from web.api_reference import Operation, in_order, read_operations
from web.content import LayerWords, Record, Text
from web.page import Site
from web.records import RecordWords, Worded, find_text, web_address
from web.translations import LANGUAGES, Texts, is_chinese

ROWS = 2
"""Objects in an object from which on they are shown as a table."""
LONGEST_ROW = 9
"""Columns of the widest table a list of objects becomes; wider ones are shown as lists."""


class ApiView(ApiAddresses):
    """One page of the API while it is being written."""

    def __init__(self, site: Site, asked: Asked, document: Any, names: Mapping[str, Text]) -> None:
        super().__init__(asked, site.default_language)
        self.site = site
        self.document = document
        self.texts: Texts = site.texts[asked.language]
        self.records = RecordWords(self.texts, site.words, names)
        self._properties = {prop.name: prop for prop in site.words.properties}

    def other_formats(self) -> list[tuple[str, str]]:
        """Return name and address of the document in each format that its links offer beside JSON and the page."""
        found: dict[str, str] = {}
        for link in self.links:
            name = dict(parse_qsl(urlsplit(link.get("href", "")).query)).get("f", "")
            safe = web_address(link.get("href"))
            if link.get("rel") == "alternate" and safe and name not in {"", "html", "json"}:
                found.setdefault(name.upper(), safe)
        return list(found.items())

    def link(self, href: Any, media_type: str = "") -> str | None:
        """Return an address that may be linked: http or https only; pages of our own in the page's language."""
        safe = web_address(href)
        if safe is None:
            return None
        parts = urlsplit(safe)
        has_page = media_type.endswith(("/json", "+json", "text/html", "")) and "openapi" not in media_type
        if not has_page or not self.is_ours(safe) or "{" in parts.path or self.language == self.default_language:
            return safe
        return f"{safe}{'&' if parts.query else '?'}lang={self.language}"

    def is_ours(self, href: Any) -> bool:
        """Say whether an address is one of the API's own."""
        own = self.own_link
        parts = urlsplit(href) if isinstance(href, str) else None
        return bool(own and parts and parts.netloc == urlsplit(own).netloc and parts.path.startswith("/api"))

    @cached_property
    def own_link(self) -> str | None:
        """The absolute address of this document, as it says itself."""
        return next((link["href"] for link in self.links if link.get("rel") in {"self", "root"}), None)

    @property
    def api_address(self) -> str:
        """The absolute address of the API, as the document says it."""
        servers = self.document.get("servers")
        own = servers[0]["url"] if servers else self.own_link or ""
        return str(own).partition("/api")[0] + "/api"

    def examples(self, collection: str = "strikes") -> tuple[Example, ...]:
        """Return examples that read a collection."""
        return write_examples(self.api_address, collection)

    def operations(self) -> list[Operation]:
        """Return the operations of the document, if it is the OpenAPI document."""
        return in_order(read_operations(self.document))

    @property
    def links(self) -> list[dict[str, str]]:
        """The links of the document."""
        found = self.document.get("links") if isinstance(self.document, Mapping) else None
        return [dict(link) for link in found or [] if isinstance(link, Mapping)]

    def link_to(self, rel: str) -> str | None:
        """Return the address of the first link with a relation."""
        for link in self.links:
            if link.get("rel") == rel:
                return self.link(link.get("href"), link.get("type", ""))
        return None

    def language_links(self) -> list[tuple[str, str, str]]:
        """Return tag, short name and address of this page in every language."""
        return [(tag, short, self.here(lang=tag)) for tag, short in LANGUAGES.items()]

    def text(self, key: str, otherwise: str = "") -> str:
        """Return a text, or `otherwise` where there is none of that key."""
        return self.texts.by_key.get(key, otherwise)

    def member(self, name: str) -> str | None:
        """Return what a member of a document is called; None where no text and no property says it."""
        prop = self._properties.get(name)
        if prop is not None:
            return prop.label.in_language(self.language)
        return self.texts.by_key.get(f"api.member.{name}")

    def columns(self, items: Sequence[Any]) -> list[str] | None:
        """Return the columns of a list of objects that a table can show; None when it cannot."""
        if not items or not all(isinstance(item, Mapping) for item in items):
            return None
        names = list(dict.fromkeys(name for item in items for name in item))
        deep = any(isinstance(value, Mapping | list) and value for item in items for value in item.values())
        return names if len(names) <= LONGEST_ROW and not deep else None

    @staticmethod
    def known(properties: Mapping[str, Any]) -> dict[str, Any]:
        """Return the properties that have a value: a list of records shows no others."""
        return {name: value for name, value in properties.items() if value is not None and value != []}

    def rows(self, item: Mapping[str, Any]) -> list[dict[str, Any]] | None:
        """Return an object of like objects as the rows of a table, with their names first; None when it is none."""
        if len(item) < ROWS or "id" in item or self.columns(list(item.values())) is None:
            return None
        return [{"id": self.term("layer", name), **inner} for name, inner in item.items()]

    def term(self, name: str, value: Any) -> str:
        """Return what a value of a property or dimension is called: a term, a region, a month; else the value."""
        layer = self.layer(str(value)) if name == "layer" else None
        if layer is not None:
            return layer.label.in_language(self.language)
        prop = self._properties.get(name)
        if prop is not None and prop.kind in {"region", "regions"}:
            return self.records.region_name(str(value))
        if name == "month":
            return self.texts.month(str(value))
        return self.records.term(prop.vocabulary if prop else None, str(value))

    def dimension(self, name: str) -> str:
        """Return what a dimension is called."""
        return self.member(name) or name

    def reason(self, rest: Mapping[str, Any]) -> str:
        """Return why records are in no cell, with the layer and the property where the document names them."""
        words = [self.text(f"api.reason.{rest.get('reason')}", str(rest.get("reason")))]
        if rest.get("dimension"):
            words.append(self.dimension(rest["dimension"]))
        layer = self.layer(rest.get("layer", ""))
        return " · ".join([*words, *([layer.short.in_language(self.language)] if layer else [])])

    def filtered(self, name: str, value: str) -> str | None:
        """Return the address of the records with one more filter; None where `name` is not the name of one."""
        filters = {"year": "datetime", **{prop: prop for prop in self._properties}}
        if name not in filters:
            return None
        wanted = f"{value}-01-01/{value}-12-31" if name == "year" else value
        kept = [pair for pair in self.asked.query if pair[0] not in {"by", "f", "lang", "labels", filters[name]}]
        path = f"{self.asked.path.rpartition('/')[0]}/items"
        return self._with_language(path, [*(pair for pair in kept if pair[1]), (filters[name], wanted)])

    def form_fields(self) -> list[tuple[str, str, str]]:
        """Return name, label and value of each field of the form above a list."""
        given = dict(self.asked.query)
        return [(name, self.texts[f"api.field.{name}"], given.get(name, "")) for name in FORM]

    def chosen(self, others: tuple[str, ...] = ()) -> list[tuple[str, str, str]]:
        """Return name, value and the address without it of each filter in the query."""
        found = [pair for pair in self.asked.query if pair[0] not in {*NOT_FILTERS, *others} and pair[1]]
        away: dict[str, str | None] = {"after": None, "before": None}
        return [(name, self.term(name, value), self.here(**{**away, name: None})) for name, value in found]

    @staticmethod
    def largest(cells: Sequence[Mapping[str, Any]]) -> int:
        """Return the largest count, 0 when there is none."""
        return max((cell["count"] for cell in cells), default=0)

    @staticmethod
    def records_link(url: Any) -> str | None:
        """Return an address that an editor wrote, if it may be linked."""
        return web_address(url)

    def feature_title(self, feature: Mapping[str, Any]) -> Worded:
        """Return the title of a record, or the name of what the feature stands for."""
        properties = feature.get("properties") or {}
        found = find_text(properties, "title", self.language)
        script = "en" if not is_chinese(self.language) else self.language.replace("-", "_").lower()
        name = properties.get(f"name_{script}") or properties.get("name_en") or properties.get("name_zh_hans")
        other = Worded(str(name), self.language) if name else Worded(str(feature.get("id")), self.language)
        return found or other

    def layer(self, layer_id: str) -> LayerWords | None:
        """Return a layer by its id."""
        return next((layer for layer in self.site.words.layers if layer.id == layer_id), None)

    def record(self, feature: Mapping[str, Any]) -> Record:
        """Return a feature of a collection of records."""
        return Record(id=str(feature["id"]), properties=feature.get("properties") or {})

    @property
    def breadcrumbs(self) -> list[tuple[str, str]]:
        """Titles and addresses of what this document lies in, from the API's first page down."""
        steps: list[tuple[str, str]] = []
        parts = [part for part in self.asked.path.split("/") if part]
        for number in range(1, len(parts)):
            path = "/" + "/".join(parts[:number])
            steps.append((self.name_step(parts, number - 1), self.address(path)))
        return steps

    @property
    def name(self) -> str:
        """What this document is called, by the last part of its path."""
        parts = [part for part in self.asked.path.split("/") if part]
        return self.name_step(parts, len(parts) - 1)

    def name_step(self, parts: Sequence[str], number: int) -> str:
        """Return what one part of a path is called: a collection by its title, a known word by its text."""
        part = parts[number]
        if number > 0 and parts[number - 1] == "collections":
            return self.collection_title(part)
        if number > 0 and parts[number - 1] == "items":
            return part
        return self.text(f"api.step.{part}", part)

    def collection_title(self, name: str) -> str:
        """Return the title of a collection in the page's language."""
        layer = self.layer(name)
        return layer.label.in_language(self.language) if layer else self.text(f"api.collection.{name}", name)
