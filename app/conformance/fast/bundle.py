"""The fast check of a whole Bundle: its elements, then what its references lead to, then the rules on it."""

from __future__ import annotations

from typing import Any

from app.conformance.bundle_rules.kinds import kind_of
from app.conformance.bundle_rules.reachable import all_reachable
from app.conformance.bundle_rules.rules import bundle_findings
from app.conformance.compiled.shape import Shape
from app.conformance.fast.follow import Followed
from app.conformance.fast.unsure import Make, Nested, Notes, NotSureError
from app.fhir.bundle import BundleIndex

Json = dict[str, Any]

_DEEPEST = 3
"""How many Bundles in each other the fast pass looks at."""


def bundle_check(shape: Shape, check: Nested, make: Make) -> Nested:
    """Return the check of a Bundle; the references in it are looked up in it alone."""
    kind = kind_of(shape.source)

    def holds(bundle: Json, outer: Notes) -> bool:
        notes = Notes(outer.depth + 1, outer.level)
        if notes.depth > _DEEPEST:
            raise NotSureError
        if not check(bundle, notes):
            return False
        index = BundleIndex(bundle)
        followed = Followed(index, notes, make)
        if not followed.all(closed=kind is not None):
            return False
        if kind is None:
            return True
        if kind.asks and not all_reachable(index, followed.links):
            return False
        return next(bundle_findings(index, kind), None) is None

    return holds


def entry_check(check: Nested) -> Nested:
    """Note that the references that come now are those of the next entry."""

    def holds(entry: Any, notes: Notes) -> bool:
        notes.references.append(None)
        return check(entry, notes)

    return holds
