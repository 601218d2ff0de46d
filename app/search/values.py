"""The values of a search parameter as conditions on terms (http://hl7.org/fhir/R4/search.html#ptypes).

A value that cannot be taken raises ValueError with a sentence that says what is accepted and repeats nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from app.search.dates import PREFIXES, Bounds, spans
from app.search.terms import IDENTIFIED, Kind, SearchParameter, plain, token

MAX_ALTERNATIVES = 100

_LAST_CHARACTER = "\U0010ffff"
_ESCAPE = re.compile(r"\\([\\,$|])")
_PREFIXED = re.compile(r"(?P<prefix>[a-z]{2})?(?P<date>[0-9].*)", re.DOTALL)
_LOCAL = re.compile(r"(?P<type>[A-Z][A-Za-z]{0,63})/(?P<id>[A-Za-z0-9\-.]{1,64})")
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")


class Condition(NamedTuple):
    """The resource has a term `name` with one of `values`."""

    name: str
    values: tuple[str, ...]


class Span(NamedTuple):
    """The resource has a term (or order key) `name` with `low <= value < high`, or within one of the `others`."""

    name: str
    low: str | None
    high: str | None
    others: tuple[Bounds, ...] = ()


class Lookup(NamedTuple):
    """The reference `name` is to a Patient whose identifier meets `asked`.

    If `carried`, a reference that carries such an identifier itself counts too.
    """

    name: str
    asked: Condition | Span
    carried: bool


def condition(row: SearchParameter, raw: str, base_url: str) -> Condition | Span:
    """Return what `raw` asks of the resource under `row`: one of several values, or a span of values."""
    values = _split(",", raw)
    if not all(values) or len(values) > MAX_ALTERNATIVES:
        raise ValueError(f"One to {MAX_ALTERNATIVES} values with commas between them are accepted, none of them empty.")
    match row.kind:
        case Kind.DATE:
            return _date(row, values)
        case Kind.STRING:
            return _string(row.name, values)
        case Kind.REFERENCE:
            found = (_references(row, _plain(value), base_url) for value in values)
            return _condition(row.name, chain.from_iterable(found))
        case Kind.URI:
            return _condition(row.name, map(_plain, values))
        case _:
            return _token(row, values)


def identifiers(name: str, raw: str) -> Condition | Span:
    """Return what `raw` asks of the identifier that a reference carries: the tokens of the modifier `:identifier`."""
    return carried(name, identifier(raw))


def identifier(raw: str) -> Condition | Span:
    """Return what `raw` asks of a resource's identifier."""
    return condition(SearchParameter("identifier", Kind.TOKEN, ""), raw, "")


def carried(name: str, asked: Condition | Span) -> Condition | Span:
    """Ask of the identifier that the reference `name` carries what `asked` asks of a resource's own."""
    if isinstance(asked, Condition):
        return Condition(name, tuple(IDENTIFIED + value for value in asked.values))
    return Span(name, f"{IDENTIFIED}{asked.low}", f"{IDENTIFIED}{asked.high}")


def _split(separator: str, raw: str) -> list[str]:
    """Split at each separator that no backslash escapes; the escapes stay for the next reader."""
    parts: list[list[str]] = [[]]
    escaped = False
    for character in raw:
        if character == separator and not escaped:
            parts.append([])
        else:
            parts[-1].append(character)
        escaped = character == "\\" and not escaped
    return ["".join(part) for part in parts]


def _plain(escaped: str) -> str:
    return _ESCAPE.sub(r"\1", escaped)


def _token(row: SearchParameter, values: list[str]) -> Condition | Span:
    if row.typed or row.name == "_id":
        return _condition(row.name, map(_plain, values))
    if row.system is not None:
        return _condition(row.name, (code for value in values for code in _code(value, row.system)))
    parts = [[_plain(part) for part in _split("|", value)] for value in values]
    if any(len(part) > 2 or part[-1:] == part[:1] == [""] for part in parts):  # noqa: PLR2004 - a system and a code
        raise ValueError("The forms code, system|code, |code and system| are accepted.")
    if any(part[-1] == "" for part in parts):
        return _whole_system(row.name, parts)
    return _condition(row.name, (token(part[-1], part[0] if len(part) > 1 else None) for part in parts))


def _condition(name: str, values: Iterable[str]) -> Condition:
    return Condition(name, tuple(dict.fromkeys(values)))


def _whole_system(name: str, parts: list[list[str]]) -> Span:
    if len(parts) > 1:
        raise ValueError("The form system| is accepted by itself only, without further values.")
    prefix = token("", parts[0][0])
    return Span(name, prefix, prefix + _LAST_CHARACTER)


def _code(value: str, system: str) -> tuple[str, ...]:
    """Return the code asked for; none where another system is named than the element's own."""
    parts = [_plain(part) for part in _split("|", value)]
    if not parts[-1]:
        raise ValueError("A code is accepted, with or without its system.")
    return (token(parts[-1]),) if parts[:-1] in ([], [""], [system]) else ()


def _references(row: SearchParameter, value: str, base_url: str) -> tuple[str, ...]:
    """Return what the reference may be stored as: an id alone may be of any type that the parameter can refer to."""
    local = value.removeprefix(base_url.rstrip("/") + "/")
    if _LOCAL.fullmatch(local) or "://" in local:
        return (local,)
    if _ID.fullmatch(local):
        return tuple(f"{target}/{local}" for target in row.targets)
    raise ValueError("The forms Type/id, id and an absolute URL are accepted.")


def _string(name: str, values: list[str]) -> Span:
    if len(values) > 1:
        raise ValueError("One value is accepted, the beginning of a name; a comma that belongs to it is written \\,.")
    prefix = plain(_plain(values[0]))
    if not prefix:
        raise ValueError("The beginning of a name is accepted, one letter at least.")
    return Span(name, prefix, prefix + _LAST_CHARACTER)


def _date(row: SearchParameter, values: list[str]) -> Span:
    # A plus sign that was not percent-encoded arrives as a space, and no date has one.
    found = _PREFIXED.fullmatch(values[0].replace(" ", "+"))
    if found is None or len(values) > 1:
        raise ValueError(f"One date is accepted, alone or behind one of the prefixes {', '.join(PREFIXES)}.")
    prefix = found["prefix"] or "eq"
    if prefix not in PREFIXES:
        raise ValueError(f"The prefixes {', '.join(PREFIXES)} are accepted.")
    (low, high), *others = spans(prefix, found["date"], of_instants=row.instants)
    return Span(row.name, low, high, tuple(others))
