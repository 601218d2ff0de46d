"""The types of checks in the fast pass, the notes they share, and the answer "not sure"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, NoReturn

from app.conformance.compiled.shape import Field, Shape
from app.fhir.json_faults import MAX_DEPTH

MOST_NESTED = (MAX_DEPTH - 4) // 2
"""The most nested objects: each may be in an array, and the innermost may have a concept."""

NO_LIMIT = 1 << 30
"""The maximum number of values of an element without a maximum."""


def limits_of(field: Field) -> tuple[int, int]:
    """Return the minimum and maximum number of values of an element that repeats; an array is never empty."""
    return max(field.minimum, 1), NO_LIMIT if field.maximum is None else field.maximum


class Notes:
    """Notes that the checks of a body share.

    `references` has each reference with its allowed targets, and None before those of the next entry.
    `checked[id(shape)]` has the ids of the resources that are valid for that shape. `depth` counts nested Bundles,
    `level` nested objects.
    """

    __slots__ = ("checked", "depth", "level", "references")

    def __init__(self, depth: int = 0, level: int = 0) -> None:
        self.depth = depth
        self.level = level
        self.references: list[Any] = []
        self.checked: dict[int, set[int]] = defaultdict(set)


ValueCheck = Callable[[Any], object]
ObjectCheck = Callable[[Any, Notes], bool]
MakeCheck = Callable[[Shape], ObjectCheck]


def never_sure(_value: Any, _notes: Notes) -> bool:
    """Leave every object to the diagnosing pass."""
    return False


class NotSureError(Exception):
    """Only the diagnosing pass can decide. It never leaves the fast pass."""


class Unsure:
    """The Surroundings of the fast pass, which resolves no references while it checks elements."""

    def resolve(self, _: str) -> NoReturn:
        """Leave it to the diagnosing pass."""
        raise NotSureError

    def conforms(self, _value: Any, _profile: str) -> NoReturn:
        """Leave it to the diagnosing pass."""
        raise NotSureError


UNSURE = Unsure()
