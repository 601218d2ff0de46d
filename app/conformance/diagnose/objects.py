"""Diagnose an object: its elements, and the required elements that are missing."""

from __future__ import annotations

from typing import Any

from app.conformance.base.table import STRUCTURE
from app.conformance.bundle_rules.finding import Finding
from app.conformance.checks.rule import Family
from app.conformance.compiled.fields import EXTENSIONS, IMPLICIT_RULES
from app.conformance.compiled.shape import Field, Shape
from app.conformance.diagnose import wording
from app.conformance.diagnose.extensions import check_extensions
from app.conformance.diagnose.findings import BodyScope, Diagnosis, NotedReference
from app.conformance.diagnose.lists import check_list
from app.conformance.diagnose.modifiers import unknown_rules
from app.fhir.place import Place

Json = dict[str, Any]


def check_object(diagnosis: Diagnosis, shape: Shape, value: Json, place: Place, scope: BodyScope) -> None:
    """Check each element of an object, then the choice and required elements."""
    _note_scope(shape, value, place, scope)
    scope.parents.append((shape, value, place))
    if not value or (len(value) == 1 and "id" in value):
        diagnosis.findings.add_malformed(place, wording.EMPTY, "ele-1", shape.type)
    for name, below in value.items():
        if name == "resourceType" and shape.is_resource:
            continue
        plain = name.removeprefix("_") if name.startswith("_") else name
        field = shape.field(plain)
        if field is None or (name != plain and field.shape.primitive is None):
            diagnosis.findings.add_malformed((place, plain), wording.UNKNOWN, "unknown-element", shape.type)
        elif name == plain:
            field = _allowed(diagnosis, shape, field, name, place)
            _check_field(diagnosis, field, below, (place, field.name), scope, beside=value.get(f"_{name}"))
        else:
            _check_beside(diagnosis, field, below, (place, field.name), scope, values=value.get(plain))
    scope.parents.pop()
    if shape.choices and len(value) > 1:
        _check_choices(diagnosis, shape, value, place)
    if shape.required:
        _check_required(diagnosis, shape, value, place)


def _note_scope(shape: Shape, value: Json, place: Place, scope: BodyScope) -> None:
    """Note the entry that the object is, or the reference that it has."""
    if shape.type == "BundleEntry":
        scope.source = scope.index.at(place)
    if shape.target is None:
        return
    reference = value.get("reference")
    if isinstance(reference, str):
        scope.references.append(NotedReference(reference, (place, "reference"), shape.target, scope.source))


def _allowed(diagnosis: Diagnosis, shape: Shape, field: Field, name: str, place: Place) -> Field:
    """Return the field. If the profile prohibits it, add a finding and return R4's field: a level may let it pass."""
    if field.maximum != 0:
        return field
    text = wording.not_allowed(field)
    diagnosis.findings.add(Finding((place, field.name), Family.PROFILE, "structure", text, "max", field.source))
    return shape.library.of_type(shape.type).field(name) or field


def _check_field(
    diagnosis: Diagnosis, field: Field, value: Any, place: Place, scope: BodyScope, *, beside: Any
) -> None:
    if field.name == IMPLICIT_RULES:
        diagnosis.findings.add(unknown_rules(place))
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
    """Check the ids and extensions beside a primitive (`_name`), or beside each primitive of an array."""
    element = field.shape.library.of_type("Element")
    if not field.many:
        diagnosis.check(element, value, place, scope)
        return
    if type(value) is not list or not value:
        diagnosis.findings.add_malformed(place, wording.LIST, "type", "Element")
        return
    for index, extended in enumerate(value):
        if extended is not None:
            diagnosis.check(element, extended, (place, index), scope)
        elif type(values) is not list or index >= len(values) or values[index] is None:
            diagnosis.findings.add_malformed((place, index), wording.NULL, "null", "Element")


def _check_choices(diagnosis: Diagnosis, shape: Shape, value: Json, place: Place) -> None:
    given = {name.removeprefix("_") for name in value}
    for name, names in shape.choices:
        if len(given & names) > 1:
            diagnosis.findings.add_malformed((place, name), wording.ONE_TYPE, "choice", shape.type)


def _check_required(diagnosis: Diagnosis, shape: Shape, value: Json, place: Place) -> None:
    for required in shape.required:
        if not value.keys().isdisjoint(required.names) or any(f"_{name}" in value for name in required.names):
            continue
        if required.unless is not None and required.unless(value):
            continue
        family = Family.STRUCTURE if required.source.startswith(STRUCTURE) else Family.PROFILE
        field = shape.field(required.names[0]) if required.names else None
        for text, rule in wording.missing(required.name, field):
            diagnosis.findings.add(Finding((place, required.name), family, "required", text, rule, required.source))
