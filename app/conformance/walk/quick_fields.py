"""The fast checks of an object's elements, each made when its name first comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.conformance.checks.primitive import URIS
from app.conformance.shapes.fields import EXTENSIONS
from app.conformance.shapes.shape import Field, Shape
from app.conformance.walk.quick_extensions import extension_list
from app.conformance.walk.quick_lists import nested_list, simple_list
from app.conformance.walk.unsure import Make, Nested, NotSureError, Simple


class Fields:
    """The checks of elements by JSON name: those of primitives in `simple`, those of objects in `nested`."""

    def __init__(self, shape: Shape, make: Make) -> None:
        self._shape, self._make = shape, make
        self.simple: dict[str, Simple] = {"resourceType": {shape.type}.__contains__} if shape.is_resource else {}
        self.nested: dict[str, Nested] = {}

    def learn(self, name: str) -> None:
        """Make the check of an element. Raises NotSureError for one that is not, or not always, accepted here."""
        if name in self.simple or name in self.nested:
            return
        field = self._shape.field(name.removeprefix("_"))
        if field is None or field.maximum == 0:
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

    def _objects(self, field: Field) -> Nested:
        if field.name in EXTENSIONS:
            return extension_list(field, self._shape.library, self._make)
        return nested_list(field, self._make) if field.many else self._make(field.shape)


def _primitive(shape: Shape) -> Simple:
    primitive = shape.primitive
    rules = [rule.holds for rule in shape.rules]
    assert primitive is not None  # noqa: S101 - asked for primitives only
    if shape.base.codes is not None and len(rules) == 1:
        return rules[0]
    quick = shape.library.uris.__getitem__ if shape.type in URIS else primitive.quick
    return _all(quick, rules) if rules else quick


def _all(quick: Simple, rules: list[Callable[[Any], object]]) -> Simple:
    if len(rules) == 1:
        rule = rules[0]
        return lambda value: quick(value) and rule(value)
    return lambda value: quick(value) and all(rule(value) for rule in rules)
