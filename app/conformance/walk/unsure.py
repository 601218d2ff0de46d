"""What the fast pass gives up with: it answers yes, or that it is not sure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from app.conformance.shapes.shape import Shape


class Notes:
    """What object checks note on their way: None at each entry, the references in it with what they may refer to.

    `done` are the resources that met a profile, each by the identities of both; `depth` counts Bundles in Bundles.
    """

    __slots__ = ("depth", "done", "references")

    def __init__(self, depth: int = 0) -> None:
        self.depth = depth
        self.references: list[Any] = []
        self.done: set[tuple[int, int]] = set()


Simple = Callable[[Any], object]
Nested = Callable[[Any, Notes], bool]
Make = Callable[[Shape], Nested]


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
