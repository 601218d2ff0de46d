# ruff: noqa: E501 - the FHIRPath is as published
"""The invariants of contained resources (http://hl7.org/fhir/R4/references.html#contained)."""

from __future__ import annotations

from typing import Any

from app.conformance.invariants.invariant import Invariant, Predicate
from app.fhir.references import local_references

_ON = ("DomainResource",)


def _none_has(*names: str) -> Predicate:
    def is_met(value: Any) -> bool:
        return "contained" not in value or not any(
            name in resource for resource in value["contained"] for name in names
        )

    return is_met


def _no_meta(*names: str) -> Predicate:
    def is_met(value: Any) -> bool:
        return "contained" not in value or not any(
            name in resource.get("meta", {}) for resource in value["contained"] for name in names
        )

    return is_met


def _all_referred_to(value: Any) -> bool:
    """Return whether each contained resource is referenced in the resource or refers to its container."""
    contained = value.get("contained")
    if not contained or any("contained" in resource for resource in contained):
        return True
    outside = {name: element for name, element in value.items() if name != "contained"}
    within = {id(resource): local_references(resource) for resource in contained}
    references = local_references(outside).union(*filter(None, within.values()))
    return all(f"#{resource.get('id')}" in references or "#" in within[id(resource)] for resource in contained)


_DOM_3 = "contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical) | %resource.descendants().as(uri) | %resource.descendants().as(url))) or descendants().where(reference = '#').exists() or descendants().where(as(canonical) = '#').exists() or descendants().where(as(canonical) = '#').exists()).not()).trace('unmatched', id).empty()"
_DOM_3_R4B = "contained.where(((id.exists() and ('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical) | %resource.descendants().as(uri) | %resource.descendants().as(url)))) or descendants().where(reference = '#').exists() or descendants().where(as(canonical) = '#').exists() or descendants().where(as(uri) = '#').exists()).not()).trace('unmatched', id).empty()"

CONTAINED = (
    Invariant(
        "dom-2",
        "contained.contained.empty()",
        "A contained resource must not contain other resources.",
        _none_has("contained"),
        _ON,
    ),
    Invariant(
        "dom-3",
        _DOM_3,
        "A contained resource must be referenced from within the resource.",
        _all_referred_to,
        _ON,
        also=(_DOM_3_R4B,),
    ),
    Invariant(
        "dom-4",
        "contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()",
        "A contained resource must not have `meta.versionId` or `meta.lastUpdated`.",
        _no_meta("versionId", "lastUpdated"),
        _ON,
    ),
    Invariant(
        "dom-5",
        "contained.meta.security.empty()",
        "A contained resource must not have a security label.",
        _no_meta("security"),
        _ON,
    ),
)
