"""What the fast pass gives up with: it answers yes, or that it is not sure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, NoReturn

from app.conformance.compiled.shape import Field, Shape
from app.fhir.json_faults import MAX_DEPTH

MOST_NESTED = (MAX_DEPTH - 4) // 2
"""How many objects in each other the fast pass looks at: each may be in an array, and the innermost hold a concept."""


NO_LIMIT = 1 << 30
"""How many values an element may have of which nobody says how many."""


def limits_of(field: Field) -> tuple[int, int]:
    """Return how few and how many values an element that repeats may have; an array is never empty."""
    return max(field.minimum, 1), NO_LIMIT if field.maximum is None else field.maximum


class Notes:
    """What object checks note on their way.

    `references` are those met, each with what it may refer to, and None before those of the next entry. `done` are the
    objects that have a shape: by its identity, theirs. `depth` counts Bundles in Bundles, `level` objects in
    objects.
    """

    __slots__ = ("depth", "done", "level", "references")

    def __init__(self, depth: int = 0, level: int = 0) -> None:
        self.depth = depth
        self.level = level
        self.references: list[Any] = []
        self.done: dict[int, set[int]] = defaultdict(set)


Simple = Callable[[Any], object]
Nested = Callable[[Any, Notes], bool]
Make = Callable[[Shape], Nested]


def refused(_value: Any, _notes: Notes) -> bool:
    """Leave an object to the diagnosing pass, whatever it holds."""
    return False


class NotSureError(Exception):
    """Something that only the diagnosing pass can judge; it never leaves the fast pass."""


class Unsure:
    """The surroundings of a value as the fast pass has them: none, so it cannot tell what depends on them."""

    def resolve(self, _: str) -> NoReturn:
        """Leave it to the diagnosing pass."""
        raise NotSureError

    def conforms(self, _value: Any, _profile: str) -> NoReturn:
        """Leave it to the diagnosing pass."""
        raise NotSureError


UNSURE = Unsure()
