"""What a search parameter is, and the terms by which it finds a resource: the same text is stored and asked for."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import partial
from typing import Any

from msgspec import Struct

from app.fhir.instants import placed

EXTENSION = "extension:"
"""How a path's step into the extensions of one URL begins; the URL follows. The first step of a path is a name."""

IDENTIFIER_MODIFIER = ":identifier"

IDENTIFIED = "identifier "
"""How the term of a reference begins that carries an identifier; the token follows. No reference has a space."""

MAX_TERMS = 1000
"""How many terms each parameter gives: as many as a Claim or its answer may have numbers, and twice its identifiers."""

LONGEST_NAME = 256
"""Characters by which a name is found. Normalizing takes time by the square of the combining marks in a row."""

Term = tuple[str, str]


class Kind(StrEnum):
    """The search parameter types served, by FHIR's names (http://hl7.org/fhir/R4/search.html#ptypes)."""

    TOKEN = "token"  # noqa: S105 - a kind of parameter
    REFERENCE = "reference"
    DATE = "date"
    STRING = "string"
    URI = "uri"


class SearchParameter(Struct, frozen=True):
    """One row: where the values are, how they are compared, and the canonical of the published definition.

    `targets` are the types a reference may be to; `system` is the implicit code system of a `code` element; a `typed`
    parameter holds numbers as people type them, which whoever stores and searches makes alike before they are compared;
    an `order` parameter is one of the two order keys, and takes no term; `instants` are dates that are all moments.
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


def terms_reader(row: SearchParameter) -> Callable[[dict[str, Any]], Iterable[Term]]:
    """Return what gives the terms of a resource under the parameter, each once and MAX_TERMS at most.

    Values that are not of the right shape give none.
    """
    first = row.paths[0][0]
    paths = [(name, [_step(step) for step in below]) for name, *below in row.paths]
    terms_of = _value_reader(row)

    def terms(resource: dict[str, Any]) -> Iterable[Term]:
        found: list[Term] = []
        for name, steps in paths:
            value = resource.get(name)
            if value is None:
                continue
            nodes = value if type(value) is list else [value]
            for step in steps:
                nodes = step(nodes)
            for node in nodes:
                found += terms_of(node)
        return list(dict.fromkeys(found))[:MAX_TERMS]

    def terms_of_one(resource: dict[str, Any]) -> Iterable[Term]:
        value = resource.get(first)
        if value is None:
            return ()
        return terms(resource) if type(value) is list else terms_of(value)

    # Most parameters are about one element, and most of these occur once.
    return terms_of_one if row.paths == ((first,),) else terms


def _value_reader(row: SearchParameter) -> Callable[[Any], tuple[Term, ...]]:
    """Return what gives the terms of one value under the parameter."""
    name = row.name
    if row.kind is Kind.REFERENCE:
        return partial(_reference_terms, name)
    compared = str if row.typed else _COMPARED[row.kind]

    def terms(value: Any) -> tuple[Term, ...]:
        if isinstance(value, str):
            text = compared(value)
            return () if text is None else ((name, text),)
        return _identifier_terms(name, value) if isinstance(value, dict) else ()

    return terms


def token(code: str, system: str | None = None) -> str:
    """Write a token as a term: `code` alone, or `system|code`, where an empty system means that it has none."""
    return _escaped(code) if system is None else f"{_escaped(system)}|{_escaped(code)}"


def plain(text: str) -> str:
    """Write a name as it is compared: its first LONGEST_NAME characters, without case, accents or double spaces."""
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


def _reference_terms(name: str, value: Any) -> tuple[Term, ...]:
    if not isinstance(value, dict):
        return ()
    reference, identifier = value.get("reference"), value.get("identifier")
    found: tuple[Term, ...] = ()
    if isinstance(reference, str) and not reference.startswith("#"):
        found = ((name, reference),)
    if isinstance(identifier, dict):
        found += _identifier_terms(name, identifier, IDENTIFIED)
    return found


def _name(value: str) -> str | None:
    return plain(value) or None


def _date(value: str) -> str | None:
    try:
        return placed(value)
    except ValueError:
        return None


_COMPARED: Mapping[Kind, Callable[[str], str | None]] = {
    Kind.TOKEN: _escaped,
    Kind.DATE: _date,
    Kind.STRING: _name,
}
"""What writes a text as it is compared, or gives None where there is nothing to compare."""


def _step(step: str) -> Callable[[list[Any]], list[Any]]:
    """Return what goes one step down a path: to the elements of a name, or to the extensions of a URL."""
    if step.startswith(EXTENSION):
        return partial(_extensions, step.removeprefix(EXTENSION))
    return partial(_elements, step)


def _extensions(url: str, nodes: list[Any]) -> list[Any]:
    found: list[Any] = []
    for node in nodes:
        extensions = node.get("extension") if type(node) is dict else None
        if type(extensions) is list:
            for one in extensions:
                if type(one) is dict and one.get("url") == url:
                    found.append(one)  # noqa: PERF401 - a comprehension would be a call for every node
    return found


def _elements(name: str, nodes: list[Any]) -> list[Any]:
    found: list[Any] = []
    for node in nodes:
        value = node.get(name) if type(node) is dict else None
        if type(value) is list:
            found += value
        elif value is not None:
            found.append(value)
    return found
