"""The shapes of one set of definitions. Each is compiled once; shapes of plain R4 are shared."""

from __future__ import annotations

from collections.abc import Iterator

from app.conformance.base.table import BaseElement, TypeOf, named
from app.conformance.checks.invariant import is_understood
from app.conformance.checks.rule import Rule
from app.conformance.compiled.fields import compiled
from app.conformance.compiled.profiled import profiles_of
from app.conformance.compiled.shape import Field, Shape
from app.conformance.definitions.definitions import Definitions, Structure
from app.conformance.definitions.node import Node, over


class Library:
    """The shapes of a set of definitions."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self._types: dict[tuple[TypeOf, tuple[Rule, ...]], Shape] = {}
        self._by_name: dict[str, Shape] = {}
        self._profiles: dict[str, Shape] = {}

    def of_type(self, type_: str) -> Shape:
        """Return the shape of a plain R4 type."""
        if type_ not in self._by_name:
            self._by_name[type_] = self._shared(TypeOf(type_))
        return self._by_name[type_]

    def of_profile(self, canonical: str) -> Shape | None:
        """Return the shape of a profile or extension; None if it is unknown. Raises NotUnderstood."""
        if canonical in self._profiles:
            return self._profiles[canonical]
        structure = self.definitions.structure(canonical)
        if structure is None:
            return None
        if structure.url not in self._profiles:
            node = self.definitions.node(structure.url)
            self._profiles[structure.url] = Shape(self, TypeOf(structure.type), node)
        return self._profiles[structure.url]

    def narrowed(self, type_: str, profile: str | None, node: Node) -> Shape:
        """Return the shape of a profile, or of a type, with the constraints of a node on its elements."""
        if not node.children:
            profiled = self.of_profile(profile) if profile else None
            return profiled or self.of_type(type_)
        below = Node(node.source, children=node.children)
        return Shape(self, TypeOf(type_), over(self.definitions.node(profile), below) if profile else below)

    def value(self, type_: TypeOf, node: Node, rules: tuple[Rule, ...] = ()) -> Shape:
        """Return the shape of an element's value; `rules` are R4's own rules for this element."""
        profiles = profiles_of(node.types, type_.name, self.definitions)
        if len(profiles) == 1 and type_.name not in ("Reference", "Resource"):
            if node.is_unconstrained and not rules:
                return self.of_profile(profiles[0]) or self._shared(type_)
            return Shape(self, type_, over(self.definitions.node(profiles[0]), node), rules)
        if node.is_unconstrained and not profiles and not (node.types and type_.name in ("Reference", "Resource")):
            return self._shared(type_, rules)
        return Shape(self, type_, node, rules)

    def field(self, shape: Shape, name: str, element: BaseElement, type_: TypeOf) -> Field:
        """Return the field of a JSON name. Raises NotUnderstood."""
        return compiled(shape, name, element, type_)

    def _shared(self, type_: TypeOf, rules: tuple[Rule, ...] = ()) -> Shape:
        key = (type_, rules)
        if key not in self._types:
            self._types[key] = Shape(self, type_, None, rules)
        return self._types[key]

    def compile(self) -> tuple[str, ...]:
        """Compile every definition. Raises NotUnderstood for a definition that the engine cannot check.

        Returns the unknown invariants, which are not checked, as `profile key`.
        """
        unchecked: dict[str, None] = {}
        seen: set[int] = set()
        for structure in self.definitions:
            shape = self.of_profile(structure.url)
            if shape is not None:
                _compile(shape, seen)
                unchecked |= dict.fromkeys(_unchecked(structure, structure.node))
        return tuple(unchecked)


def _compile(shape: Shape, seen: set[int]) -> None:
    """Compile the parts of a shape that its profile constrains."""
    if id(shape) in seen:
        return
    seen.add(id(shape))
    _ = shape.rules, shape.target
    if shape.primitive or shape.is_abstract or shape.is_plain_r4:
        return
    _ = shape.required
    for name, (element, _type) in named(shape.type).items():
        field = shape.field(name) if element.name in shape.node.children else None
        for below in (field.shape, *(slice_.shape for slice_ in field.all_slices)) if field else ():
            _compile(below, seen)


def _unchecked(structure: Structure, node: Node) -> Iterator[str]:
    for constraint in node.constraints:
        if constraint.severity == "error" and not is_understood(constraint):
            yield f"{structure.url} {constraint.key}"
    for below in (*node.children.values(), *node.slices.values()):
        yield from _unchecked(structure, below)
