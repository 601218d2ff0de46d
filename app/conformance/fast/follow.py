"""Where references lead, for the fast pass: looked at when the whole body has been seen."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from app.conformance.bundle_rules.kinds import MAY_LEAVE_BUNDLE
from app.conformance.bundle_rules.reachable import Leads
from app.conformance.bundle_rules.view import BundleView, Contained, Entry
from app.conformance.checks.primitive import PRIMITIVES
from app.conformance.checks.reference import target_type
from app.conformance.compiled.shape import Shape
from app.conformance.fast.references import Accepted
from app.conformance.fast.unsure import Make, Notes

Json = dict[str, Any]

_is_text = PRIMITIVES["string"].holds


def single_references(resource: Json, notes: Notes) -> bool:
    """Whether the references of a resource that stands alone are of the right types."""
    inside = Contained()
    for reference, accepted in notes.references:
        if reference.startswith("#"):
            if reference != "#" and not _fits(inside.find(resource, reference), accepted):
                return False
        elif not _may_be(reference, accepted):
            return False
    return True


class Followed:
    """Goes from reference to reference in a Bundle; each resource is checked once against each profile."""

    def __init__(self, view: BundleView, notes: Notes, make: Make) -> None:
        self._view, self._notes, self._make = view, notes, make
        self._inside = Contained()
        self.leads: Leads = defaultdict(set)

    def all(self, *, closed: bool) -> bool:
        """Whether all references are as they must be; `closed`: and lead to an entry."""
        resolve = self._view.resolve
        entries = iter(self._view.entries)
        source, leads = None, set[int]()
        for noted in self._notes.references:
            if noted is None or type(noted) is Entry:
                source = next(entries) if noted is None else noted
                leads = self.leads[source.number]
            elif source is None:
                return False
            else:
                reference, accepted = noted
                found = resolve(reference, source)
                if found is None:
                    if not self._elsewhere(reference, accepted, source, closed=closed):
                        return False
                else:
                    leads.add(found.number)
                    shapes = accepted[found.type]
                    if shapes and not self._meets(found, shapes):
                        return False
        return True

    def _elsewhere(self, reference: str, accepted: Accepted, source: Entry, *, closed: bool) -> bool:
        """Whether a reference that leads to no entry is right: to a contained resource, or out of the Bundle."""
        if reference[0] != "#":
            # In a resource within that of the entry the same element is a reference like any other.
            own = source.type in MAY_LEAVE_BUNDLE and "contained" not in source.resource
            return (not closed or (own and accepted.may_be_elsewhere)) and _may_be(reference, accepted)
        return reference == "#" or _fits(self._inside.find(source.resource, reference), accepted)

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


def _fits(resource: Json | None, accepted: Accepted) -> bool:
    """Whether a contained resource is there, of an accepted type; profiles of such are left to the diagnosing pass."""
    if resource is None or accepted.profiles:
        return False
    return accepted.types is None or resource.get("resourceType") in accepted.types


def _may_be(reference: str, accepted: Accepted) -> bool:
    """Whether a reference to something that is not at hand may be right, by the type that it names."""
    if not _is_text(reference):
        return False
    type_ = target_type(reference)
    return accepted.types is None or type_ is None or type_ in accepted.types
