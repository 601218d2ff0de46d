"""How a PAS Bundle is put together: what comes first, what entries are known by, nothing twice."""

from __future__ import annotations

from collections.abc import Iterator

from app.conformance.bundle_rules.finding import Finding
from app.conformance.bundle_rules.kinds import Kind
from app.conformance.checks.primitive import PRIMITIVES
from app.conformance.checks.rule import Family
from app.fhir.bundle_index import BundleIndex, Entry

PUBLISHED = "https://hl7.org/fhir/us/davinci-pas/2.2.1/en/specification.html"

_IS_UUID = PRIMITIVES["uuid"].holds
_FULL_URL = "The resource's own RESTful URL is accepted, ending in its type and id, or urn:uuid: and a UUID."
_TWICE = "Each resource is accepted once in the Bundle, under a fullUrl of its own."


def frame(index: BundleIndex, kind: Kind) -> Iterator[Finding]:
    """Give what is wrong with the Bundle's frame."""
    yield from first_entry(index, kind)
    for entry in index.entries:
        if not is_own_url(entry):
            yield Finding((entry.place, "fullUrl"), Family.FRAME, "value", _FULL_URL, "spec-16", PUBLISHED)
    if len(index.by_url) < len(index.entries):
        yield from once(index)


def first_entry(index: BundleIndex, kind: Kind) -> Iterator[Finding]:
    """spec-12, spec-30: the first entry is a Claim, or in an answer a ClaimResponse.

    An inquiry that finds nothing is answered in 2.0.1 without a ClaimResponse; in 2.2.1 the profile refuses that.
    """
    if kind is Kind.INQUIRY_RESPONSE and all(entry.type != kind.first for entry in index.entries):
        return
    if index.entries and index.entries[0].type != kind.first:
        rule = "spec-12" if kind.asks else "spec-30"
        text = f"A resource of type {kind.first} is accepted as the first entry."
        yield Finding((index.entries[0].place, "resource"), Family.FRAME, "structure", text, rule, PUBLISHED)


def is_own_url(entry: Entry) -> bool:
    """spec-16: whether a fullUrl, if there is one, is the resource's RESTful URL or a urn:uuid."""
    if entry.restful is not None:
        _, type_, id_ = entry.restful
        return type_ == entry.type and entry.resource.get("id", id_) == id_
    return not entry.full_url or bool(_IS_UUID(entry.full_url))


def once(index: BundleIndex) -> Iterator[Finding]:
    """spec-14, spec-31: no resource comes twice."""
    for entry in index.entries:
        if entry.full_url and index.by_url[entry.full_url] is not entry:
            yield Finding((entry.place, "fullUrl"), Family.FRAME, "duplicate", _TWICE, "spec-14", PUBLISHED)
