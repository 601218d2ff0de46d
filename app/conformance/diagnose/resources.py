"""The diagnosis of a resource where several types may stand: by its own type, and the profiles asked of it."""

from __future__ import annotations

from typing import Any

from app.conformance.base.table import is_resource, is_unmodeled
from app.conformance.bundle_rules.finding import Finding
from app.conformance.checks.rule import Family
from app.conformance.compiled.shape import Shape
from app.conformance.diagnose import wording
from app.conformance.diagnose.findings import Scope, Walker
from app.fhir.place import Place

Json = dict[str, Any]


def check_resource(walk: Walker, shape: Shape, value: Json, place: Place, scope: Scope) -> None:
    """Check a resource by the profiles it declares, and by one of those that the place accepts."""
    type_ = value.get("resourceType")
    if not isinstance(type_, str) or not is_resource(type_):
        _unknown_type(walk, shape, type_, place)
        return
    accepted = shape.of_resource(type_)
    if not accepted:
        text = wording.other_type(shape.node)
        walk.found.take(Finding(place, Family.PROFILE, "structure", text, "resource-type", shape.source))
        accepted = (shape.library.of_type(type_),)
    declared = _declared(walk, shape, value, place)
    for one in declared:
        if walk.seen.add(value, one):
            walk.value(one, value, place, scope)
    if declared and (accepted[0].says_only_r4 or any(one in declared for one in accepted)):
        return
    if len(accepted) > 1 or walk.seen.add(value, accepted[0]):
        walk.one_of(accepted, value, place, scope)


def _declared(walk: Walker, shape: Shape, value: Json, place: Place) -> list[Shape]:
    """Return the known profiles that a resource declares; others may be met or not."""
    meta = value.get("meta")
    profiles = meta.get("profile") if isinstance(meta, dict) else None
    found: list[Shape] = []
    for url in profiles if isinstance(profiles, list) else ():
        known = shape.library.of_profile(url) if isinstance(url, str) else None
        if known is not None and known.type != value.get("resourceType"):
            walk.found.malformed(((place, "meta"), "profile"), wording.PROFILE_OF_TYPE, "profile-type", known.type)
        elif known is not None and known not in found:
            found.append(known)
    return found


def _unknown_type(walk: Walker, shape: Shape, type_: object, place: Place) -> None:
    at: Place = (place, "resourceType")
    if type_ is None:
        walk.found.malformed(at, wording.TYPE_NEEDED, "resourceType", "Resource", "required")
    elif isinstance(type_, str) and is_unmodeled(type_):
        found = Finding(place, Family.ADVICE, "not-supported", wording.UNMODELED, "unmodeled", shape.source)
        walk.found.take(found)
    else:
        walk.found.malformed(at, wording.NO_TYPE, "resourceType", "Resource")
