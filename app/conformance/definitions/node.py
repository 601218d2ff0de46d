"""The constraints of profiles on one element: a node in the tree of a profile's element definitions."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace


class NotUnderstood(Exception):  # noqa: N818 - a fault of a definition, not of the program
    """A definition has a constraint that this engine cannot check. The message names the place."""


class ProfiledType(Struct, frozen=True):
    """A type that an element may have.

    `profiles`: the value must conform to one of them. `targets`: the profiles of the resources that it may reference.
    """

    code: str
    profiles: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


class Constraint(Struct, frozen=True):
    """An invariant of a profile, identified by its key and its expression together."""

    key: str
    expression: str
    severity: str
    source: str


class Given(Struct, frozen=True):
    """A value that an element must equal (`fixed`) or contain (`pattern`)."""

    kind: str
    value: Any


class Discriminator(Struct, frozen=True):
    """A discriminator: slices differ in the value, pattern, type, existence or profile at its path."""

    type: str
    path: str


class Slicing(Struct, frozen=True):
    """The slicing of an element (ElementDefinition.slicing)."""

    discriminators: tuple[Discriminator, ...]
    rules: str = "open"
    ordered: bool = False


class Node(Struct):
    """The constraints on an element. None or empty means the constraint of the base type."""

    source: str = ""
    minimum: int = 0
    maximum: int | None = None
    types: tuple[ProfiledType, ...] = ()
    given: tuple[Given, ...] = ()
    bindings: tuple[str, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    max_length: int | None = None
    least_value: Any = None
    most_value: Any = None
    slicing: Slicing | None = None
    children: dict[str, Node] = field(default_factory=dict)
    slices: dict[str, Node] = field(default_factory=dict)

    @property
    def is_unconstrained(self) -> bool:
        """Whether the node has no constraint except the cardinality."""
        return not (self.given or self.bindings or self.constraints or self.children or self.slices or self._limits)

    @property
    def _limits(self) -> bool:
        return self.max_length is not None or self.least_value is not None or self.most_value is not None


def over(base: Node | None, later: Node | None) -> Node:
    """Merge the constraints of two nodes. `later` is the narrower one."""
    if base is None or later is None:
        return base or later or Node()
    return Node(
        source=later.source or base.source,
        minimum=max(base.minimum, later.minimum),
        maximum=_least(base.maximum, later.maximum),
        types=later.types or base.types,
        given=_union(base.given, later.given),
        bindings=_union(base.bindings, later.bindings),
        constraints=_union(base.constraints, later.constraints),
        max_length=_least(base.max_length, later.max_length),
        least_value=base.least_value if later.least_value is None else later.least_value,
        most_value=base.most_value if later.most_value is None else later.most_value,
        slicing=later.slicing or base.slicing,
        children=_both(base.children, later.children),
        slices=_both(base.slices, later.slices),
    )


def element_of_slice(node: Node, slice_: Node) -> Node:
    """Return the constraints on a value in a slice: those of the element, merged with those of the slice."""
    return over(replace(node, minimum=0, maximum=None, slicing=None, slices={}), slice_)


def _both(base: dict[str, Node], later: dict[str, Node]) -> dict[str, Node]:
    return base | {name: over(base.get(name), node) for name, node in later.items()}


def _union(base: tuple[Any, ...], later: tuple[Any, ...]) -> tuple[Any, ...]:
    return base + tuple(constraint for constraint in later if constraint not in base)


def _least(base: int | None, later: int | None) -> int | None:
    known = [limit for limit in (base, later) if limit is not None]
    return min(known) if known else None
