"""The checks of the elements of an object, each made when its name first occurs."""

from __future__ import annotations

from app.conformance.bundle_rules.kinds import MAY_LEAVE_BUNDLE
from app.conformance.compiled.fields import EXTENSIONS, IMPLICIT_RULES
from app.conformance.compiled.shape import Field, Shape
from app.conformance.fast.extensions import extension_list
from app.conformance.fast.lists import nested_list, simple_list
from app.conformance.fast.references import leaving_check
from app.conformance.fast.unsure import MakeCheck, NotSureError, ObjectCheck, ValueCheck

_MAY_LEAVE = {(type_ + "".join(map(str.capitalize, path)), name) for type_, (*path, name) in MAY_LEAVE_BUNDLE.items()}
"""MAY_LEAVE_BUNDLE by type and element; the R4 table calls `Claim.related` ClaimRelated."""


class Fields:
    """The checks of elements by JSON name: those of primitives in `simple`, those of objects in `nested`."""

    def __init__(self, shape: Shape, make: MakeCheck) -> None:
        self._shape, self._make = shape, make
        self.simple: dict[str, ValueCheck] = {}
        self.nested: dict[str, ObjectCheck] = {}

    def learn(self, name: str) -> None:
        """Make the check of an element. Raises NotSureError for an element that may be invalid here."""
        if name in self.simple or name in self.nested or self._selected_shape(name):
            return
        field = self._shape.field(name.removeprefix("_"))
        if field is None or field.maximum == 0 or name == IMPLICIT_RULES:
            raise NotSureError
        primitive = field.shape.primitive is not None
        if name.startswith("_"):
            if not primitive or field.many:
                raise NotSureError
            self.nested[name] = self._make(self._shape.library.of_type("Element"))
        elif primitive:
            check = _primitive(field.shape)
            self.simple[name] = simple_list(field, check) if field.many else check
        else:
            self.nested[name] = self._objects(field)

    def _selected_shape(self, name: str) -> bool:
        """Return whether the element has selected this shape: the type of a resource, or the URL of an extension."""
        if name == "url":
            return self._shape.type == "Extension" and not self._shape.is_plain_r4
        return name == "resourceType" and self._shape.is_resource

    def _objects(self, field: Field) -> ObjectCheck:
        if field.name in EXTENSIONS:
            return extension_list(field, self._shape.library, self._make)
        if field.many:
            return nested_list(field, self._make)
        check = self._make(field.shape)
        return leaving_check(check) if (self._shape.type, field.name) in _MAY_LEAVE else check


def _primitive(shape: Shape) -> ValueCheck:
    primitive = shape.primitive
    assert primitive is not None  # noqa: S101 - the caller checks it
    check: ValueCheck = primitive.holds
    for rule in shape.rules:
        check = _both(check, rule.holds)
    return check


def _both(check: ValueCheck, rule: ValueCheck) -> ValueCheck:
    return lambda value: check(value) and rule(value)
