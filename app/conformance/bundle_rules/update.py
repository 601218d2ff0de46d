"""Check the update of a request (spec-65 to spec-72). Since 2.2.1, it must include the Claim that it updates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.codes import pas
from app.conformance.bundle_rules.certification import CERTIFICATION_TYPE, is_certified
from app.conformance.bundle_rules.finding import Finding
from app.conformance.bundle_rules.frame import PUBLISHED
from app.conformance.bundle_rules.readers import Json, extension_values, objects, reference_of
from app.conformance.checks.rule import Family
from app.fhir.bundle import BundleIndex, Entry
from app.fhir.place import Place

_CANCEL = "3"
_MARKS = (pas("extension-infoChanged"), pas("modifierextension-infoCancelled"))
_ONE_CLAIM = "2.0.1"
"""The version whose Bundles have room for the update only, so that `related.claim` refers outside."""


def update(index: BundleIndex, version: str) -> Iterator[Finding]:
    """Yield the findings on an update; a first request has none."""
    claim = index.entries[0] if index.entries else None
    if claim is None or claim.type != "Claim" or not isinstance(claim.resource.get("related"), list):
        return
    place = (claim.place, "resource")
    before: dict[int, Entry] = {}
    for number, related in objects(claim.resource, "related"):
        reference = reference_of(related.get("claim"))
        prior = None if reference is None else index.resolve(reference, claim)
        if prior is None and version != _ONE_CLAIM:
            text = "`related.claim` must refer to the updated Claim, which must be an entry of the Bundle."
            at = (((place, "related"), number), "claim")
            yield Finding(at, Family.NEEDED, "not-found", text, "spec-65", PUBLISHED)
        elif prior is not None:
            before[prior.number] = prior
    for prior in list(before.values())[:1]:
        yield from _grandparent(index, prior)
        yield from _changes(claim.resource, prior.resource, place)
    yield from _cancellations(claim.resource, place)


def _grandparent(index: BundleIndex, prior: Entry) -> Iterator[Finding]:
    """Check that no Claim before the updated one is in the Bundle (spec-66)."""
    for _, related in objects(prior.resource, "related"):
        reference = reference_of(related.get("claim"))
        older = None if reference is None else index.resolve(reference, prior)
        if older is not None and older.number != 0:
            text = "The Bundle must not have Claims older than the updated Claim."
            yield Finding(older.place, Family.CHANGE, "structure", text, "spec-66", PUBLISHED)


def _cancellations(claim: Json, place: Place) -> Iterator[Finding]:
    """Check that a cancelled item has the mark infoCancelled and certification type 3 (spec-69, spec-70)."""
    for index, item in objects(claim, "item"):
        marked = _is_withdrawn(item)
        certified = is_certified(item, _CANCEL)
        if marked != certified:
            rule = "spec-70" if marked else "spec-69"
            text = "A cancelled item must have both the extension infoCancelled and certification type 3."
            yield Finding(((place, "item"), index), Family.UPDATE, "business-rule", text, rule, PUBLISHED)


def _changes(claim: Json, prior: Json, place: Place) -> Iterator[Finding]:
    """Check that no item of the updated Claim is missing (spec-68), and that new and changed items say so (spec-71)."""
    before = {item["sequence"]: item for _, item in objects(prior, "item") if type(item.get("sequence")) is int}
    now = _numbers(claim, "item")
    if now and not now.issuperset(before):
        text = "An update must repeat all items of the updated Claim with their numbers, cancelled items included."
        yield Finding((place, "item"), Family.UPDATE, "required", text, "spec-68", PUBLISHED)
    if not _numbers(claim, "supportingInfo").issuperset(_numbers(prior, "supportingInfo")):
        text = "An update must repeat all supporting information of the updated Claim, withdrawn information included."
        yield Finding((place, "supportingInfo"), Family.CHANGE, "required", text, "spec-68", PUBLISHED)
    for index, item in objects(claim, "item"):
        marked = bool(extension_values(item, _MARKS[0])) or _is_withdrawn(item)
        number = item.get("sequence")
        if not marked and type(number) is int and _content(item) != _content(before.get(number)):
            text = "An added or changed item must have the extension infoChanged."
            yield Finding(((place, "item"), index), Family.CHANGE, "business-rule", text, "spec-71", PUBLISHED)


def _numbers(claim: Json, name: str) -> set[int]:
    """Return the sequence numbers of a list."""
    numbers = (element.get("sequence") for _, element in objects(claim, name))
    return {number for number in numbers if type(number) is int}


def _is_withdrawn(item: Json) -> bool:
    return True in extension_values(item, _MARKS[1], "modifierExtension")


def _content(item: Any) -> Any:
    """Return an item without its certification type, which may differ in an update."""
    if not isinstance(item, dict):
        return None
    extensions = [one for _, one in objects(item, "extension") if one.get("url") != CERTIFICATION_TYPE]
    return {**item, "extension": extensions}
