"""Define a search parameter, and make the terms of a resource. A search compares the same texts that are stored."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import partial
from typing import Any

from msgspec import Struct

from app.fhir.instants import placed

EXTENSION = "extension:"
"""The prefix of a path step into the extensions of a URL; the URL follows. A path begins with a name or ROOT."""

ROOT = ""
"""The first step of a path into the extensions of the resource itself."""

IDENTIFIER_MODIFIER = ":identifier"

IDENTIFIED = "identifier "
"""The prefix of a term for the identifier in a reference; the token follows. No URL has a space."""

MAX_TERMS = 1000
"""The most terms of one parameter: enough for the numbers, or twice the identifiers, of a Claim or ClaimResponse."""

LONGEST_NAME = 256
"""Characters of a name that are compared. The time to normalize grows with the square of combining marks in a row."""

Term = tuple[str, str]


class Kind(StrEnum):
    """The search parameter types served, by FHIR's names (http://hl7.org/fhir/R4/search.html#ptypes)."""

    TOKEN = "token"  # noqa: S105 - a kind of parameter
    REFERENCE = "reference"
    DATE = "date"
    STRING = "string"
    URI = "uri"


class SearchParameter(Struct, frozen=True):
    """A search parameter: the paths of its values, how they are compared, and the canonical URL of its definition.

    `targets` are the types that a reference may refer to. `system` is the implicit code system of a `code` element. A
    `typed` parameter has numbers that people type; `records` normalizes them before they are stored or searched. An
    `order` parameter is one of the two order keys and has no terms. `instants` means that all values are moments.
    `key` is the order key of an order parameter with another name. With `only_targets`, other references do not count.
    With `in_force`, the value `true` means today, within the periods of other parameters; it has no terms of its own.
    `systems` are all systems of its codes or identifiers, if the server writes them. Then a value is one term, with
    its system, and a search without a system looks in each.
    """

    name: str
    kind: Kind
    definition: str
    paths: tuple[tuple[str, ...], ...] = ()
    targets: tuple[str, ...] = ()
    system: str | None = None
    typed: bool = False
    order: bool = False
    instants: bool = False
    key: str = ""
    only_targets: bool = False
    systems: tuple[str, ...] = ()
    in_force: bool = False


def terms_reader(row: SearchParameter) -> Callable[[dict[str, Any]], Iterable[Term]]:
    """Return a function from a resource to its terms of a parameter, without duplicates and at most MAX_TERMS.

    A value of the wrong shape has no terms.
    """
    first = row.paths[0][0]
    paths = [(name, [_step(step) for step in below]) for name, *below in row.paths]
    terms_of = _value_reader(row)

    def terms(resource: dict[str, Any]) -> Iterable[Term]:
        all_terms: list[Term] = []
        for name, steps in paths:
            value = resource if name == ROOT else resource.get(name)
            if value is None:
                continue
            nodes = value if type(value) is list else [value]
            for step in steps:
                nodes = step(nodes)
            for node in nodes:
                all_terms += terms_of(node)
        return list(dict.fromkeys(all_terms))[:MAX_TERMS]

    def terms_of_one(resource: dict[str, Any]) -> Iterable[Term]:
        value = resource.get(first)
        if value is None:
            return ()
        return terms(resource) if type(value) is list else terms_of(value)

    # The common case: one element, and it does not repeat.
    return terms_of_one if row.paths == ((first,),) else terms


def _value_reader(row: SearchParameter) -> Callable[[Any], tuple[Term, ...]]:
    """Return a function from a value of the parameter to its terms."""
    name = row.name
    if row.kind is Kind.REFERENCE:
        return partial(_reference_terms, row)
    forms = _forms(row)
    compared = str if row.typed else _COMPARED[row.kind]

    def terms(value: Any) -> tuple[Term, ...]:
        if isinstance(value, bool):
            return ((name, str(value).lower()),)
        if isinstance(value, str):
            text = compared(value)
            return () if text is None else ((name, text),)
        if not isinstance(value, dict):
            return ()
        return (_coding_terms(name, value) if "code" in value else _identifier_terms(name, value))[:forms]

    return terms


def _forms(row: SearchParameter) -> int:
    """Return the number of terms of a value: with its system, and without it."""
    return 1 if row.systems else 2


def token(code: str, system: str | None = None) -> str:
    """Write a token as a term: `code`, or `system|code`; an empty system means that the code has no system."""
    return _escaped(code) if system is None else f"{_escaped(system)}|{_escaped(code)}"


def plain(text: str) -> str:
    """Normalize a name: its first LONGEST_NAME characters, without case, accents or double spaces."""
    decomposed = unicodedata.normalize("NFKD", text[:LONGEST_NAME])
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(letters.casefold().split())


def _escaped(text: str) -> str:
    if "|" not in text and "\\" not in text:
        return text
    return text.replace("\\", "\\\\").replace("|", "\\|")


def _identifier_terms(name: str, identifier: dict[str, Any], before: str = "") -> tuple[Term, ...]:
    value, system = identifier.get("value"), identifier.get("system", "")
    if isinstance(value, str) and isinstance(system, str):
        code = _escaped(value)
        return (name, f"{before}{_escaped(system)}|{code}"), (name, before + code)
    return ()


def _coding_terms(name: str, coding: dict[str, Any]) -> tuple[Term, ...]:
    code, system = coding["code"], coding.get("system", "")
    if isinstance(code, str) and isinstance(system, str):
        return (name, token(code, system)), (name, token(code))
    return ()


def _reference_terms(row: SearchParameter, value: Any) -> tuple[Term, ...]:
    """Return the terms of a reference, without its version."""
    if not isinstance(value, dict):
        return ()
    reference, identifier = value.get("reference"), value.get("identifier")
    if row.only_targets and not (isinstance(reference, str) and reference.partition("/")[0] in row.targets):
        return ()
    terms: tuple[Term, ...] = ()
    if isinstance(reference, str) and not reference.startswith("#"):
        terms = ((row.name, reference.partition("/_history/")[0]),)
    if isinstance(identifier, dict):
        terms += _identifier_terms(row.name, identifier, IDENTIFIED)[: _forms(row)]
    return terms


def _name(value: str) -> str | None:
    return plain(value) or None


def _date(value: str) -> str | None:
    try:
        return placed(value)
    except ValueError:
        return None


_COMPARED: Mapping[Kind, Callable[[str], str | None]] = {
    Kind.TOKEN: _escaped,
    Kind.URI: str,
    Kind.DATE: _date,
    Kind.STRING: _name,
}
"""By kind, the function that normalizes a text; it returns None if there is nothing to compare."""


def _step(step: str) -> Callable[[list[Any]], list[Any]]:
    """Return a function that goes one step down a path: to elements by name, or to extensions by URL."""
    if step.startswith(EXTENSION):
        return partial(_extensions, step.removeprefix(EXTENSION))
    return partial(_elements, step)


def _extensions(url: str, nodes: list[Any]) -> list[Any]:
    matches: list[Any] = []
    for node in nodes:
        extensions = node.get("extension") if type(node) is dict else None
        if type(extensions) is list:
            for extension in extensions:
                if type(extension) is dict and extension.get("url") == url:
                    matches.append(extension)  # noqa: PERF401 - a comprehension would be a call for every node
    return matches


def _elements(name: str, nodes: list[Any]) -> list[Any]:
    elements: list[Any] = []
    for node in nodes:
        value = node.get(name) if type(node) is dict else None
        if type(value) is list:
            elements += value
        elif value is not None:
            elements.append(value)
    return elements
