"""The fast pass: yes, or not sure.

It knows no paths and has no words. Whatever is out of the ordinary is left to the diagnosing pass, and so is what
raises here for having another JSON type than expected.

Each shape becomes a closure when it is first met. A primitive's takes the value; an object's takes notes, too.
"""

from __future__ import annotations

from typing import Any

from app.conformance.shapes.shape import Shape
from app.conformance.walk.quick_bundle import bundle_check, single_references
from app.conformance.walk.quick_concept import concept_check
from app.conformance.walk.quick_object import plain_object
from app.conformance.walk.quick_resources import resource_check
from app.conformance.walk.unsure import Nested, Notes, NotSureError

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
    if shape.quick is None:
        shape.quick = _made(shape)
    return shape.quick


def _made(shape: Shape) -> Nested:
    if shape.is_abstract:
        return resource_check(shape, object_check)
    if shape.alternatives:
        return _refused
    check = plain_object(shape, object_check)
    if shape.type == "CodeableConcept" and not shape.node.children:
        return concept_check(shape, check, object_check)
    if shape.type == "Bundle":
        return bundle_check(shape, check, object_check)
    if shape.type == "BundleEntry":
        return _noted(check)
    return _reference(shape, check) if shape.target else check


def _refused(_value: Any, _notes: Notes) -> bool:
    return False


def _noted(check: Nested) -> Nested:
    """Note that the references that come now are those of the next entry."""

    def holds(entry: Any, notes: Notes) -> bool:
        notes.references.append(None)
        return check(entry, notes)

    return holds


def _reference(shape: Shape, check: Nested) -> Nested:
    target = shape.target

    def holds(value: Any, notes: Notes) -> bool:
        if "reference" in value:
            notes.references.append((value["reference"], target))
        return check(value, notes)

    return holds
