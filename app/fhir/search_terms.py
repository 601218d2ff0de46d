"""What a search parameter is, and the terms by which it finds a resource: the same text is stored and asked for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.fhir.instants import interval, sortable

EXTENSION = "extension:"
"""How a path's step into the extensions of one URL begins; the URL follows."""

IDENTIFIER_MODIFIER = ":identifier"


class Kind(StrEnum):
    """The search parameter types served, by FHIR's names (http://hl7.org/fhir/R4/search.html#ptypes)."""

    TOKEN = "token"  # noqa: S105 - a kind of parameter
    REFERENCE = "reference"
    DATE = "date"
    STRING = "string"


@dataclass(frozen=True, slots=True)
class SearchParameter:
    """One row: where the values are, how they are compared, and the canonical of the published definition.

    `targets` are the types a reference may be to; `system` is the implicit code system of a `code` element; a `typed`
    parameter holds numbers as people type them, which whoever stores and searches makes alike before they are compared;
    an `order` parameter is one of the two order keys, and takes no term.
    """

    name: str
    kind: Kind
    definition: str
    paths: tuple[tuple[str, ...], ...] = ()
    targets: tuple[str, ...] = ()
    system: str | None = None
    typed: bool = False
    order: bool = False

    def terms(self, resource: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Give the terms of the resource under this parameter; values that are not of the right shape give none."""
        if self.order:
            return
        for path in self.paths:
            for value in _values(resource, path):
                yield from self._terms_of(value)

    def _terms_of(self, value: Any) -> Iterator[tuple[str, str]]:
        if self.kind is Kind.REFERENCE:
            yield from _reference_terms(self.name, value)
        elif isinstance(value, dict):
            yield from _identifier_terms(self.name, value)
        elif isinstance(value, str):
            yield from ((self.name, text) for text in self._texts(value))

    def _texts(self, value: str) -> tuple[str, ...]:
        match self.kind:
            case Kind.STRING:
                return (plain(value),) if plain(value) else ()
            case Kind.DATE:
                return _first_moment(value)
            case _:
                return (value,) if self.typed else (token(value),)


def token(code: str, system: str | None = None) -> str:
    """Write a token as a term: `code` alone, or `system|code`, where an empty system means that it has none."""
    escaped = _escaped(code)
    return escaped if system is None else f"{_escaped(system)}|{escaped}"


def plain(text: str) -> str:
    """Write a name as it is compared: without case, accents or double spaces."""
    decomposed = unicodedata.normalize("NFKD", text)
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(letters.casefold().split())


def _escaped(text: str) -> str:
    if "|" not in text and "\\" not in text:
        return text
    return text.replace("\\", "\\\\").replace("|", "\\|")


def _identifier_terms(name: str, identifier: dict[str, Any]) -> Iterator[tuple[str, str]]:
    value, system = identifier.get("value"), identifier.get("system", "")
    if isinstance(value, str) and isinstance(system, str):
        yield name, token(value, system)
        yield name, token(value)


def _reference_terms(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        return
    reference, identifier = value.get("reference"), value.get("identifier")
    if isinstance(reference, str) and not reference.startswith("#"):
        yield name, reference
    if isinstance(identifier, dict):
        yield from _identifier_terms(name + IDENTIFIER_MODIFIER, identifier)


def _first_moment(value: str) -> tuple[str, ...]:
    try:
        return (sortable(interval(value)[0]),)
    except ValueError:
        return ()


def _values(resource: dict[str, Any], path: tuple[str, ...]) -> list[Any]:
    found: list[Any] = [resource]
    for step in path:
        below: list[Any] = []
        for node in found:
            if type(node) is dict:
                below += _step(node, step)
        if not below:
            return below
        found = below
    return found


def _step(node: dict[str, Any], step: str) -> list[Any]:
    if step.startswith(EXTENSION):
        extensions = node.get("extension")
        if type(extensions) is not list:
            return []
        url = step.removeprefix(EXTENSION)
        return [entry for entry in extensions if type(entry) is dict and entry.get("url") == url]
    value = node.get(step)
    if type(value) is list:
        return value
    return [] if value is None else [value]
