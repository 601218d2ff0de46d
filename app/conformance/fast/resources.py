"""Check a resource where several types are possible: in an entry, in `contained`, in a parameter."""

from __future__ import annotations

from typing import Any

from app.conformance.compiled.shape import Shape
from app.conformance.fast.unsure import MakeCheck, Notes, NotSureError, ObjectCheck

_MOST_PROFILES = 2
"""Each declared profile checks everything in the resource again. With more profiles, the diagnosing pass decides."""

_MOST_DECLARATIONS = 1024
"""The size of the cache of declarations."""

_LONGEST = 256
"""The most characters of a cached URL."""

Checks = tuple[tuple[ObjectCheck, int], ...]
"""The checks of a resource, each with the id of its shape."""


def resource_check(shape: Shape, make: MakeCheck) -> ObjectCheck:
    """Return the check of a resource by its type, its declared profiles, and the profiles of its place."""
    checks = _ChecksByDeclaration(shape, make)

    def is_valid(resource: Any, notes: Notes) -> bool:
        profiles = resource["meta"].get("profile", ()) if "meta" in resource else ()
        for check, shape_id in checks[(resource["resourceType"], *profiles)]:
            if not check(resource, notes):
                return False
            notes.checked[shape_id].add(id(resource))
        return True

    return is_valid


class _ChecksByDeclaration(dict[tuple[str, ...], Checks]):
    """The checks of resources, by type and declared profiles."""

    def __init__(self, shape: Shape, make: MakeCheck) -> None:
        super().__init__()
        self._shape, self._make = shape, make

    def __missing__(self, declared: tuple[str, ...]) -> Checks:
        """Find the shapes of a resource. Raises NotSureError if only the diagnosing pass can decide."""
        type_, *profiles = declared
        allowed = self._shape.of_resource(type_)
        if not allowed or len(profiles) > _MOST_PROFILES:
            raise NotSureError
        declared_shapes = (self._shape.library.of_profile(url) for url in profiles)
        shapes = list(dict.fromkeys(shape for shape in declared_shapes if shape is not None))
        if any(shape.type != type_ for shape in shapes):
            raise NotSureError
        if not shapes or not (allowed[0].is_plain_r4 or any(shape in shapes for shape in allowed)):
            if len(allowed) != 1:
                raise NotSureError
            shapes.append(allowed[0])
        checks = tuple((self._make(shape), id(shape)) for shape in shapes)
        if len(self) < _MOST_DECLARATIONS and all(len(url) <= _LONGEST for url in profiles):
            self[declared] = checks
        return checks
