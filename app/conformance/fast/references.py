"""Note the references of a body with their allowed targets; `follow` checks them later."""

from __future__ import annotations

from typing import Any

from app.conformance.checks.reference import Target
from app.conformance.compiled.shape import Shape, Shapes
from app.conformance.fast.unsure import Notes, NotSureError, ObjectCheck


def reference_check(shape: Shape, target: Target, general: ObjectCheck) -> ObjectCheck:
    """Return the check of a Reference."""
    allowed = AllowedTargets(target, shape.library)

    def is_valid(value: Any, notes: Notes) -> bool:
        if "reference" in value:
            notes.references.append((value["reference"], allowed))
        return general(value, notes)

    return is_valid


def leaving_check(check: ObjectCheck) -> ObjectCheck:
    """Return the check of a Reference that may leave the Bundle."""

    def is_valid(value: Any, notes: Notes) -> bool:
        number = len(notes.references)
        if not check(value, notes):
            return False
        if "reference" in value:
            reference, allowed = notes.references[number]
            notes.references[number] = (reference, allowed.leaving_bundle())
        return True

    return is_valid


class AllowedTargets(dict[str, tuple[Shape, ...]]):
    """The allowed targets of a reference: by resource type, the shapes; a target must have one of them, if any."""

    def __init__(self, target: Target, library: Shapes) -> None:
        super().__init__()
        self.types = target.types
        self.profiles = target.profiles
        self.may_leave_bundle = False
        self._target, self._library = target, library
        self._leaving_bundle: AllowedTargets | None = None

    def leaving_bundle(self) -> AllowedTargets:
        """Return the same targets for a reference that may leave the Bundle."""
        if self._leaving_bundle is None:
            self._leaving_bundle = AllowedTargets(self._target, self._library)
            self._leaving_bundle.may_leave_bundle = True
        return self._leaving_bundle

    def __missing__(self, type_: str) -> tuple[Shape, ...]:
        """Find the shapes. Raises NotSureError for another type."""
        if self.types is not None and type_ not in self.types:
            raise NotSureError
        profiled = map(self._library.of_profile, self.profiles.get(type_, ()))
        shapes = tuple(shape for shape in profiled if shape is not None)
        if self.types is not None:
            self[type_] = shapes
        return shapes
