"""Check that references connect each resource of a request to its Claim (spec-20)."""

from __future__ import annotations

from collections.abc import Iterator

from app.conformance.bundle_rules.finding import Finding
from app.conformance.bundle_rules.frame import PUBLISHED
from app.conformance.checks.rule import Family
from app.fhir.bundle import BundleIndex

_TEXT = "The Claim must refer to this resource, directly or through another resource in the Bundle."

Links = dict[int, set[int]]
"""By the number of an entry, the numbers of the entries that it refers to."""


def all_reachable(index: BundleIndex, links: Links) -> bool:
    """Return whether references connect each entry to the first."""
    return len(_reachable(links)) == len(index.entries)


def unreachable(index: BundleIndex, links: Links) -> Iterator[Finding]:
    """Yield the entries that no chain of references connects to the Claim.

    Entries with a repeated fullUrl have a finding of their own. Without a Claim as the first entry there is no finding.
    """
    if not index.entries or index.entries[0].type != "Claim":
        return
    connected = _reachable(links)
    for entry in index.entries:
        is_duplicate = bool(entry.full_url) and index.by_url[entry.full_url] is not entry
        if entry.number not in connected and not is_duplicate:
            yield Finding(entry.place, Family.CONNECTION, "business-rule", _TEXT, "spec-20", PUBLISHED)


def _reachable(links: Links) -> set[int]:
    reachable = {0}
    unvisited = [0]
    for source in unvisited:
        for number in links.get(source, ()):
            if number not in reachable:
                reachable.add(number)
                unvisited.append(number)
    return reachable
