"""The fast check of references: noted on the way, with what each may refer to."""

from __future__ import annotations

from typing import Any

from app.conformance.checks.reference import Target
from app.conformance.compiled.shape import Shape, Shapes
from app.conformance.fast.unsure import Nested, Notes, NotSureError


def reference_check(shape: Shape, target: Target, general: Nested) -> Nested:
    """Return the check of a Reference."""
    accepted = Accepted(target, shape.library)

    def holds(value: Any, notes: Notes) -> bool:
        if "reference" in value:
            notes.references.append((value["reference"], accepted))
        return general(value, notes)

    return holds


def elsewhere_check(check: Nested) -> Nested:
    """Return the check of a Reference that need not lead to an entry, where all others must."""

    def holds(value: Any, notes: Notes) -> bool:
        number = len(notes.references)
        if not check(value, notes):
            return False
        if "reference" in value:
            reference, accepted = notes.references[number]
            notes.references[number] = (reference, accepted.elsewhere())
        return True

    return holds


class Accepted(dict[str, tuple[Shape, ...]]):
    """What a reference may refer to: for each type of resource the shapes one of which it must have, if any."""

    def __init__(self, target: Target, library: Shapes) -> None:
        super().__init__()
        self.types = target.types
        self.profiles = target.profiles
        self.may_be_elsewhere = False
        self._target, self._library = target, library
        self._elsewhere: Accepted | None = None

    def elsewhere(self) -> Accepted:
        """Return the same for a reference that need not lead to an entry."""
        if self._elsewhere is None:
            self._elsewhere = Accepted(self._target, self._library)
            self._elsewhere.may_be_elsewhere = True
        return self._elsewhere

    def __missing__(self, type_: str) -> tuple[Shape, ...]:
        """Find the shapes. Raises NotSureError for a type that is not accepted."""
        if self.types is not None and type_ not in self.types:
            raise NotSureError
        found = map(self._library.of_profile, self.profiles.get(type_, ()))
        shapes = tuple(shape for shape in found if shape is not None)
        if self.types is not None:
            self[type_] = shapes
        return shapes
