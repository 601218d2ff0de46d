"""The fast check of a resource where several types may stand: an entry's, a contained one, a parameter's."""

from __future__ import annotations

from typing import Any

from app.conformance.shapes.shape import Shape
from app.conformance.walk.unsure import Make, Nested, Notes, NotSureError

_MOST_PROFILES = 2
"""Each declared profile takes the resource once over, those in it too: with more, the diagnosing pass keeps count."""


def resource_check(shape: Shape, make: Make) -> Nested:
    """Return the check of a resource by its own type, the profiles it declares, and those that the place asks for."""
    library = shape.library

    def holds(resource: Any, notes: Notes) -> bool:
        type_ = resource["resourceType"]
        accepted = shape.of_resource(type_)
        if not accepted:
            raise NotSureError
        profiles = resource["meta"].get("profile", ()) if "meta" in resource else ()
        if len(profiles) > _MOST_PROFILES:
            raise NotSureError
        known = []
        for url in profiles:
            declared = library.of_profile(url)
            if declared is not None:
                known.append(declared)
                if declared.type != type_ or not make(declared)(resource, notes):
                    return False
                notes.done.add((id(resource), id(declared)))
        if known and (accepted[0].says_only_r4 or any(one in known for one in accepted)):
            return True
        return len(accepted) == 1 and make(accepted[0])(resource, notes)

    return holds
