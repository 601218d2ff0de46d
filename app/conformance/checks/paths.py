"""The paths of discriminators, a small part of FHIRPath (http://hl7.org/fhir/R4/profiling.html#discriminator)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from app.conformance.definitions.node import Node, NotUnderstood, over

Resolve = Callable[[str], Any]

_STEP = re.compile(
    r"(?:extension\('(?P<url>[^']+)'\)|(?P<resolve>resolve\(\))|ofType\((?P<type>\w+)\)|(?P<name>\w+))(?:\.|$)"
)
_AS = re.compile(r" as (\w+)")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: to an element (of one type of a choice), an extension by URL, or a reference's target."""

    name: str = ""
    type: str = ""
    url: str = ""
    resolve: bool = False


def parse(path: str) -> tuple[Step, ...]:
    """Return the steps of a discriminator's path. Raises NotUnderstood for what is no such path."""
    if path == "$this":
        return ()
    text = _AS.sub(r".ofType(\1)", path.removeprefix("$this."))
    steps: list[Step] = []
    at = 0
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None or (found["type"] and not (steps and steps[-1].name)):
            raise NotUnderstood(f"The path {path} of a discriminator is not understood.")
        at = found.end()
        if found["type"]:
            steps[-1] = Step(steps[-1].name, found["type"])
        else:
            steps.append(Step(found["name"] or "", "", found["url"] or "", bool(found["resolve"])))
    return tuple(steps)


def follow(value: Any, steps: tuple[Step, ...], resolve: Resolve) -> list[Any]:
    """Return the values that a path leads to from a value."""
    values = [value]
    for step in steps:
        values = [found for one in values if type(one) is dict for found in _next(one, step, resolve)]
    return values


def may_be_choice(path: tuple[str, ...], names: Iterable[str]) -> bool:
    """Whether the first step of a path may lead to a choice element, or to what looks like one, of an object."""
    return any(_is_choice(name, step) for step in path for name in names)


def lead(node: Node, steps: tuple[Step, ...]) -> Node | None:
    """Return what the profile says at the end of a path, None where it says nothing."""
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
    """Choose the slice that a step narrows to: the extension's, or that of one type of a choice."""
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
        return [one for one in items(value, "extension") if type(one) is dict and one.get("url") == step.url]
    if step.type:
        return items(value, step.name + step.type[0].upper() + step.type[1:])
    if step.name in value:
        return items(value, step.name)
    return [one for name in value if _is_choice(name, step.name) for one in items(value, name)]


def _is_choice(name: str, of: str) -> bool:
    return name.startswith(of) and name[len(of) : len(of) + 1].isupper()


def items(value: dict[str, Any], name: str) -> list[Any]:
    """Return the values of an element, also where it does not repeat."""
    found = value.get(name)
    if type(found) is list:
        return found
    return [] if found is None else [found]
