"""Follow the references of a body, after the pass has checked all elements."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from app.conformance.bundle_rules.kinds import MAY_LEAVE_BUNDLE
from app.conformance.bundle_rules.reachable import Links
from app.conformance.checks.primitive import PRIMITIVES
from app.conformance.checks.reference import target_type
from app.conformance.compiled.shape import Shape
from app.conformance.fast.references import AllowedTargets
from app.conformance.fast.unsure import MakeCheck, Notes
from app.fhir.bundle import BundleIndex, Entry, alone

Json = dict[str, Any]

_is_text = PRIMITIVES["string"].holds


def references_are_valid(resource: Json, notes: Notes) -> bool:
    """Return whether the references of a resource outside a Bundle have the right types."""
    source = alone(resource)
    for reference, allowed in notes.references:
        if reference.startswith("#"):
            if reference != "#" and not _fits(source.contained(reference), allowed):
                return False
        elif not _allows_named_type(reference, allowed):
            return False
    return True


class ReferenceFollower:
    """Follow the references of a Bundle; check each resource once against each profile."""

    def __init__(self, index: BundleIndex, notes: Notes, make: MakeCheck) -> None:
        self._index, self._notes, self._make = index, notes, make
        self.links: Links = defaultdict(set)

    def are_valid(self, *, closed: bool) -> bool:
        """Return whether all references are valid; in a `closed` Bundle they must also resolve to an entry."""
        entries = iter(self._index.entries)
        source = None
        for noted in self._notes.references:
            if noted is None or type(noted) is Entry:
                source = next(entries) if noted is None else noted
            elif source is None or not self._follow(noted[0], noted[1], source, closed=closed):
                return False
        return True

    def _follow(self, reference: str, allowed: AllowedTargets, source: Entry, *, closed: bool) -> bool:
        entry = self._index.resolve(reference, source)
        if entry is None:
            return _outside(reference, allowed, source, closed=closed)
        if entry.container is not None:
            return _fits(entry, allowed)
        self.links[source.number].add(entry.number)
        shapes = allowed[entry.type]
        return not shapes or self._conforms(entry, shapes)

    def _conforms(self, target: Entry, shapes: tuple[Shape, ...]) -> bool:
        checked, resource = self._notes.checked, id(target.resource)
        for shape in shapes:
            if resource in checked[id(shape)]:
                return True
        if len(shapes) != 1:
            return False
        checked[id(shapes[0])].add(resource)
        self._notes.references.append(target)
        return self._make(shapes[0])(target.resource, self._notes)


def _outside(reference: str, allowed: AllowedTargets, source: Entry, *, closed: bool) -> bool:
    """Return whether an unresolved reference is valid: it leaves the Bundle, or is `#`, the containing resource."""
    if reference[0] == "#":
        return reference == "#"
    # In a contained resource the same element is a reference like any other.
    own = source.type in MAY_LEAVE_BUNDLE and "contained" not in source.resource
    return (not closed or (own and allowed.may_leave_bundle)) and _allows_named_type(reference, allowed)


def _fits(contained: Entry | None, allowed: AllowedTargets) -> bool:
    """Return whether a contained resource exists and has an allowed type; the diagnosing pass checks its profiles."""
    if contained is None or allowed.profiles:
        return False
    return allowed.types is None or contained.type in allowed.types


def _allows_named_type(reference: str, allowed: AllowedTargets) -> bool:
    """Return whether the type in an unresolved reference is allowed."""
    if not _is_text(reference):
        return False
    type_ = target_type(reference)
    return allowed.types is None or type_ is None or type_ in allowed.types
