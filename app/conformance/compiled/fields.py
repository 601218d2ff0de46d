"""Compile one element of an object from R4 and its profile."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from app.conformance.base.table import BaseElement, TypeOf
from app.conformance.checks.invariant import element_invariants
from app.conformance.checks.slicing import slice_matcher
from app.conformance.compiled.shape import Field, Shape, Slice
from app.conformance.definitions.node import Node, NotUnderstood, element_of_slice, over

MODIFIER_EXTENSION = "modifierExtension"

EXTENSIONS = ("extension", MODIFIER_EXTENSION)

IMPLICIT_RULES = "implicitRules"
"""A modifier element: a receiver that does not know the rules must reject the resource."""


def compiled(shape: Shape, name: str, element: BaseElement, type_: TypeOf) -> Field:
    """Compile the element of a JSON name. Raises NotUnderstood."""
    node = _node(shape.node, name, element, type_)
    by_url = _by_url(shape, node) if element.name in EXTENSIONS else None
    slices = () if by_url is not None or element.choice else tuple(_slices(shape, element, type_, node))
    slicing = node.slicing
    return Field(
        name=element.name,
        many=element.many,
        minimum=max(element.minimum, node.minimum),
        maximum=0 if _is_excluded(node, element, type_) else node.maximum,
        source=node.source or shape.source,
        shape=shape.library.value(type_, node, element_invariants(shape.type, element.name)),
        slices=slices,
        closed=bool(slicing and slicing.rules == "closed" and (slices or by_url)),
        ordered=bool(slicing and slicing.ordered and slices),
        by_url=by_url,
        parent_type=shape.type,
    )


def _node(whole: Node, name: str, element: BaseElement, type_: TypeOf) -> Node:
    """Return the node of the profile for an element, or for one type of a choice element."""
    node = whole.children.get(element.name) or Node()
    if not element.choice:
        return node
    for slice_name, slice_ in node.slices.items():
        if slice_name == name or type_.name in {profiled.code for profiled in slice_.types}:
            node = over(node, replace(slice_, minimum=0))
    return over(node, whole.children[name]) if name in whole.children else node


def _is_excluded(node: Node, element: BaseElement, type_: TypeOf) -> bool:
    """Return whether the profile excludes the element, or this type of a choice element."""
    allowed = {profiled.code for profiled in node.types}
    return node.maximum == 0 or (element.choice and bool(allowed) and type_.suffix not in map(_suffix, allowed))


def _suffix(code: str) -> str:
    return TypeOf(code).suffix


def _slices(shape: Shape, element: BaseElement, type_: TypeOf, node: Node) -> Iterator[Slice]:
    rules = element_invariants(shape.type, element.name)
    for name, slice_ in node.slices.items():
        if "/" in name:
            raise NotUnderstood(f"The slice {name} of {shape.type}.{element.name} in {slice_.source} slices a slice.")
        matches = slice_matcher(node, slice_, shape.library.definitions, f"{shape.type}.{element.name}")
        if matches is not None:
            value = shape.library.value(type_, element_of_slice(node, slice_), rules)
            yield Slice(name, slice_.minimum, slice_.maximum, slice_.source, value, matches)


def _by_url(shape: Shape, node: Node) -> dict[str, Slice]:
    by_url: dict[str, Slice] = {}
    for name, slice_ in node.slices.items():
        url = _url(slice_)
        if url is None:
            raise NotUnderstood(f"The extension {name} of {shape.type} in {slice_.source} has no URL.")
        value = shape.library.value(TypeOf("Extension"), element_of_slice(node, slice_))
        by_url[url] = Slice(name, slice_.minimum, slice_.maximum, slice_.source, value)
    return by_url


def _url(slice_: Node) -> str | None:
    url = slice_.children.get("url")
    if url is not None and url.given:
        return str(url.given[0].value)
    return next((profile for type_ in slice_.types for profile in type_.profiles), None)
