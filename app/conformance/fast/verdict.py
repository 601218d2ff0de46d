"""The fast pass: yes, or not sure.

It knows no paths and has no words. Whatever is out of the ordinary is left to the diagnosing pass, and so is what
raises here for having another JSON type than expected.

Each shape becomes a closure when it is first met. A primitive's takes the value; an object's takes notes, too.
"""

from __future__ import annotations

from typing import Any

from app.conformance.compiled.shape import Shape
from app.conformance.fast.bundle import bundle_check, entry_check
from app.conformance.fast.concept import coding_check, concept_check
from app.conformance.fast.follow import single_references
from app.conformance.fast.objects import plain_object
from app.conformance.fast.references import reference_check
from app.conformance.fast.resources import resource_check
from app.conformance.fast.unsure import Nested, Notes, NotSureError, refused

_SURPRISES = (
    NotSureError,
    TypeError,
    KeyError,
    ValueError,
    AttributeError,
    IndexError,
    RecursionError,
    ArithmeticError,
)


def is_valid_fast(resource: Any, shape: Shape) -> bool:
    """Whether a resource surely has the shape, and breaks no rule on Bundles. No means: not sure."""
    notes = Notes()
    try:
        return object_check(shape)(resource, notes) and single_references(resource, notes)
    except _SURPRISES:
        return False


def object_check(shape: Shape) -> Nested:
    """Return the check of an object of this shape, made once a shape."""
    if shape.fast_check is None:
        shape.fast_check = _made(shape)
    return shape.fast_check


def _made(shape: Shape) -> Nested:
    if shape.is_abstract:
        return resource_check(shape, object_check)
    if shape.alternatives:
        return refused
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
