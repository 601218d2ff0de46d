"""The fast check of a whole body: the resource, then what its references lead to, then the rules on the Bundle."""

from __future__ import annotations

from typing import Any

from app.conformance.bundle_rules.kinds import kind_of
from app.conformance.bundle_rules.reach import unreached
from app.conformance.bundle_rules.rules import bundle_findings
from app.conformance.bundle_rules.view import BundleView, Contained, Entry
from app.conformance.checks.reference import Target
from app.conformance.shapes.shape import Shape, Shapes
from app.conformance.walk.targets import target_type
from app.conformance.walk.unsure import Make, Nested, Notes, NotSureError

Json = dict[str, Any]

_DEEPEST = 3
"""How many Bundles in each other the fast pass looks at."""


def bundle_check(shape: Shape, check: Nested, make: Make) -> Nested:
    """Return the check of a Bundle; the references in it are looked up in it alone."""
    kind = kind_of(shape.source)

    def holds(bundle: Json, outer: Notes) -> bool:
        notes = Notes(outer.depth + 1)
        if notes.depth > _DEEPEST:
            raise NotSureError
        if not check(bundle, notes):
            return False
        view = BundleView(bundle)
        followed = _Followed(view, notes, shape.library, make)
        if not followed.all(closed=kind is not None):
            return False
        if kind is None:
            return True
        found = any(True for _ in bundle_findings(view, kind))
        return not found and not (kind.asks and any(True for _ in unreached(view, followed.edges)))

    return holds


def single_references(resource: Json, notes: Notes) -> bool:
    """Whether the references of a resource that stands alone are of the right types."""
    inside = Contained()
    for reference, target in notes.references:
        if reference.startswith("#"):
            if reference != "#" and not _fits(inside.find(resource, reference), target):
                return False
        elif not _may_be(reference, target):
            return False
    return True


class _Followed:
    """Goes from reference to reference; each resource is checked once against each profile."""

    def __init__(self, view: BundleView, notes: Notes, library: Shapes, make: Make) -> None:
        self.view, self.notes, self.library, self.make = view, notes, library, make
        self.inside = Contained()
        self.edges: set[tuple[int, int]] = set()

    def all(self, *, closed: bool) -> bool:
        """Whether all references are as they must be; `closed`: and lead to an entry."""
        entries = iter(self.view.entries)
        source = None
        for noted in self.notes.references:
            if noted is None:
                source = next(entries)
            elif type(noted) is Entry:
                source = noted
            elif source is None or not self._one(source, noted[0], noted[1], closed=closed):
                return False
        return True

    def _one(self, source: Entry, reference: str, target: Target, *, closed: bool) -> bool:
        if reference[0] == "#":
            return reference == "#" or _fits(self.inside.find(source.resource, reference), target)
        found = self.view.resolve(reference, source)
        if found is None:
            return not closed and _may_be(reference, target)
        self.edges.add((source.number, found.number))
        if target.types is not None and found.type not in target.types:
            return False
        profiles = target.profiles.get(found.type)
        return profiles is None or self._meets(found, profiles)

    def _meets(self, found: Entry, profiles: tuple[str, ...]) -> bool:
        shapes = [shape for shape in map(self.library.of_profile, profiles) if shape is not None]
        done = self.notes.done
        if any((id(found.resource), id(shape)) in done for shape in shapes):
            return True
        if len(shapes) != 1:
            return False
        done.add((id(found.resource), id(shapes[0])))
        self.notes.references.append(found)
        return self.make(shapes[0])(found.resource, self.notes)


def _fits(resource: Json | None, target: Target) -> bool:
    """Whether a contained resource is there, of an accepted type; profiles of such are left to the diagnosing pass."""
    if resource is None or target.profiles:
        return False
    return target.types is None or resource.get("resourceType") in target.types


def _may_be(reference: str, target: Target) -> bool:
    type_ = target_type(reference)
    return target.types is None or type_ is None or type_ in target.types
