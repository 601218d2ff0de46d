"""Where references lead, for the fast pass: looked at when the whole body has been seen."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from app.conformance.bundle_rules.kinds import MAY_LEAVE_BUNDLE
from app.conformance.bundle_rules.reachable import Links
from app.conformance.checks.primitive import PRIMITIVES
from app.conformance.checks.reference import target_type
from app.conformance.compiled.shape import Shape
from app.conformance.fast.references import Accepted
from app.conformance.fast.unsure import Make, Notes
from app.fhir.bundle import BundleIndex, Entry, alone

Json = dict[str, Any]

_is_text = PRIMITIVES["string"].holds


def single_references(resource: Json, notes: Notes) -> bool:
    """Whether the references of a resource that stands alone are of the right types."""
    source = alone(resource)
    for reference, accepted in notes.references:
        if reference.startswith("#"):
            if reference != "#" and not _fits(source.contained(reference), accepted):
                return False
        elif not _may_be(reference, accepted):
            return False
    return True


class Followed:
    """Goes from reference to reference in a Bundle; each resource is checked once against each profile."""

    def __init__(self, index: BundleIndex, notes: Notes, make: Make) -> None:
        self._index, self._notes, self._make = index, notes, make
        self.links: Links = defaultdict(set)

    def all(self, *, closed: bool) -> bool:
        """Whether all references are as they must be; `closed`: and lead to an entry."""
        entries = iter(self._index.entries)
        source = None
        for noted in self._notes.references:
            if noted is None or type(noted) is Entry:
                source = next(entries) if noted is None else noted
            elif source is None or not self._follow(noted[0], noted[1], source, closed=closed):
                return False
        return True

    def _follow(self, reference: str, accepted: Accepted, source: Entry, *, closed: bool) -> bool:
        entry = self._index.resolve(reference, source)
        if entry is None:
            return _outside(reference, accepted, source, closed=closed)
        if entry.container is not None:
            return _fits(entry, accepted)
        self.links[source.number].add(entry.number)
        shapes = accepted[entry.type]
        return not shapes or self._meets(entry, shapes)

    def _meets(self, found: Entry, shapes: tuple[Shape, ...]) -> bool:
        done, resource = self._notes.done, id(found.resource)
        for shape in shapes:
            if resource in done[id(shape)]:
                return True
        if len(shapes) != 1:
            return False
        done[id(shapes[0])].add(resource)
        self._notes.references.append(found)
        return self._make(shapes[0])(found.resource, self._notes)


def _outside(reference: str, accepted: Accepted, source: Entry, *, closed: bool) -> bool:
    """Whether a reference that resolves to nothing is right: it leaves the Bundle, or means its own container."""
    if reference[0] == "#":
        return reference == "#"
    # In a contained resource the same element is a reference like any other.
    own = source.type in MAY_LEAVE_BUNDLE and "contained" not in source.resource
    return (not closed or (own and accepted.may_be_elsewhere)) and _may_be(reference, accepted)


def _fits(contained: Entry | None, accepted: Accepted) -> bool:
    """Whether a contained resource exists and has an accepted type; the diagnosing pass checks its profiles."""
    if contained is None or accepted.profiles:
        return False
    return accepted.types is None or contained.type in accepted.types


def _may_be(reference: str, accepted: Accepted) -> bool:
    """Whether a reference to something that is not at hand may be right, by the type that it names."""
    if not _is_text(reference):
        return False
    type_ = target_type(reference)
    return accepted.types is None or type_ is None or type_ in accepted.types
