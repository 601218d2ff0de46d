"""The second look at a body that the quick reader would not take: all that is wrong with it, and where."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

from app.fhir.outcome import Fault, FhirError, Issue

MAX_DEPTH = 50
NAME = re.compile(r"_?[A-Za-z][A-Za-z0-9]{0,63}")

_MAX_DIGITS = 640
_MAX_EXPONENT = 308
_MAX_ISSUES = 20
_TYPE = re.compile(r"[A-Z][A-Za-z]{1,63}")
_UNSUITED = re.compile("[\x00\ud800-\udfff]")

_REPEATED = "The element is given more than once; an object may name each element once."
_BAD_NAME = (
    "An element here has a name unlike any in FHIR: a letter, then letters and digits, 64 at most, are accepted."
)
_BAD_TEXT = "The text holds U+0000 or half a surrogate pair; any other Unicode character is accepted."
_BAD_NUMBER = (
    f"The number is out of range; up to {_MAX_DIGITS} digits and exponents from -308 to 308 are accepted,"
    " NaN and Infinity not."
)
_TOO_DEEP = f"The body is nested deeper than {MAX_DEPTH} objects and arrays."

# Reading or writing an integer takes time by the square of its digits, and the quick reader has no other bound on them.
sys.set_int_max_str_digits(_MAX_DIGITS)

Place = tuple[Any, str | int] | None
"""Where a value is: the place of what holds it, and its name or index in there."""


class _Unreadable:
    """Stands in the tree for a number that cannot be taken, until its place is known."""


_NO_NUMBER = _Unreadable()


def exact(text: str) -> Decimal:
    """Return a JSON number as the Decimal it is written as. Raises ValueError where it is too long or too large."""
    try:
        value = Decimal(text) if len(text) <= _MAX_DIGITS else Decimal("NaN")
    except InvalidOperation:  # an exponent beyond what even a Decimal can have
        raise ValueError(_BAD_NUMBER) from None
    if not value.is_finite() or abs(value.adjusted()) > _MAX_EXPONENT:
        raise ValueError(_BAD_NUMBER)
    return value


def without_exponent(text: str) -> Decimal:
    """Return the Decimal that `exact` does. Raises ValueError where it has an exponent: `1e5` is written as `1E+5`."""
    if "e" in text or "E" in text:
        raise ValueError(text)
    return exact(text)


def diagnosed(data: bytes) -> dict[str, Any]:
    """Read as `json.read` does, knowing every place. Raises FhirError UNREADABLE with an issue a fault."""
    repeated: list[tuple[dict[str, Any], list[str]]] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            repeated.append((found, repeated_names(name for name, _ in pairs)))
        return found

    value = _parsed(data, members)
    if not isinstance(value, dict):
        raise FhirError(Fault.UNREADABLE, "The body is not a JSON object; one FHIR resource is accepted.")
    issues = _issues(value, {id(container): names for container, names in repeated})
    told = tuple(islice(issues, _MAX_ISSUES))
    if told:
        raise FhirError(Fault.UNREADABLE, *told)
    return value


def repeated_names(names: Iterable[str]) -> list[str]:
    """Return, in alphabetical order, the names that come more than once."""
    return sorted(name for name, times in Counter(names).items() if times > 1)


def _parsed(data: bytes, members: Callable[[list[tuple[str, Any]]], dict[str, Any]]) -> Any:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise FhirError(
            Fault.UNREADABLE, f"The body is not UTF-8: byte {error.start} belongs to no character."
        ) from None
    decoder = json.JSONDecoder(
        object_pairs_hook=members,
        parse_float=lambda number: _or_unreadable(exact, number),
        parse_int=lambda number: _or_unreadable(int, number),
        parse_constant=lambda _: _NO_NUMBER,
    )
    try:
        return decoder.decode(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise FhirError(Fault.UNREADABLE, f"The body is not well-formed JSON at {place}.") from None
    except RecursionError:
        raise FhirError(Fault.UNREADABLE, _TOO_DEEP) from None


def _or_unreadable(read: Callable[[str], Any], number: str) -> Any:
    try:
        return read(number)
    except ValueError:
        return _NO_NUMBER


def _issues(root: dict[str, Any], repeated: dict[int, list[str]]) -> Iterator[Issue]:
    """Walk the tree in document order."""
    start = root.get("resourceType")
    head = start if isinstance(start, str) and _TYPE.fullmatch(start) else "%resource"
    stack: list[tuple[Any, Place, int]] = [(root, None, 1)]
    while stack:
        value, place, depth = stack.pop()
        for text, at in _own_faults(value, place, depth, repeated):
            yield Issue(text, _fhirpath(head, at))
        if depth <= MAX_DEPTH:
            stack.extend(_children(value, place, depth))


def _own_faults(value: Any, place: Place, depth: int, repeated: dict[int, list[str]]) -> Iterator[tuple[str, Place]]:
    """Say what is wrong with a value itself, apart from what it holds."""
    if value is _NO_NUMBER:
        yield _BAD_NUMBER, place
    elif isinstance(value, str) and _UNSUITED.search(value):
        yield _BAD_TEXT, place
    elif isinstance(value, dict | list) and depth > MAX_DEPTH:
        yield _TOO_DEEP, place
    elif isinstance(value, dict):
        if not all(map(NAME.fullmatch, value)):
            yield _BAD_NAME, place
        yield from ((_REPEATED, (place, name)) for name in repeated.get(id(value), ()) if NAME.fullmatch(name))


def _children(value: Any, place: Place, depth: int) -> list[tuple[Any, Place, int]]:
    """List what a value holds, last first, as the walk takes from the end; below a bad name no place has a name."""
    if isinstance(value, dict):
        return [(value[name], (place, name), depth + 1) for name in reversed(value) if NAME.fullmatch(name)]
    if isinstance(value, list):
        return [(value[index], (place, index), depth + 1) for index in reversed(range(len(value)))]
    return []


def _fhirpath(head: str, place: Place) -> str:
    steps: list[str] = []
    while place is not None:
        place, step = place
        steps.append(f"[{step}]" if isinstance(step, int) else f".{step}")
    return head + "".join(reversed(steps))
