"""The compiling of one element of an object: what R4 says of it and what the profile says, put together."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from app.conformance.base.table import BaseElement, TypeOf
from app.conformance.checks.invariant import element_invariants
from app.conformance.checks.slicing import slice_matcher
from app.conformance.compiled.shape import Field, Shape, Slice
from app.conformance.definitions.node import Node, NotUnderstood, element_of_slice, over

EXTENSIONS = ("extension", "modifierExtension")


def compiled(shape: Shape, name: str, element: BaseElement, type_: TypeOf) -> Field:
    """Compile the element that a JSON name of an object stands for. Raises NotUnderstood."""
    node = _node(shape.node, name, element, type_)
    by_url = _by_url(shape, node) if element.name in EXTENSIONS else None
    slices = () if by_url is not None or element.choice else tuple(_slices(shape, element, type_, node))
    slicing = node.slicing
    return Field(
        name=element.name,
        many=element.many,
        minimum=max(element.minimum, node.minimum),
        maximum=0 if _is_refused(node, element, type_) else node.maximum,
        source=node.source or shape.source,
        shape=shape.library.value(type_, node, element_invariants(shape.type, element.name)),
        slices=slices,
        closed=bool(slicing and slicing.rules == "closed" and (slices or by_url)),
        ordered=bool(slicing and slicing.ordered and slices),
        by_url=by_url,
        parent_type=shape.type,
    )


def _node(whole: Node, name: str, element: BaseElement, type_: TypeOf) -> Node:
    """Return what the profile says of an element; of a choice, what it says of this one type of it."""
    node = whole.children.get(element.name) or Node()
    if not element.choice:
        return node
    for slice_name, slice_ in node.slices.items():
        if slice_name == name or type_.name in {one.code for one in slice_.types}:
            node = over(node, replace(slice_, minimum=0))
    return over(node, whole.children[name]) if name in whole.children else node


def _is_refused(node: Node, element: BaseElement, type_: TypeOf) -> bool:
    """Whether the profile does not accept the element, or not this type of a choice."""
    accepted = {one.code for one in node.types}
    return node.maximum == 0 or (element.choice and bool(accepted) and type_.suffix not in map(_suffix, accepted))


def _suffix(code: str) -> str:
    return TypeOf(code).suffix


def _slices(shape: Shape, element: BaseElement, type_: TypeOf, node: Node) -> Iterator[Slice]:
    rules = element_invariants(shape.type, element.name)
    for name, one in node.slices.items():
        if "/" in name:
            raise NotUnderstood(f"The slice {name} of {shape.type}.{element.name} in {one.source} slices a slice.")
        matches = slice_matcher(node, one, shape.library.definitions, f"{shape.type}.{element.name}")
        if matches is not None:
            value = shape.library.value(type_, element_of_slice(node, one), rules)
            yield Slice(name, one.minimum, one.maximum, one.source, value, matches)


def _by_url(shape: Shape, node: Node) -> dict[str, Slice]:
    found: dict[str, Slice] = {}
    for name, one in node.slices.items():
        url = _url(one)
        if url is None:
            raise NotUnderstood(f"The extension {name} of {shape.type} in {one.source} has no URL.")
        value = shape.library.value(TypeOf("Extension"), element_of_slice(node, one))
        found[url] = Slice(name, one.minimum, one.maximum, one.source, value)
    return found


def _url(slice_: Node) -> str | None:
    url = slice_.children.get("url")
    if url is not None and url.given:
        return str(url.given[0].value)
    return next((profile for one in slice_.types for profile in one.profiles), None)
