"""The diagnosis of an object: each of its elements, and those it lacks."""

from __future__ import annotations

from typing import Any

from app.conformance.base.table import STRUCTURE
from app.conformance.bundle_rules.finding import Finding
from app.conformance.checks.rule import Family
from app.conformance.compiled.fields import EXTENSIONS
from app.conformance.compiled.shape import Field, Shape
from app.conformance.diagnose import wording
from app.conformance.diagnose.extensions import check_extensions
from app.conformance.diagnose.findings import BodyScope, Diagnosis, NotedReference
from app.conformance.diagnose.lists import check_list
from app.fhir.place import Place

Json = dict[str, Any]


def check_object(diagnosis: Diagnosis, shape: Shape, value: Json, place: Place, scope: BodyScope) -> None:
    """Check an object element by element, then for what it lacks."""
    _look_around(shape, value, place, scope)
    scope.parents.append((shape, value, place))
    if not value or (len(value) == 1 and "id" in value):
        diagnosis.findings.add_malformed(place, wording.EMPTY, "ele-1", shape.type)
    for name, one in value.items():
        if name == "resourceType" and shape.is_resource:
            continue
        plain = name.removeprefix("_") if name.startswith("_") else name
        field = shape.field(plain)
        if field is None or (name != plain and field.shape.primitive is None):
            diagnosis.findings.add_malformed((place, plain), wording.UNKNOWN, "unknown-element", shape.type)
        elif name == plain:
            field = _allowed(diagnosis, shape, field, name, place)
            _check_field(diagnosis, field, one, (place, field.name), scope, beside=value.get(f"_{name}"))
        else:
            _check_beside(diagnosis, field, one, (place, field.name), scope, values=value.get(plain))
    scope.parents.pop()
    if shape.choices and len(value) > 1:
        _check_choices(diagnosis, shape, value, place)
    if shape.needed:
        _check_needed(diagnosis, shape, value, place)


def _look_around(shape: Shape, value: Json, place: Place, scope: BodyScope) -> None:
    """Remember in which entry the walk is, and the reference that it came by."""
    if shape.type == "BundleEntry":
        scope.source = scope.index.at(place)
    if shape.target is None:
        return
    reference = value.get("reference")
    if isinstance(reference, str):
        scope.references.append(NotedReference(reference, (place, "reference"), shape.target, scope.source))


def _allowed(diagnosis: Diagnosis, shape: Shape, field: Field, name: str, place: Place) -> Field:
    """Return the field, or R4's own where the profile prohibits the element: a level may let it pass."""
    if field.maximum != 0:
        return field
    text = wording.refused(field)
    diagnosis.findings.add(Finding((place, field.name), Family.PROFILE, "structure", text, "max", field.source))
    return shape.library.of_type(shape.type).field(name) or field


def _check_field(
    diagnosis: Diagnosis, field: Field, value: Any, place: Place, scope: BodyScope, *, beside: Any
) -> None:
    if field.name in EXTENSIONS:
        check_extensions(diagnosis, field, value, place, scope)
    elif field.many:
        check_list(diagnosis, field, value, place, scope, beside=beside)
    elif type(value) is list:
        diagnosis.findings.add_malformed(place, wording.NOT_A_LIST, "type", field.shape.type)
    else:
        diagnosis.check(field.shape, value, place, scope)


def _check_beside(
    diagnosis: Diagnosis, field: Field, value: Any, place: Place, scope: BodyScope, *, values: Any
) -> None:
    """Check the ids and extensions that stand beside a primitive, or beside each of a list of them."""
    element = field.shape.library.of_type("Element")
    if not field.many:
        diagnosis.check(element, value, place, scope)
        return
    if type(value) is not list or not value:
        diagnosis.findings.add_malformed(place, wording.LIST, "type", "Element")
        return
    for index, one in enumerate(value):
        if one is not None:
            diagnosis.check(element, one, (place, index), scope)
        elif type(values) is not list or index >= len(values) or values[index] is None:
            diagnosis.findings.add_malformed((place, index), wording.NULL, "null", "Element")


def _check_choices(diagnosis: Diagnosis, shape: Shape, value: Json, place: Place) -> None:
    given = {one.removeprefix("_") for one in value}
    for name, names in shape.choices:
        if len(given & names) > 1:
            diagnosis.findings.add_malformed((place, name), wording.ONE_TYPE, "choice", shape.type)


def _check_needed(diagnosis: Diagnosis, shape: Shape, value: Json, place: Place) -> None:
    for needed in shape.needed:
        if not value.keys().isdisjoint(needed.names) or any(f"_{name}" in value for name in needed.names):
            continue
        if needed.unless is not None and needed.unless(value):
            continue
        family = Family.STRUCTURE if needed.source.startswith(STRUCTURE) else Family.PROFILE
        field = shape.field(needed.names[0]) if needed.names else None
        for text, rule in wording.missing(needed.name, field):
            diagnosis.findings.add(Finding((place, needed.name), family, "required", text, rule, needed.source))
