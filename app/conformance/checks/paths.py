"""The paths of discriminators, a small part of FHIRPath (http://hl7.org/fhir/R4/profiling.html#discriminator)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct

from app.conformance.definitions.node import Node, NotUnderstood, over

Resolve = Callable[[str], Any]

_STEP = re.compile(
    r"(?:extension\('(?P<url>[^']+)'\)|(?P<resolve>resolve\(\))|ofType\((?P<type>\w+)\)|(?P<name>\w+))(?:\.|$)"
)
_AS = re.compile(r" as (\w+)")


class Step(Struct, frozen=True):
    """One step of a path: an element (or one type of a choice), an extension by URL, or the target of a reference."""

    name: str = ""
    type: str = ""
    url: str = ""
    resolve: bool = False


def parse(path: str) -> tuple[Step, ...]:
    """Parse the path of a discriminator. Raises NotUnderstood."""
    if path == "$this":
        return ()
    text = _AS.sub(r".ofType(\1)", path.removeprefix("$this."))
    steps: list[Step] = []
    at = 0
    while at < len(text):
        step = _STEP.match(text, at)
        if step is None or (step["type"] and not (steps and steps[-1].name)):
            raise NotUnderstood(f"The server cannot read the discriminator path {path}.")
        at = step.end()
        if step["type"]:
            steps[-1] = Step(steps[-1].name, step["type"])
        else:
            steps.append(Step(step["name"] or "", "", step["url"] or "", bool(step["resolve"])))
    return tuple(steps)


def follow(value: Any, steps: tuple[Step, ...], resolve: Resolve) -> list[Any]:
    """Return the values at the end of a path that starts at a value."""
    values = [value]
    for step in steps:
        values = [below for parent in values if type(parent) is dict for below in _next(parent, step, resolve)]
    return values


def may_be_choice(path: tuple[str, ...], names: Iterable[str]) -> bool:
    """Return whether a step of a path may be the name of a choice element of an object with these JSON names."""
    return any(_is_choice(name, step) for step in path for name in names)


def node_at(node: Node, steps: tuple[Step, ...]) -> Node | None:
    """Return the constraints of the profile at the end of a path; None if there are none."""
    for step in steps:
        if step.resolve:
            continue
        name = "extension" if step.url else step.name
        child = node.children.get(name)
        if child is None:
            return None
        node = _sliced(child, step)
    return node


def _sliced(child: Node, step: Step) -> Node:
    """Choose the slice of a step: the extension with its URL, or the type of a choice."""
    for name, slice_ in child.slices.items():
        if step.url in {profile for type_ in slice_.types for profile in type_.profiles} - {""}:
            return over(child, slice_)
        if step.type and (
            name.lower().endswith(step.type.lower()) or step.type in {type_.code for type_ in slice_.types}
        ):
            return over(child, slice_)
    return child


def _next(value: dict[str, Any], step: Step, resolve: Resolve) -> list[Any]:
    if step.resolve:
        reference = value.get("reference")
        target = resolve(reference) if type(reference) is str else None
        return [] if target is None else [target]
    if step.url:
        extensions = _values(value, "extension")
        return [extension for extension in extensions if type(extension) is dict and extension.get("url") == step.url]
    if step.type:
        return _values(value, step.name + step.type[0].upper() + step.type[1:])
    if step.name in value:
        return _values(value, step.name)
    return [below for name in value if _is_choice(name, step.name) for below in _values(value, name)]


def _is_choice(name: str, of: str) -> bool:
    return name.startswith(of) and name[len(of) : len(of) + 1].isupper()


def _values(value: dict[str, Any], name: str) -> list[Any]:
    """Return the values of an element as a list, even if it does not repeat."""
    element = value.get(name)
    if type(element) is list:
        return element
    return [] if element is None else [element]
