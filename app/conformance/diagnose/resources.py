"""Diagnose a resource where several types are possible: by its type and its profiles."""

from __future__ import annotations

from typing import Any

from app.conformance.base.table import is_resource, is_unmodeled
from app.conformance.bundle_rules.finding import Finding
from app.conformance.checks.rule import Family
from app.conformance.compiled.shape import Shape
from app.conformance.diagnose import wording
from app.conformance.diagnose.findings import BodyScope, Diagnosis
from app.conformance.diagnose.modifiers import modifiers_in
from app.fhir.place import Place

Json = dict[str, Any]


def check_resource(diagnosis: Diagnosis, shape: Shape, value: Json, place: Place, scope: BodyScope) -> None:
    """Check a resource against its declared profiles, and against one profile that its place allows."""
    type_ = value.get("resourceType")
    if not isinstance(type_, str) or not is_resource(type_):
        _unknown_type(diagnosis, shape, value, place)
        return
    allowed = shape.of_resource(type_)
    if not allowed:
        text = wording.other_type(shape.node)
        diagnosis.findings.add(Finding(place, Family.PROFILE, "structure", text, "resource-type", shape.source))
        allowed = (shape.library.of_type(type_),)
    declared = _declared(diagnosis, shape, value, place)
    for profile in declared:
        if diagnosis.seen.add(value, profile):
            diagnosis.check(profile, value, place, scope)
    if declared and (allowed[0].is_plain_r4 or any(profile in declared for profile in allowed)):
        return
    if len(allowed) > 1 or diagnosis.seen.add(value, allowed[0]):
        diagnosis.check_best_of(allowed, value, place, scope)


def _declared(diagnosis: Diagnosis, shape: Shape, value: Json, place: Place) -> list[Shape]:
    """Return the known profiles that a resource declares; unknown ones are not checked."""
    meta = value.get("meta")
    profiles = meta.get("profile") if isinstance(meta, dict) else None
    shapes: list[Shape] = []
    for url in profiles if isinstance(profiles, list) else ():
        known = shape.library.of_profile(url) if isinstance(url, str) else None
        if known is not None and known.type != value.get("resourceType"):
            diagnosis.findings.add_malformed(
                ((place, "meta"), "profile"), wording.PROFILE_OF_TYPE, "profile-type", known.type
            )
        elif known is not None and known not in shapes:
            shapes.append(known)
    return shapes


def _unknown_type(diagnosis: Diagnosis, shape: Shape, value: Json, place: Place) -> None:
    type_, at = value.get("resourceType"), (place, "resourceType")
    if type_ is None:
        diagnosis.findings.add_malformed(at, wording.TYPE_NEEDED, "resourceType", "Resource", "required")
    elif isinstance(type_, str) and is_unmodeled(type_):
        finding = Finding(place, Family.ADVICE, "not-supported", wording.UNMODELED, "unmodeled", shape.source)
        diagnosis.findings.add(finding)
        for modifier in modifiers_in(value, place):
            diagnosis.findings.add(modifier)
    else:
        diagnosis.findings.add_malformed(at, wording.NO_TYPE, "resourceType", "Resource")
