"""Whether everything in a request hangs on its Claim (spec-20)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.conformance.bundle_rules.finding import Finding
from app.conformance.bundle_rules.frame import PUBLISHED
from app.conformance.bundle_rules.view import BundleView
from app.conformance.checks.rule import Family

_TEXT = "A resource is accepted if the Claim refers to it, as supporting information or through another resource."


def unreached(view: BundleView, edges: Iterable[tuple[int, int]]) -> Iterator[Finding]:
    """Give the entries that no chain of references leads to from the first; `edges` are the references by entry."""
    leads: dict[int, set[int]] = {}
    for source, target in edges:
        leads.setdefault(source, set()).add(target)
    reached = {0}
    left = [0]
    while left:
        further = leads.get(left.pop(), set()) - reached
        reached |= further
        left.extend(further)
    for entry in view.entries:
        if entry.number not in reached:
            yield Finding(entry.place, Family.REACH, "business-rule", _TEXT, "spec-20", PUBLISHED)
