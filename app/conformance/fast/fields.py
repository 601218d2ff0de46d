"""The fast checks of an object's elements, each made when its name first comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.conformance.bundle_rules.kinds import MAY_LEAVE_BUNDLE
from app.conformance.checks.primitive import URIS, is_whole_day
from app.conformance.compiled.fields import EXTENSIONS
from app.conformance.compiled.shape import Field, Shape
from app.conformance.fast.extensions import extension_list
from app.conformance.fast.lists import nested_list, simple_list
from app.conformance.fast.references import elsewhere_check
from app.conformance.fast.unsure import Make, Nested, NotSureError, Simple

_MAY_LEAVE = {(type_ + "".join(map(str.capitalize, path)), name) for type_, (*path, name) in MAY_LEAVE_BUNDLE.items()}
"""The same by type and element; the R4 models call `Claim.related` ClaimRelated."""

_DATES = ("date", "dateTime")


class Fields:
    """The checks of elements by JSON name: those of primitives in `simple`, those of objects in `nested`."""

    def __init__(self, shape: Shape, make: Make) -> None:
        self._shape, self._make = shape, make
        self.simple: dict[str, Simple] = {}
        self.nested: dict[str, Nested] = {}

    def learn(self, name: str) -> None:
        """Make the check of an element. Raises NotSureError for one that is not, or not always, accepted here."""
        if name in self.simple or name in self.nested or self._says_what_it_is(name):
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

    def _says_what_it_is(self, name: str) -> bool:
        """Whether the element is what the shape was found by: a resource's type, the URL of an extension."""
        if name == "url":
            return self._shape.type == "Extension" and not self._shape.says_only_r4
        return name == "resourceType" and self._shape.is_resource

    def _objects(self, field: Field) -> Nested:
        if field.name in EXTENSIONS:
            return extension_list(field, self._shape.library, self._make)
        if field.many:
            return nested_list(field, self._make)
        check = self._make(field.shape)
        return elsewhere_check(check) if (self._shape.type, field.name) in _MAY_LEAVE else check


def _primitive(shape: Shape) -> Simple:
    codes = _codes(shape)
    if codes is not None:
        return codes.__contains__
    primitive = shape.primitive
    assert primitive is not None  # noqa: S101 - asked for primitives only
    if shape.type in _DATES and [rule.key for rule in shape.rules] == ["FullDateRule"]:
        return is_whole_day
    rules = [rule.holds for rule in shape.rules]
    quick = shape.library.uris.__getitem__ if shape.type in URIS else primitive.quick
    return _all(quick, rules) if rules else quick


def _codes(shape: Shape) -> frozenset[str] | None:
    """Return the texts that R4, and a profile's fixed value and bindings, leave for a code; None where there is more.

    Those of R4 have the form of a code, so the form needs no look.
    """
    node, codes = shape.node, shape.base.codes
    if codes is None or any(rule.key not in ("code", "fixed", "pattern", "binding") for rule in shape.rules):
        return None
    for given in node.given:
        codes &= {given.value}
    for known in filter(None, map(shape.library.definitions.members, node.bindings)):
        if None not in known.systems.values():
            codes &= frozenset().union(*filter(None, known.systems.values()))
    return codes


def _all(quick: Simple, rules: list[Callable[[Any], object]]) -> Simple:
    if len(rules) == 1:
        rule = rules[0]
        return lambda value: quick(value) and rule(value)
    return lambda value: quick(value) and all(rule(value) for rule in rules)
