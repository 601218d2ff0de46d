"""The diagnosis of elements that repeat: how many, and each by the slice it is in."""

from __future__ import annotations

from typing import Any

from app.conformance.bundle_rules.finding import Finding
from app.conformance.checks.rule import Family
from app.conformance.compiled.shape import Field, Slice
from app.conformance.diagnose import wording
from app.conformance.diagnose.findings import BodyScope, CappedFindings, Diagnosis
from app.fhir.place import Place

_SURPRISES = (TypeError, KeyError, ValueError, AttributeError, IndexError)


def check_list(diagnosis: Diagnosis, field: Field, values: Any, place: Place, scope: BodyScope, *, beside: Any) -> None:
    """Check the values of an element that repeats; `beside` are the extensions of primitives, where there are any."""
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
        found = _slice_of(field, value, around)
        if found is not None:
            members[found].append(index)
            diagnosis.check(field.slices[found].shape, value, at, scope)
            continue
        if field.closed:
            diagnosis.findings.add(Finding(at, Family.PROFILE, "structure", wording.CLOSED, "closed", field.source))
        diagnosis.check(field.shape, value, at, scope)
    for one, indices in zip(field.slices, members, strict=True):
        check_slice(diagnosis.findings, field, one, len(indices), place)
    if field.ordered and (order := [index for indices in members for index in indices]) != sorted(order):
        diagnosis.findings.add(Finding(place, Family.PROFILE, "structure", wording.ORDERED, "ordered", field.source))


def check_count(found: CappedFindings, field: Field, count: int, place: Place) -> None:
    """Check how many values an element has."""
    if count < field.minimum:
        found.add(Finding(place, Family.PROFILE, "required", wording.too_few(field), "min", field.source))
    if field.maximum is not None and count > field.maximum:
        found.add(Finding(place, Family.PROFILE, "structure", wording.too_many(field), "max", field.source))


def check_slice(
    found: CappedFindings, field: Field, one: Slice, count: int, place: Place, *, url: str | None = None
) -> None:
    """Check how many values a slice has."""
    rule = f"slice:{one.name}"
    if count < one.minimum:
        text = wording.slice_missing(field, one, url)
        found.add(Finding(place, Family.PROFILE, "required", text, rule, one.source))
    if one.maximum is not None and count > one.maximum:
        text = wording.slice_surplus(field, one, url)
        found.add(Finding(place, Family.PROFILE, "structure", text, rule, one.source))


def _slice_of(field: Field, value: Any, around: _Around) -> int | None:
    """Return the number of the slice that a value is in; one that no discriminator can make sense of is in none."""
    for number, one in enumerate(field.slices):
        try:
            if one.matches is not None and one.matches(value, around):
                return number
        except _SURPRISES:
            continue
    return None


class _Around:
    """The surroundings of a value, for discriminators that look further than the value itself."""

    def __init__(self, diagnosis: Diagnosis, scope: BodyScope, field: Field) -> None:
        self._diagnosis, self._scope, self._library = diagnosis, scope, field.shape.library

    def resolve(self, reference: str) -> Any:
        """Return the resource that a reference refers to, or None."""
        entry = self._scope.index.resolve(reference, self._scope.source)
        return None if entry is None else entry.resource

    def conforms(self, value: Any, profile: str) -> bool:
        """Whether a value meets a profile."""
        shape = self._library.of_profile(profile)
        return shape is not None and self._diagnosis.conforms(shape, value, self._scope)
