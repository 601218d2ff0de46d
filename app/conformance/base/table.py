"""The types of R4 4.0.1 and their elements, from the table `r4.json`; a type is read when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from app.conformance.base.special_types import SIMPLE_QUANTITY, UNMODELED

STRUCTURE = "http://hl7.org/fhir/StructureDefinition/"
"""What the canonical URLs of R4's own types begin with."""

TABLE = Path(__file__).parent / "r4.json"
_ROOTS = ("Resource", "DomainResource")


class TypeOf(Struct, frozen=True):
    """A type that a value may have: its name, the codes of its required binding, the types it may refer to."""

    name: str
    codes: frozenset[str] | None = None
    targets: frozenset[str] | None = None

    @property
    def suffix(self) -> str:
        """What the JSON name of a choice element ends with where it has this type."""
        name = "Quantity" if self.name == SIMPLE_QUANTITY else self.name
        return name[0].upper() + name[1:]


class BaseElement(Struct, frozen=True):
    """An element of an R4 type; `name` as in FHIRPath, `choice` where the JSON name carries the type."""

    name: str
    minimum: int
    many: bool
    types: tuple[TypeOf, ...]
    choice: bool

    def names(self) -> tuple[str, ...]:
        """Return the JSON names that the element can have."""
        return tuple(self.name + one.suffix for one in self.types) if self.choice else (self.name,)


@cache
def elements(type_: str) -> dict[str, BaseElement]:
    """Return a type's elements by their FHIRPath names, inherited ones too. Raises KeyError for no type of R4."""
    own = _table()[type_]
    inherited = elements(own[""]) if own[""] else {}
    read = (_element(name, text) for name, text in own.items() if name)
    return inherited | {element.name: element for element in read}


@cache
def named(type_: str) -> dict[str, tuple[BaseElement, TypeOf]]:
    """Return a type's elements by their JSON names, each with the type that the name tells."""
    return {
        name: (element, one)
        for element in elements(type_).values()
        for name, one in zip(element.names(), element.types, strict=True)
    }


def types() -> Iterable[str]:
    """Return the names of all complex types and resources."""
    return _table()


def is_type(name: str) -> bool:
    """Whether R4 has a complex type or resource of this name, and its elements are known."""
    return name in _table()


@cache
def ancestors(type_: str) -> tuple[str, ...]:
    """Return the type and what it specializes, nearest first."""
    parent = _table()[type_][""]
    return (type_, *(ancestors(parent) if parent else ()))


@cache
def is_resource(type_: str) -> bool:
    """Whether a body or an entry can be of this type."""
    return type_ not in _ROOTS and is_type(type_) and ancestors(type_)[-1] == "Resource"


def is_unmodeled(type_: str) -> bool:
    """Whether R4 has this resource type, but no model tells its elements."""
    return type_ in UNMODELED


@cache
def _table() -> dict[str, dict[str, str]]:
    return msgspec.json.decode(TABLE.read_bytes(), type=dict[str, dict[str, str]])


def _element(name: str, text: str) -> BaseElement:
    cardinality, *types = text.split(" ")
    least, _, most = cardinality.partition("..")
    return BaseElement(
        name.removesuffix("[x]"), int(least), most == "*", tuple(map(_type, types)), name.endswith("[x]")
    )


def _type(text: str) -> TypeOf:
    name, _, details = text.partition("(")
    if not details:
        return TypeOf(name)
    listed = frozenset(details.removesuffix(")").split("|"))
    return TypeOf(name, listed) if name == "code" else TypeOf(name, targets=listed)
