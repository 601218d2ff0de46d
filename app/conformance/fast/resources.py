"""The fast check of a resource where several types may stand: an entry's, a contained one, a parameter's."""

from __future__ import annotations

from typing import Any

from app.conformance.compiled.shape import Shape
from app.conformance.fast.unsure import Make, Nested, Notes, NotSureError

_MOST_PROFILES = 2
"""Each declared profile takes the resource once over, those in it too: with more, the diagnosing pass keeps count."""

_MOST_DECLARATIONS = 1024
"""How many declarations are remembered for a place; others are looked up again each time."""

_LONGEST = 256
"""How long a URL may be to be remembered."""

Ways = tuple[tuple[Nested, int], ...]
"""The checks that a resource must pass, each with the identity of the shape it is about."""


def resource_check(shape: Shape, make: Make) -> Nested:
    """Return the check of a resource by its own type, the profiles it declares, and those that the place asks for."""
    ways = _Ways(shape, make)

    def holds(resource: Any, notes: Notes) -> bool:
        profiles = resource["meta"].get("profile", ()) if "meta" in resource else ()
        for check, asked in ways[(resource["resourceType"], *profiles)]:
            if not check(resource, notes):
                return False
            notes.done[asked].add(id(resource))
        return True

    return holds


class _Ways(dict[tuple[str, ...], Ways]):
    """How resources are checked, by their type and the profiles they declare."""

    def __init__(self, shape: Shape, make: Make) -> None:
        super().__init__()
        self._shape, self._make = shape, make

    def __missing__(self, declared: tuple[str, ...]) -> Ways:
        """Find out which shapes a resource must have. Raises NotSureError where it is not plain that these will do."""
        type_, *profiles = declared
        accepted = self._shape.of_resource(type_)
        if not accepted or len(profiles) > _MOST_PROFILES:
            raise NotSureError
        found = (self._shape.library.of_profile(url) for url in profiles)
        shapes = list(dict.fromkeys(one for one in found if one is not None))
        if any(one.type != type_ for one in shapes):
            raise NotSureError
        if not shapes or not (accepted[0].says_only_r4 or any(one in shapes for one in accepted)):
            if len(accepted) != 1:
                raise NotSureError
            shapes.append(accepted[0])
        ways = tuple((self._make(one), id(one)) for one in shapes)
        if len(self) < _MOST_DECLARATIONS and all(len(url) <= _LONGEST for url in profiles):
            self[declared] = ways
        return ways
