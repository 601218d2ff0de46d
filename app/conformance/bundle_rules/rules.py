"""Apply all rules on PAS Bundles and Claims that a profile cannot express; both passes of the engine use them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.conformance.bundle_rules.claim_links import claim_links, level_of_care
from app.conformance.bundle_rules.finding import Finding
from app.conformance.bundle_rules.frame import frame
from app.conformance.bundle_rules.kinds import Kind
from app.conformance.bundle_rules.update import update
from app.fhir.bundle import BundleIndex
from app.fhir.place import Place


def bundle_findings(index: BundleIndex, kind: Kind, version: str) -> Iterator[Finding]:
    """Yield the findings on a PAS Bundle of this kind and version of the guide, without those on its references."""
    yield from frame(index, kind)
    if kind.is_from_provider and index.entries:
        first = index.entries[0]
        yield from claim_findings(first.resource, (first.place, "resource"))
        yield from update(index, version)


def claim_findings(claim: dict[str, Any], place: Place) -> Iterator[Finding]:
    """Yield the findings on a PAS Claim."""
    yield from claim_links(claim, place)
    yield from level_of_care(claim, place)
