"""A range of codes that one service line names: from its service code to `productOrServiceCodeEnd`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

from app.codes import family
from app.domain.datatypes import Coding

_DIGIT = re.compile("[0-9]")
_NOT_DIGIT = re.compile("[^0-9]")
_LONGEST = 20
"""Characters of a code that can be the end of a range. Code systems with ranges have shorter codes."""

_CODES_REMEMBERED = 4096


class CodeSpan(Struct, frozen=True):
    """The codes of one shape from `first` to `last`, both included, as the numbers that their digits make.

    A span whose ends do not form a range is empty: `first` is greater than `last`.
    """

    system: str
    shape: str
    first: int
    last: int

    @property
    def empty(self) -> bool:
        """Return whether the ends do not form a range."""
        return self.first > self.last

    def overlaps(self, other: CodeSpan) -> bool:
        """Return whether both have a code in common."""
        alike = self.system == other.system and self.shape == other.shape
        return alike and self.first <= other.last and other.first <= self.last


def span_of(services: Iterable[Coding], end: Coding | None) -> CodeSpan | None:
    """Return the range that a line names; None if it names single codes."""
    if end is None:
        return None
    system, last = family(end.system), end.code.upper()
    first = next((service.code.upper() for service in services if family(service.system) == system), None)
    if first is None or not _can_begin(first) or shape_of(first) != shape_of(last):
        return CodeSpan(system, "", 1, 0)
    return CodeSpan(system, shape_of(first), number_of(first), number_of(last))


@lru_cache(_CODES_REMEMBERED)
def single(system: str, code: str) -> CodeSpan:
    """Return the range of one code, given by the family of its system and in capitals."""
    if not _can_begin(code):
        return CodeSpan(system, code, 0, 0)
    return CodeSpan(system, shape_of(code), number_of(code), number_of(code))


def _can_begin(code: str) -> bool:
    """Return whether a code can begin a range: it has digits, and few enough to count them."""
    return len(code) <= _LONGEST and _DIGIT.search(code) is not None


def shape_of(code: str) -> str:
    """Return a code with each digit as 0. Only codes of one shape form a range."""
    return _DIGIT.sub("0", code)


def number_of(code: str) -> int:
    """Return the number that the digits of a code make."""
    return int(_NOT_DIGIT.sub("", code))
