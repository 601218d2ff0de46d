"""Check a Bundle: its elements, then the targets of its references, then the rules on the whole Bundle."""

from __future__ import annotations

from typing import Any

from app.conformance.bundle_rules.kinds import kind_of
from app.conformance.bundle_rules.reachable import all_reachable
from app.conformance.bundle_rules.rules import bundle_findings
from app.conformance.compiled.shape import Shape
from app.conformance.fast.follow import ReferenceFollower
from app.conformance.fast.unsure import MakeCheck, Notes, NotSureError, ObjectCheck
from app.fhir.bundle import BundleIndex

Json = dict[str, Any]

_DEEPEST = 3
"""The most nested Bundles that the fast pass checks."""


def bundle_check(shape: Shape, check: ObjectCheck, make: MakeCheck) -> ObjectCheck:
    """Return the check of a Bundle. Its references resolve only within it."""
    kind, version = kind_of(shape.source), shape.version

    def is_valid(bundle: Json, outer: Notes) -> bool:
        notes = Notes(outer.depth + 1, outer.level)
        if notes.depth > _DEEPEST:
            raise NotSureError
        if not check(bundle, notes):
            return False
        index = BundleIndex(bundle)
        followed = ReferenceFollower(index, notes, make)
        if not followed.are_valid(closed=kind is not None):
            return False
        if kind is None:
            return True
        if kind.is_from_provider and not all_reachable(index, followed.links):
            return False
        return next(bundle_findings(index, kind, version), None) is None

    return is_valid


def entry_check(check: ObjectCheck) -> ObjectCheck:
    """Return the check of an entry. It marks in the notes where the references of the next entry begin."""

    def is_valid(entry: Any, notes: Notes) -> bool:
        notes.references.append(None)
        return check(entry, notes)

    return is_valid
