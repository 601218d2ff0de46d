"""Diagnose elements that repeat: the number of values, and each value by its slice."""

from __future__ import annotations

from typing import Any

from app.conformance.bundle_rules.finding import Finding
from app.conformance.checks.rule import UNEXPECTED_JSON, Family
from app.conformance.compiled.shape import Field, Slice
from app.conformance.diagnose import wording
from app.conformance.diagnose.findings import BodyScope, CappedFindings, Diagnosis
from app.fhir.place import Place


def check_list(diagnosis: Diagnosis, field: Field, values: Any, place: Place, scope: BodyScope, *, beside: Any) -> None:
    """Check the values of an element that repeats; `beside` is the array with the extensions of primitives."""
    if type(values) is not list or not values:
        diagnosis.findings.add_malformed(place, wording.LIST, "type", field.shape.type)
        return
    check_count(diagnosis.findings, field, len(values), place)
    members: list[list[int]] = [[] for _ in field.slices]
    around = _Around(diagnosis, scope, field)
    for index, value in enumerate(values):
        at: Place = (place, index)
        if value is None and field.shape.primitive and type(beside) is list and index < len(beside) and beside[index]:
            continue
        number = _slice_number(field, value, around)
        if number is not None:
            members[number].append(index)
            diagnosis.check(field.slices[number].shape, value, at, scope)
            continue
        if field.closed:
            diagnosis.findings.add(Finding(at, Family.PROFILE, "structure", wording.CLOSED, "closed", field.source))
        diagnosis.check(field.shape, value, at, scope)
    for slice_, indices in zip(field.slices, members, strict=True):
        check_slice(diagnosis.findings, field, slice_, len(indices), place)
    if field.ordered and (order := [index for indices in members for index in indices]) != sorted(order):
        diagnosis.findings.add(Finding(place, Family.PROFILE, "structure", wording.ORDERED, "ordered", field.source))


def check_count(findings: CappedFindings, field: Field, count: int, place: Place) -> None:
    """Check the number of values of an element."""
    if count < field.minimum:
        findings.add(Finding(place, Family.PROFILE, "required", wording.too_few(field), "min", field.source))
    if field.maximum is not None and count > field.maximum:
        findings.add(Finding(place, Family.PROFILE, "structure", wording.too_many(field), "max", field.source))


def check_slice(
    findings: CappedFindings, field: Field, slice_: Slice, count: int, place: Place, *, url: str | None = None
) -> None:
    """Check the number of values in a slice."""
    rule = f"slice:{slice_.name}"
    if count < slice_.minimum:
        text = wording.slice_missing(field, slice_, url)
        findings.add(Finding(place, Family.PROFILE, "required", text, rule, slice_.source))
    if slice_.maximum is not None and count > slice_.maximum:
        text = wording.slice_surplus(field, slice_, url)
        findings.add(Finding(place, Family.PROFILE, "structure", text, rule, slice_.source))


def _slice_number(field: Field, value: Any, around: _Around) -> int | None:
    """Return the number of the slice of a value; None for a value in no slice, or with malformed JSON."""
    for number, slice_ in enumerate(field.slices):
        try:
            if slice_.matches is not None and slice_.matches(value, around):
                return number
        except UNEXPECTED_JSON:
            continue
    return None


class _Around:
    """Facts for discriminators that depend on more than the value."""

    def __init__(self, diagnosis: Diagnosis, scope: BodyScope, field: Field) -> None:
        self._diagnosis, self._scope, self._library = diagnosis, scope, field.shape.library

    def resolve(self, reference: str) -> Any:
        """Return the target of a reference, or None."""
        entry = self._scope.index.resolve(reference, self._scope.source)
        return None if entry is None else entry.resource

    def conforms(self, value: Any, profile: str) -> bool:
        """Return whether a value conforms to a profile."""
        shape = self._library.of_profile(profile)
        return shape is not None and self._diagnosis.conforms(shape, value, self._scope)
