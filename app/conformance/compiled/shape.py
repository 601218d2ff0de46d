"""Shapes: the checks of a value, compiled from an R4 type and its profiles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, Protocol

from msgspec import Struct

from app.conformance.base.table import STRUCTURE, BaseElement, TypeOf, elements, is_resource, named
from app.conformance.checks.cardinality import RequiredElement, required_elements
from app.conformance.checks.guide_rules import guide_rules
from app.conformance.checks.invariant import base_invariants
from app.conformance.checks.primitive import PRIMITIVES, Primitive
from app.conformance.checks.reference import Target, target
from app.conformance.checks.rule import Family, Rule, one_of
from app.conformance.checks.slice_keys import Matcher
from app.conformance.checks.value import value_rules
from app.conformance.compiled.profiled import profiles_of
from app.conformance.definitions.definitions import Definitions
from app.conformance.definitions.node import Node

ABSTRACT = ("Resource", "DomainResource")


class Slice(Struct, frozen=True):
    """One slice of an element: its name, the number of its values, and their shape."""

    name: str
    minimum: int
    maximum: int | None
    source: str
    shape: Shape
    matches: Matcher | None = None


class Field(Struct, frozen=True):
    """One JSON name of an object: its element, the number of values, and the shape of each value.

    Slices of extensions are in `by_url`, all others in `slices`. `parent_type` is the type of the object.
    """

    name: str
    many: bool
    minimum: int
    maximum: int | None
    source: str
    shape: Shape
    slices: tuple[Slice, ...] = ()
    closed: bool = False
    ordered: bool = False
    by_url: dict[str, Slice] | None = None
    parent_type: str = ""

    @property
    def is_of_unknown(self) -> bool:
        """Whether the values are the parts of an unknown extension."""
        return self.parent_type == "Extension" and not self.by_url

    @property
    def all_slices(self) -> tuple[Slice, ...]:
        """The slices of extensions or of other elements."""
        return tuple(self.by_url.values()) if self.by_url else self.slices


class Shapes(Protocol):
    """The interface of Library, for the shapes below a shape."""

    definitions: Definitions

    def of_type(self, type_: str) -> Shape:
        """Return the shape of a plain R4 type."""

    def of_profile(self, canonical: str) -> Shape | None:
        """Return the shape of a profile or extension; None if it is unknown."""

    def narrowed(self, type_: str, profile: str | None, node: Node) -> Shape:
        """Return the shape of a profile, or of a type, with the constraints of a node on its elements."""

    def value(self, type_: TypeOf, node: Node, rules: tuple[Rule, ...] = ()) -> Shape:
        """Return the shape of an element's value."""

    def field(self, shape: Shape, name: str, element: BaseElement, type_: TypeOf) -> Field:
        """Return the field of a JSON name."""


class Shape:
    """The checks of a value of one type with the constraints of a node; its parts are compiled at their first use."""

    def __init__(self, library: Shapes, type_: TypeOf, node: Node | None = None, extra: tuple[Rule, ...] = ()) -> None:
        self.library = library
        self.base = type_
        self.type = type_.name
        self.node = node or Node()
        self.source = self.node.source or STRUCTURE + type_.name
        self.primitive: Primitive | None = PRIMITIVES.get(type_.name)
        self.is_abstract = type_.name in ABSTRACT
        self.is_resource = is_resource(type_.name)
        self.fast_check: Callable[..., Any] | None = None
        self._extra = extra
        self._fields: dict[str, Field] = {}
        self._resources: dict[str, tuple[Shape, ...]] = {}

    @property
    def is_plain_r4(self) -> bool:
        """Whether no profile constrains the type here."""
        return not self.node.source

    @property
    def version(self) -> str:
        """The version of the profile; empty for a plain R4 type."""
        structure = self.library.definitions.structure(self.source)
        return "" if structure is None else structure.version

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules on the whole value; a rule that R4 and the profile both have is kept once."""
        own = () if self.primitive else base_invariants(self.type)
        profiled = value_rules(self.node, self.type, self.library.definitions)
        all_rules = (*profiled, *guide_rules(self.source, self.type), *self._extra, *self._codes(), *own)
        by_predicate = {rule.holds: rule for rule in all_rules}
        return tuple(by_predicate.values())

    def _codes(self) -> Iterator[Rule]:
        codes = self.base.codes
        if codes is not None:
            text = f"The code must be {one_of(sorted(codes))}."
            yield Rule("code", Family.STRUCTURE, "code-invalid", text, STRUCTURE + self.type, codes.__contains__)

    @cached_property
    def target(self) -> Target | None:
        """The allowed targets of a Reference."""
        if self.type != "Reference":
            return None
        return target(self.base, self.node.types, self.library.definitions, self.source)

    @cached_property
    def alternatives(self) -> tuple[Shape, ...]:
        """The shapes of several allowed profiles; the value must have one of them."""
        profiles = profiles_of(self.node.types, self.type, self.library.definitions)
        if len(profiles) <= 1 or self.is_abstract:
            return ()
        return tuple(self.library.narrowed(self.type, profile, self.node) for profile in profiles)

    def of_resource(self, type_: str) -> tuple[Shape, ...]:
        """Return the shapes of a resource of this type; it must have one of them. Empty if the type is not allowed."""
        if type_ not in self._resources:
            allowed = {profiled.code for profiled in self.node.types}.difference(ABSTRACT)
            if not is_resource(type_) or (allowed and type_ not in allowed):
                return ()
            profiles = profiles_of(self.node.types, type_, self.library.definitions) or (None,)
            self._resources[type_] = tuple(self.library.narrowed(type_, profile, self.node) for profile in profiles)
        return self._resources[type_]

    def field(self, name: str) -> Field | None:
        """Return the field of a JSON name; None if the type has no element of this name."""
        field = self._fields.get(name)
        if field is None:
            element_and_type = named(self.type).get(name)
            if element_and_type is None:
                return None
            field = self._fields[name] = self.library.field(self, name, *element_and_type)
        return field

    @cached_property
    def required(self) -> tuple[RequiredElement, ...]:
        """The elements that the object must have."""
        return tuple(required_elements(self.type, elements(self.type), self.node))

    @cached_property
    def choices(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """The choice elements with their JSON names; an object may have one of the names."""
        return tuple(
            (element.name, frozenset(element.names())) for element in elements(self.type).values() if element.choice
        )
