"""Find all faults of a body that the quick reader rejects, each with its place."""

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
from app.fhir.place import Place, fhirpath

MAX_DEPTH = 50
NAME = re.compile(r"_?[A-Za-z][A-Za-z0-9]{0,63}")

_MAX_DIGITS = 640
_MAX_EXPONENT = 308
_MAX_ISSUES = 20
_TYPE = re.compile(r"[A-Z][A-Za-z]{1,63}")
_UNSUITED = re.compile("[\x00\ud800-\udfff]")

_REPEATED = "The element is repeated. An object must have each element only once."
_BAD_NAME = "An element name must be a letter, then letters and digits, at most 64 in total."
_BAD_TEXT = "A text must not contain U+0000 or an unpaired surrogate."
_BAD_NUMBER = (
    f"A number must have at most {_MAX_DIGITS} digits and an exponent from -308 to 308; NaN and Infinity are not JSON."
)
_TOO_DEEP = f"The body must not be nested deeper than {MAX_DEPTH} objects and arrays."

# The time to read or write an integer grows with the square of its digits; the quick reader has no other limit.
sys.set_int_max_str_digits(_MAX_DIGITS)


class _Unreadable:
    """Stands for an invalid number in the tree until its place is known."""


_NO_NUMBER = _Unreadable()


def exact(text: str) -> Decimal:
    """Return a JSON number as an exact Decimal. Raises ValueError if it is too long or too large."""
    try:
        value = Decimal(text) if len(text) <= _MAX_DIGITS else Decimal("NaN")
    except InvalidOperation:  # the exponent is too large for a Decimal
        raise ValueError(_BAD_NUMBER) from None
    if not value.is_finite() or abs(value.adjusted()) > _MAX_EXPONENT:
        raise ValueError(_BAD_NUMBER)
    return value


def without_exponent(text: str) -> Decimal:
    """Return what `exact` returns. Raises ValueError if the number has an exponent: `1e5` is written as `1E+5`."""
    if "e" in text or "E" in text:
        raise ValueError(text)
    return exact(text)


def diagnosed(data: bytes) -> dict[str, Any]:
    """Read as `json.read` does, with all places. Raises FhirError UNREADABLE with one issue per fault."""
    repeated: list[tuple[dict[str, Any], list[str]]] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        container = dict(pairs)
        if len(container) < len(pairs):
            repeated.append((container, repeated_names(name for name, _ in pairs)))
        return container

    value = _parsed(data, members)
    if not isinstance(value, dict):
        raise FhirError(Fault.UNREADABLE, "The body is not a JSON object. It must be one FHIR resource.")
    all_issues = _issues(value, {id(container): names for container, names in repeated})
    issues = tuple(islice(all_issues, _MAX_ISSUES))
    if issues:
        raise FhirError(Fault.UNREADABLE, *issues)
    return value


def repeated_names(names: Iterable[str]) -> list[str]:
    """Return the repeated names in alphabetical order."""
    return sorted(name for name, times in Counter(names).items() if times > 1)


def _parsed(data: bytes, members: Callable[[list[tuple[str, Any]]], dict[str, Any]]) -> Any:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise FhirError(Fault.UNREADABLE, f"The body is not UTF-8: byte {error.start} is invalid.") from None
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
    """Yield the issues of the tree in document order."""
    type_ = root.get("resourceType")
    start = type_ if isinstance(type_, str) and _TYPE.fullmatch(type_) else "%resource"
    stack: list[tuple[Any, Place, int]] = [(root, start, 1)]
    while stack:
        value, place, depth = stack.pop()
        for text, at in _own_faults(value, place, depth, repeated):
            yield Issue(text, fhirpath(at))
        if depth <= MAX_DEPTH:
            stack.extend(_children(value, place, depth))


def _own_faults(value: Any, place: Place, depth: int, repeated: dict[int, list[str]]) -> Iterator[tuple[str, Place]]:
    """Yield the faults of a value itself, without those of its children."""
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
    """Return the children of a value, last first for the stack; children with a malformed name have no place."""
    if isinstance(value, dict):
        return [(value[name], (place, name), depth + 1) for name in reversed(value) if NAME.fullmatch(name)]
    if isinstance(value, list):
        return [(value[index], (place, index), depth + 1) for index in reversed(range(len(value)))]
    return []
