"""The reference page: an OpenAPI document put in the order a reader looks things up.

The addresses of all collections are one entry: their parameters are told once, with the collections that have them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

COLLECTION = "/collections/"
ANY = "{collection_id}"


@dataclass
class Parameter:
    """One parameter: what it means, which values it takes, and which collections have it."""

    name: str
    place: str
    required: bool
    description: str
    kind: str
    values: list[str]
    default: Any = None
    collections: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """One status and what comes with it."""

    status: str
    description: str
    media_types: tuple[str, ...]


@dataclass
class Operation:
    """One address: what it answers, with the parameters of all collections that have it."""

    path: str
    summary: str
    answers: tuple[Answer, ...]
    parameters: dict[str, Parameter] = field(default_factory=dict)
    collections: list[str] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """The name of the entry on its page."""
        return self.path.strip("/").translate(str.maketrans("/{}.", "----")) or "landing"

    def is_of_all(self, parameter: Parameter) -> bool:
        """Say whether every collection that has the address has the parameter."""
        return parameter.collections == self.collections


def read_operations(document: Mapping[str, Any]) -> list[Operation]:
    """Return the operations of an OpenAPI 3.0 document, those of all collections put together."""
    operations: dict[str, Operation] = {}
    for path, methods in document["paths"].items():
        general, collection = generalise(path)
        described = methods["get"]
        if general not in operations:
            told = described["summary"]
            summary = (told.partition(": ")[2] if collection else "") or told
            answers = read_answers(document, described)
            operations[general] = Operation(general, summary[:1].upper() + summary[1:], answers)
        operation = operations[general]
        if collection:
            operation.collections.append(collection)
        for given in described.get("parameters", ()):
            add_parameter(operation, resolve(document, given), collection)
    return list(operations.values())


def generalise(path: str) -> tuple[str, str | None]:
    """Return a path with `{collection_id}` in the place of a collection's name, and that name."""
    if not path.startswith(COLLECTION):
        return path, None
    name, slash, rest = path.removeprefix(COLLECTION).partition("/")
    return f"{COLLECTION}{ANY}{slash}{rest}", name if not name.startswith("{") else None


def add_parameter(operation: Operation, given: Mapping[str, Any], collection: str | None) -> None:
    """Add a parameter to an operation, or its values to those that other collections have."""
    schema = given.get("schema", {})
    kind, values = describe_schema(schema)
    known = operation.parameters.get(given["name"])
    if known is None:
        known = Parameter(
            name=given["name"],
            place=given["in"],
            required=bool(given.get("required")),
            description=given.get("description", ""),
            kind=kind,
            values=[],
            default=schema.get("default"),
        )
        operation.parameters[given["name"]] = known
    known.values += [value for value in values if value not in known.values]
    if collection:
        known.collections.append(collection)


def describe_schema(schema: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return the type of a schema in a few words, and the values it allows."""
    if schema.get("type") == "array":
        kind, values = describe_schema(schema.get("items", {}))
        return f"{kind}, …", values
    kind = str(schema.get("format") or schema.get("type", ""))
    limits = [str(schema[name]) for name in ("minimum", "maximum") if name in schema]
    return f"{kind} {' – '.join(limits)}".strip(), [str(value) for value in schema.get("enum", ())]


def read_answers(document: Mapping[str, Any], operation: Mapping[str, Any]) -> tuple[Answer, ...]:
    """Return what an operation answers, by status."""
    found = ((status, resolve(document, answer)) for status, answer in operation["responses"].items())
    return tuple(
        Answer(status, answer.get("description", ""), tuple(answer.get("content", ())))
        for status, answer in sorted(found, key=lambda pair: pair[0])
    )


def resolve(document: Mapping[str, Any], described: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a `$ref` of the document names, or the thing itself."""
    reference = described.get("$ref")
    if reference is None:
        return described
    found: Any = document
    for step in str(reference).removeprefix("#/").split("/"):
        found = found[step]
    return resolve(document, found)


def in_order(operations: Iterable[Operation]) -> list[Operation]:
    """Return the operations, those of the whole API before those of one collection."""
    return sorted(operations, key=lambda operation: bool(operation.collections))
