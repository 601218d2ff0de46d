"""Match values to slices by discriminators (http://hl7.org/fhir/R4/profiling.html#slicing)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.conformance.checks.binding import in_members
from app.conformance.checks.fixed import equals
from app.conformance.checks.paths import Step, follow, node_at, parse
from app.conformance.checks.pattern import contains
from app.conformance.checks.slice_keys import ByKey, Matcher, Surroundings, keyed
from app.conformance.definitions.definitions import Definitions
from app.conformance.definitions.node import Discriminator, Node, NotUnderstood, element_of_slice

Content = Callable[[Any], bool]


def slice_matcher(element: Node, slice_: Node, definitions: Definitions, place: str) -> Matcher | None:
    """Return a matcher that tells whether a value is in a slice; None if that depends on an unknown value set.

    Raises NotUnderstood for a discriminator that the engine cannot evaluate.
    """
    slicing = element.slicing
    if slicing is None or not slicing.discriminators:
        raise NotUnderstood(f"The slices of {place} in {slice_.source} have no discriminator.")
    whole = element_of_slice(element, slice_)
    if _depends_on_unknown_codes(whole, slicing.discriminators, definitions):
        return None
    matchers = [_matcher(discriminator, whole, definitions, place) for discriminator in slicing.discriminators]
    if len(matchers) == 1:
        return matchers[0]
    return lambda value, around: all(matches(value, around) for matches in matchers)


def _matcher(discriminator: Discriminator, node: Node, definitions: Definitions, place: str) -> Matcher:
    steps = parse(discriminator.path)
    end = node_at(node, steps)
    matches = None if end is None else _MATCHERS.get(discriminator.type, _unknown)(end, steps, definitions)
    if matches is None:
        name = f"{discriminator.type}:{discriminator.path}"
        raise NotUnderstood(f"The server cannot evaluate the discriminator {name} of {place} in {node.source}.")
    return matches


def _depends_on_unknown_codes(node: Node, by: tuple[Discriminator, ...], definitions: Definitions) -> bool:
    paths = (discriminator.path for discriminator in by if discriminator.type in ("value", "pattern"))
    ends = (node_at(node, parse(path)) for path in paths)
    return any(
        end is not None
        and end.bindings
        and not end.given
        and all(definitions.members(value_set) is None for value_set in end.bindings)
        for end in ends
    )


def _unknown(*_: object) -> None:
    """Return None for an unknown type of discriminator."""
    return


def _by_value(end: Node, steps: tuple[Step, ...], definitions: Definitions) -> Matcher | None:
    content = _content(end, definitions)
    if content is None:
        return None

    def matches(value: Any, around: Surroundings) -> bool:
        return any(map(content, follow(value, steps, around.resolve)))

    if len(steps) > 1 or any(step.type or not step.name for step in steps):
        return matches
    return _keyed(tuple(step.name for step in steps), end, definitions, matches)


def _keyed(names: tuple[str, ...], end: Node, definitions: Definitions, matches: Matcher) -> Matcher:
    """Return a matcher by key if the given value is the only constraint at the end of the path."""
    more = end.bindings or any(_content(child, definitions) for child in end.children.values())
    return matches if more or len(end.given) != 1 else keyed(names, end.given[0], matches)


def _content(node: Node, definitions: Definitions) -> Content | None:
    """Return a check for all fixed values, patterns and bindings at a node and below it."""
    parts: list[Content] = [
        equals(given.value) if given.kind == "fixed" else contains(given.value) for given in node.given
    ]
    value_sets = map(definitions.members, node.bindings)
    parts += [in_members(members) for members in value_sets if members is not None]
    for name, child in node.children.items():
        below = _content(child, definitions)
        if below is not None:
            parts.append(_at(name, below))
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else lambda value: all(part(value) for part in parts)


def _at(name: str, content: Content) -> Content:
    steps = (Step(name),)
    return lambda value: any(map(content, follow(value, steps, _nowhere)))


def _nowhere(_: str) -> None:
    return


def _by_existence(end: Node, steps: tuple[Step, ...], _: Definitions) -> Matcher | None:
    if end.minimum == 0 and end.maximum != 0:
        return None
    wanted = end.minimum > 0
    return lambda value, around: any(True for _ in follow(value, steps, around.resolve)) is wanted


def _by_type(end: Node, steps: tuple[Step, ...], definitions: Definitions) -> Matcher | None:
    resolved = bool(steps) and steps[-1].resolve
    targets = [definitions.type_of(target) for type_ in end.types for target in type_.targets]
    codes = targets if resolved else [type_.code for type_ in end.types]
    types = frozenset(code for code in codes if code is not None)
    if not types or (resolved and None in targets):
        return None

    def matches(value: Any, around: Surroundings) -> bool:
        return any(_type_of(resource) in types for resource in follow(value, steps, around.resolve))

    if len(steps) == 1 and steps[0].name and not steps[0].type:
        return ByKey((steps[0].name, "resourceType"), types, matches)
    return matches


def _type_of(value: Any) -> object:
    return value.get("resourceType") if type(value) is dict else None


def _by_profile(end: Node, steps: tuple[Step, ...], definitions: Definitions) -> Matcher | None:
    resolved = bool(steps) and steps[-1].resolve
    profiles = [url for type_ in end.types for url in (type_.targets if resolved else type_.profiles)]
    if not profiles or any(definitions.structure(url) is None for url in profiles):
        return None
    return lambda value, around: any(
        around.conforms(below, url) for below in follow(value, steps, around.resolve) for url in profiles
    )


_MATCHERS = {
    "value": _by_value,
    "pattern": _by_value,
    "exists": _by_existence,
    "type": _by_type,
    "profile": _by_profile,
}
