"""What holds for the update of a request, which brings the Claim before it along (spec-65 to spec-72)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.codes import pas
from app.conformance.bundle_rules.certification import CERTIFICATION_TYPE, is_certified
from app.conformance.bundle_rules.finding import Finding
from app.conformance.bundle_rules.frame import PUBLISHED
from app.conformance.bundle_rules.readers import Json, extension_values, objects, reference_of
from app.conformance.checks.rule import Family
from app.fhir.bundle_index import BundleIndex, Entry
from app.fhir.place import Place

_CANCEL = "3"
_MARKS = (pas("extension-infoChanged"), pas("modifierextension-infoCancelled"))


def update(index: BundleIndex) -> Iterator[Finding]:
    """Give what is wrong with an update; nothing for a first request."""
    claim = index.entries[0] if index.entries else None
    if claim is None or claim.type != "Claim" or not isinstance(claim.resource.get("related"), list):
        return
    place = (claim.place, "resource")
    before: dict[int, Entry] = {}
    for number, related in objects(claim.resource, "related"):
        reference = reference_of(related.get("claim"))
        prior = None if reference is None else index.resolve(reference, claim)
        if prior is None:
            text = "A reference to the Claim that is updated is accepted, and that Claim as an entry."
            at = (((place, "related"), number), "claim")
            yield Finding(at, Family.NEEDED, "not-found", text, "spec-65", PUBLISHED)
        else:
            before[prior.number] = prior
    for prior in list(before.values())[:1]:
        yield from _grandparent(index, prior)
        yield from _changes(claim.resource, prior.resource, place)
    yield from _cancellations(claim.resource, place)


def _grandparent(index: BundleIndex, prior: Entry) -> Iterator[Finding]:
    """spec-66: the Claim before the one that is updated is not sent."""
    for _, related in objects(prior.resource, "related"):
        reference = reference_of(related.get("claim"))
        found = None if reference is None else index.resolve(reference, prior)
        if found is not None and found.number != 0:
            text = "Of the Claims before an update only the last is accepted, not those before it."
            yield Finding(found.place, Family.CHANGE, "structure", text, "spec-66", PUBLISHED)


def _cancellations(claim: Json, place: Place) -> Iterator[Finding]:
    """spec-69, spec-70: a cancelled item carries the mark infoCancelled and certification type 3."""
    for index, item in objects(claim, "item"):
        marked = True in extension_values(item, _MARKS[1], "modifierExtension")
        certified = is_certified(item, _CANCEL)
        if marked != certified:
            rule = "spec-70" if marked else "spec-69"
            text = "A cancelled item is accepted with both the mark infoCancelled and certification type 3."
            yield Finding(((place, "item"), index), Family.UPDATE, "business-rule", text, rule, PUBLISHED)


def _changes(claim: Json, prior: Json, place: Place) -> Iterator[Finding]:
    """spec-68: no item of the prior version is left out; spec-71: new and changed items say so."""
    before = {item["sequence"]: item for _, item in objects(prior, "item") if type(item.get("sequence")) is int}
    now = {item.get("sequence") for _, item in objects(claim, "item") if type(item.get("sequence")) is int}
    if now and not now.issuperset(before):
        text = "The items of the version before are accepted with their sequence numbers, cancelled ones too."
        yield Finding((place, "item"), Family.UPDATE, "required", text, "spec-68", PUBLISHED)
    for index, item in objects(claim, "item"):
        marked = any(
            url == one.get("url")
            for name in ("extension", "modifierExtension")
            for _, one in objects(item, name)
            for url in _MARKS
        )
        number = item.get("sequence")
        if not marked and type(number) is int and _content(item) != _content(before.get(number)):
            text = "An item that was added or changed is accepted with the extension infoChanged."
            yield Finding(((place, "item"), index), Family.CHANGE, "business-rule", text, "spec-71", PUBLISHED)


def _content(item: Any) -> Any:
    """Return an item without what says how it came about."""
    if not isinstance(item, dict):
        return None
    kept = [one for _, one in objects(item, "extension") if one.get("url") != CERTIFICATION_TYPE]
    return {**item, "extension": kept}
