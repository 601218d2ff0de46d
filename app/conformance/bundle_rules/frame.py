"""Check the frame of a PAS Bundle: the first entry, and the fullUrl of each entry."""

from __future__ import annotations

from collections.abc import Iterator

from app.conformance.bundle_rules.finding import Finding
from app.conformance.bundle_rules.kinds import Kind
from app.conformance.checks.primitive import PRIMITIVES
from app.conformance.checks.rule import Family
from app.fhir.bundle import BundleIndex, Entry

PUBLISHED = "https://hl7.org/fhir/us/davinci-pas/2.2.1/en/specification.html"
"""The page of the rules that only the text of the guide has."""

_EARLIER = {"2.0.1": "https://hl7.org/fhir/us/davinci-pas/STU2/specification.html"}

_IS_UUID = PRIMITIVES["uuid"].holds
_FULL_URL = "`fullUrl` must be the RESTful URL of the resource, ending in its type and id, or urn:uuid: and a UUID."
_TWICE = "Each `fullUrl` must be unique, and each resource must be in the Bundle only once."


def cited(source: str, version: str) -> str:
    """Return the source of a rule; for a rule of the text, the page of this version of the guide."""
    return _EARLIER.get(version, source) if source == PUBLISHED else source


def frame(index: BundleIndex, kind: Kind) -> Iterator[Finding]:
    """Yield the findings on the frame of the Bundle."""
    yield from first_entry(index, kind)
    for entry in index.entries:
        if not is_own_url(entry):
            yield Finding((entry.place, "fullUrl"), Family.FRAME, "value", _FULL_URL, "spec-16", PUBLISHED)
    if len(index.by_url) < len(index.entries):
        yield from duplicates(index)


def first_entry(index: BundleIndex, kind: Kind) -> Iterator[Finding]:
    """Check that a Claim comes first, or in an answer a ClaimResponse (spec-12, spec-30).

    In 2.0.1, the answer to an inquiry without a match has no ClaimResponse; the profile of 2.2.1 requires one.
    """
    if kind is Kind.INQUIRY_RESPONSE and all(entry.type != kind.first for entry in index.entries):
        return
    if index.entries and index.entries[0].type != kind.first:
        rule = "spec-12" if kind.is_from_provider else "spec-30"
        text = f"The first entry must be a {kind.first}."
        yield Finding((index.entries[0].place, "resource"), Family.FRAME, "structure", text, rule, PUBLISHED)


def is_own_url(entry: Entry) -> bool:
    """Return whether the fullUrl, if present, is the RESTful URL of the resource or a urn:uuid (spec-16)."""
    if entry.restful is not None:
        _, type_, id_ = entry.restful
        return type_ == entry.type and entry.resource.get("id", id_) == id_
    return not entry.full_url or bool(_IS_UUID(entry.full_url))


def duplicates(index: BundleIndex) -> Iterator[Finding]:
    """Check that no resource comes twice (spec-14, spec-31)."""
    for entry in index.entries:
        if entry.full_url and index.by_url[entry.full_url] is not entry:
            yield Finding((entry.place, "fullUrl"), Family.FRAME, "duplicate", _TWICE, "spec-14", PUBLISHED)
