"""Whether everything in a request hangs on its Claim (spec-20)."""

from __future__ import annotations

from collections.abc import Iterator

from app.conformance.bundle_rules.finding import Finding
from app.conformance.bundle_rules.frame import PUBLISHED
from app.conformance.checks.rule import Family
from app.fhir.bundle_index import BundleIndex

_TEXT = "A resource is accepted if the Claim refers to it, as supporting information or through another resource."


Leads = dict[int, set[int]]
"""The entries that each entry refers to, by their numbers."""


def all_reachable(index: BundleIndex, leads: Leads) -> bool:
    """Whether a chain of references leads to each entry from the first."""
    return len(_reachable(leads)) == len(index.entries)


def unreachable(index: BundleIndex, leads: Leads) -> Iterator[Finding]:
    """Give the entries that no chain of references leads to from the first.

    Nothing leads to an entry that comes again under the same fullUrl, which is told as such, nor to any where something
    else than the Claim comes first.
    """
    if not index.entries or index.entries[0].type != "Claim":
        return
    reached = _reachable(leads)
    for entry in index.entries:
        again = bool(entry.full_url) and index.by_url[entry.full_url] is not entry
        if entry.number not in reached and not again:
            yield Finding(entry.place, Family.REACH, "business-rule", _TEXT, "spec-20", PUBLISHED)


def _reachable(leads: Leads) -> set[int]:
    reached = {0}
    left = [0]
    for source in left:
        for number in leads.get(source, ()):
            if number not in reached:
                reached.add(number)
                left.append(number)
    return reached
