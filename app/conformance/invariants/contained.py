# ruff: noqa: E501 - FHIRPath stands here as it is published
"""The invariants of contained resources (http://hl7.org/fhir/R4/references.html#contained)."""

from __future__ import annotations

from typing import Any

from app.conformance.invariants.invariant import Invariant, Predicate
from app.fhir.references import local_references

_ON = ("DomainResource",)


def _none_has(*names: str) -> Predicate:
    return lambda value: not any(name in one for one in value.get("contained", ()) for name in names)


def _no_meta(*names: str) -> Predicate:
    return lambda value: not any(name in one.get("meta", {}) for one in value.get("contained", ()) for name in names)


def _all_referred_to(value: Any) -> bool:
    """Whether something refers to each contained resource, or it to what contains it."""
    contained = value.get("contained")
    if not contained or any("contained" in one for one in contained):
        return True
    outside = {name: one for name, one in value.items() if name != "contained"}
    among = {id(one): local_references(one) for one in contained}
    everywhere = local_references(outside).union(*filter(None, among.values()))
    return all(f"#{one.get('id')}" in everywhere or "#" in among[id(one)] for one in contained)


_DOM_3 = "contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical) | %resource.descendants().as(uri) | %resource.descendants().as(url))) or descendants().where(reference = '#').exists() or descendants().where(as(canonical) = '#').exists() or descendants().where(as(canonical) = '#').exists()).not()).trace('unmatched', id).empty()"
_DOM_3_R4B = "contained.where(((id.exists() and ('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical) | %resource.descendants().as(uri) | %resource.descendants().as(url)))) or descendants().where(reference = '#').exists() or descendants().where(as(canonical) = '#').exists() or descendants().where(as(uri) = '#').exists()).not()).trace('unmatched', id).empty()"

CONTAINED = (
    Invariant(
        "dom-2",
        "contained.contained.empty()",
        "A contained resource does not contain others.",
        _none_has("contained"),
        _ON,
    ),
    Invariant(
        "dom-3",
        _DOM_3,
        "A contained resource is accepted if something in the resource refers to it.",
        _all_referred_to,
        _ON,
        also=(_DOM_3_R4B,),
    ),
    Invariant(
        "dom-4",
        "contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()",
        "A contained resource has no version and no time of change.",
        _no_meta("versionId", "lastUpdated"),
        _ON,
    ),
    Invariant(
        "dom-5",
        "contained.meta.security.empty()",
        "A contained resource has no security label of its own.",
        _no_meta("security"),
        _ON,
    ),
)
