"""The types of R4 4.0.1 and their elements, read on first use from the table `r4.json`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from app.conformance.base.special_types import SIMPLE_QUANTITY, UNMODELED

STRUCTURE = "http://hl7.org/fhir/StructureDefinition/"
"""The prefix of the canonical URLs of R4 types."""

TABLE = Path(__file__).parent / "r4.json"
_ROOTS = ("Resource", "DomainResource")


class TypeOf(Struct, frozen=True):
    """A type that a value may have: its name, the codes of a required binding, and the target types of a reference."""

    name: str
    codes: frozenset[str] | None = None
    targets: frozenset[str] | None = None

    @property
    def suffix(self) -> str:
        """The suffix of a choice element's JSON name for this type."""
        name = "Quantity" if self.name == SIMPLE_QUANTITY else self.name
        return name[0].upper() + name[1:]


class BaseElement(Struct, frozen=True):
    """An element of an R4 type. `name` is the FHIRPath name; `choice` is True if the JSON name includes the type."""

    name: str
    minimum: int
    many: bool
    types: tuple[TypeOf, ...]
    choice: bool

    def names(self) -> tuple[str, ...]:
        """Return all JSON names of the element."""
        return tuple(self.name + type_.suffix for type_ in self.types) if self.choice else (self.name,)


@cache
def elements(type_: str) -> dict[str, BaseElement]:
    """Return the elements of a type and its ancestors by FHIRPath name. Raises KeyError if R4 lacks the type."""
    own = _table()[type_]
    inherited = elements(own[""]) if own[""] else {}
    own_elements = (_element(name, text) for name, text in own.items() if name)
    return inherited | {element.name: element for element in own_elements}


@cache
def named(type_: str) -> dict[str, tuple[BaseElement, TypeOf]]:
    """Return the elements of a type by JSON name, each with the type for that name."""
    return {
        name: (element, value_type)
        for element in elements(type_).values()
        for name, value_type in zip(element.names(), element.types, strict=True)
    }


def types() -> Iterable[str]:
    """Return the names of all complex types and resources."""
    return _table()


def is_type(name: str) -> bool:
    """Return whether the table has a complex type or resource with this name."""
    return name in _table()


@cache
def ancestors(type_: str) -> tuple[str, ...]:
    """Return the type and its ancestors, nearest first."""
    parent = _table()[type_][""]
    return (type_, *(ancestors(parent) if parent else ()))


@cache
def is_resource(type_: str) -> bool:
    """Return whether a body or an entry can have this type."""
    return type_ not in _ROOTS and is_type(type_) and ancestors(type_)[-1] == "Resource"


def is_unmodeled(type_: str) -> bool:
    """Return whether R4 has this resource type but the table lacks its elements."""
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
