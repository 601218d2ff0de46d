"""A range of codes that one service line names: from its service code to `productOrServiceCodeEnd`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from app.codes import family
from app.domain.datatypes import Coding

_DIGIT = re.compile("[0-9]")
_NOT_DIGIT = re.compile("[^0-9]")


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


def span_of(services: Iterable[Coding], end: Coding | None) -> CodeSpan | None:
    """Return the range that a line names; None if it names single codes."""
    if end is None:
        return None
    system, last = family(end.system), end.code.upper()
    first = next((service.code.upper() for service in services if family(service.system) == system), None)
    if first is None or shape_of(first) != shape_of(last) or not _DIGIT.search(first):
        return CodeSpan(system, "", 1, 0)
    return CodeSpan(system, shape_of(first), number_of(first), number_of(last))


def shape_of(code: str) -> str:
    """Return a code with each digit as 0. Only codes of one shape form a range."""
    return _DIGIT.sub("0", code)


def number_of(code: str) -> int:
    """Return the number that the digits of a code make."""
    return int(_NOT_DIGIT.sub("", code))
