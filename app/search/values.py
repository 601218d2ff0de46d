"""Read the value of a search parameter into a condition on terms (http://hl7.org/fhir/R4/search.html#ptypes).

A wrong value raises ValueError with a text for the client, which does not repeat the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import NamedTuple

from app.ports import Bounds
from app.search.dates import PREFIXES, spans
from app.search.terms import IDENTIFIED, IDENTIFIER_MODIFIER, Kind, SearchParameter, plain, token

MAX_ALTERNATIVES = 100

_LAST_ZONE = timedelta(hours=12)
CHAINED = (".identifier", ":Patient.identifier")
_LAST_CHARACTER = "\U0010ffff"
_ESCAPE = re.compile(r"\\([\\,$|])")
_PREFIXED = re.compile(r"(?P<prefix>[a-z]{2})?(?P<date>[0-9].*)", re.DOTALL)
_LOCAL = re.compile(r"(?P<type>[A-Z][A-Za-z]{0,63})/(?P<id>[A-Za-z0-9\-.]{1,64})")
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")


class Condition(NamedTuple):
    """A condition: the resource has a term `name` with one of `values`."""

    name: str
    values: tuple[str, ...]


class Span(NamedTuple):
    """A range: the resource has a term or order key `name` with `low <= value < high`, or within one of `others`."""

    name: str
    low: str | None
    high: str | None
    others: tuple[Bounds, ...] = ()


class Lookup(NamedTuple):
    """A lookup: the reference `name` refers to a Patient whose identifier meets `identifier`.

    If `carried`, the identifier inside the reference counts, too.
    """

    name: str
    identifier: Condition | Span
    carried: bool


def condition(row: SearchParameter, raw: str, base_url: str) -> Condition | Span:
    """Read the value `raw` of the parameter `row`: one of several values, or a range."""
    values = _split(",", raw)
    if not all(values) or len(values) > MAX_ALTERNATIVES:
        raise ValueError(
            f"The parameter must have 1 to {MAX_ALTERNATIVES} values with commas between them; no value may be empty."
        )
    if row.in_force:
        raise ValueError("The parameter must be in a search only: its meaning changes with the day.")
    match row.kind:
        case Kind.DATE:
            return _date(row, values)
        case Kind.STRING:
            return _string(row.name, values)
        case Kind.REFERENCE:
            references = (_references(row, _plain(value), base_url) for value in values)
            return _condition(row.name, chain.from_iterable(references))
        case Kind.URI:
            return _condition(row.name, map(_plain, values))
        case _:
            return _token(row, values)


def in_force(row: SearchParameter, raw: str, now: datetime) -> tuple[Condition | Span, ...]:
    """Read the value of a parameter `in_force`: `true` for an authorization in force, `false` for one that has ended.

    The last day counts until it has ended in the last time zone. Another value matches nothing.
    """
    begun, last = now.astimezone(UTC).date(), (now - _LAST_ZONE).astimezone(UTC).date()
    match raw:
        case "true":
            return _within("preauth-start", "le", begun.isoformat()), _within("preauth-end", "ge", last.isoformat())
        case "false":
            return (_within("preauth-end", "lt", last.isoformat()),)
        case _:
            return (Condition(row.name, (raw,)),)


def _within(name: str, prefix: str, day: str) -> Span:
    (low, high), *others = spans(prefix, day)
    return Span(name, low, high, tuple(others))


def forms_text(row: SearchParameter) -> str:
    """Return the text that lists the supported forms of the parameter."""
    if row.targets == ("Patient",):
        return f"Use {row.name}, {row.name}{IDENTIFIER_MODIFIER} or {row.name}{CHAINED[0]}."
    if row.kind is Kind.REFERENCE:
        return f"Use {row.name} or {row.name}{IDENTIFIER_MODIFIER}."
    return f"Use {row.name} alone."


def identifiers(row: SearchParameter, raw: str) -> Condition | Span:
    """Read the tokens of the modifier `:identifier` into a condition on the identifier inside a reference."""
    return carried(row.name, identifier(raw, row.systems))


def identifier(raw: str, systems: tuple[str, ...] = ()) -> Condition | Span:
    """Read tokens into a condition on the identifier of a resource."""
    return condition(SearchParameter("identifier", Kind.TOKEN, "", systems=systems), raw, "")


def carried(name: str, own: Condition | Span) -> Condition | Span:
    """Move a condition on a resource's own identifier to the identifier inside the reference `name`."""
    if isinstance(own, Condition):
        return Condition(name, tuple(IDENTIFIED + value for value in own.values))
    return Span(name, f"{IDENTIFIED}{own.low}", f"{IDENTIFIED}{own.high}")


def _split(separator: str, raw: str) -> list[str]:
    """Split at each separator without a backslash before it; the escapes stay for the next reader."""
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
        raise ValueError("The value must have one of the forms code, system|code, |code or system|.")
    if any(part[-1] == "" for part in parts):
        return _whole_system(row.name, parts)
    return _condition(row.name, chain.from_iterable(_tokens(row, part) for part in parts))


def _tokens(row: SearchParameter, part: list[str]) -> Iterable[str]:
    """Return the terms of a code with or without a system."""
    if len(part) == 1 and row.systems:
        return (token(part[0], system) for system in row.systems)
    return (token(part[-1], part[0] if len(part) > 1 else None),)


def _condition(name: str, values: Iterable[str]) -> Condition:
    return Condition(name, tuple(dict.fromkeys(values)))


def _whole_system(name: str, parts: list[list[str]]) -> Span:
    if len(parts) > 1:
        raise ValueError("The form system| must be the only value.")
    prefix = token("", parts[0][0])
    return Span(name, prefix, prefix + _LAST_CHARACTER)


def _code(value: str, system: str) -> tuple[str, ...]:
    """Return the code as a term; none if the value names another system than that of the element."""
    parts = [_plain(part) for part in _split("|", value)]
    if not parts[-1]:
        raise ValueError("The value must be a code, with or without its system.")
    return (token(parts[-1]),) if parts[:-1] in ([], [""], [system]) else ()


def _references(row: SearchParameter, value: str, base_url: str) -> tuple[str, ...]:
    """Return the stored forms of a reference; an id alone may belong to each target type of the parameter."""
    local = value.removeprefix(base_url.rstrip("/") + "/")
    if _LOCAL.fullmatch(local) or "://" in local:
        return (local,)
    if _ID.fullmatch(local):
        return tuple(f"{target}/{local}" for target in row.targets)
    raise ValueError("The value must be Type/id, an id or an absolute URL.")


def _string(name: str, values: list[str]) -> Span:
    if len(values) > 1:
        raise ValueError(
            "The parameter must have one value, the beginning of a name. A comma in the name must be written as \\,."
        )
    prefix = plain(_plain(values[0]))
    if not prefix:
        raise ValueError("The value must be the beginning of a name, with at least one letter.")
    return Span(name, prefix, prefix + _LAST_CHARACTER)


def _date(row: SearchParameter, values: list[str]) -> Span:
    # A plus sign that was not percent-encoded arrives as a space; a date has no spaces.
    match = _PREFIXED.fullmatch(values[0].replace(" ", "+"))
    if match is None or len(values) > 1:
        raise ValueError(f"The value must be one date, with or without one of the prefixes {', '.join(PREFIXES)}.")
    prefix = match["prefix"] or "eq"
    if prefix not in PREFIXES:
        raise ValueError(f"The prefix must be one of {', '.join(PREFIXES)}.")
    (low, high), *others = spans(prefix, match["date"], of_instants=row.instants)
    return Span(row.key or row.name, low, high, tuple(others))
