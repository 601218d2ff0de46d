"""The fast pass: answer "valid" or "not sure".

It has no places and no texts. Unusual bodies go to the diagnosing pass, and so do bodies that raise here because a
value has an unexpected JSON type. Each shape becomes a closure at its first use.
"""

from __future__ import annotations

from typing import Any

from app.conformance.checks.rule import UNEXPECTED_JSON
from app.conformance.compiled.shape import Shape
from app.conformance.fast.bundle import bundle_check, entry_check
from app.conformance.fast.concept import coding_check, concept_check
from app.conformance.fast.follow import references_are_valid
from app.conformance.fast.objects import plain_object
from app.conformance.fast.references import reference_check
from app.conformance.fast.resources import resource_check
from app.conformance.fast.unsure import Notes, NotSureError, ObjectCheck, never_sure

_UNSURE = (NotSureError, RecursionError, *UNEXPECTED_JSON)


def is_valid_fast(resource: Any, shape: Shape) -> bool:
    """Return whether a resource is valid for a shape, and by the rules on Bundles; False means "not sure"."""
    notes = Notes()
    try:
        return object_check(shape)(resource, notes) and references_are_valid(resource, notes)
    except _UNSURE:
        return False


def object_check(shape: Shape) -> ObjectCheck:
    """Return the check of the objects of a shape, made at its first use."""
    if shape.fast_check is None:
        shape.fast_check = _made(shape)
    return shape.fast_check


def _made(shape: Shape) -> ObjectCheck:
    if shape.is_abstract:
        return resource_check(shape, object_check)
    if shape.alternatives:
        return never_sure
    check = plain_object(shape, object_check)
    if shape.type == "CodeableConcept":
        return concept_check(shape, check)
    if shape.type == "Coding":
        return coding_check(shape, check)
    if shape.type == "Bundle":
        return bundle_check(shape, check, object_check)
    if shape.type == "BundleEntry":
        return entry_check(check)
    return check if shape.target is None else reference_check(shape, shape.target, check)
