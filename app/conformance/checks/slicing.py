"""Slices, and how a value is told to be in one (http://hl7.org/fhir/R4/profiling.html#slicing)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.conformance.checks.binding import in_members
from app.conformance.checks.fixed import equals
from app.conformance.checks.paths import Step, follow, lead, parse
from app.conformance.checks.pattern import contains
from app.conformance.checks.slice_keys import ByKey, Matcher, Surroundings, keyed
from app.conformance.definitions.definitions import Definitions
from app.conformance.definitions.node import Discriminator, Node, NotUnderstood, element_of_slice

Content = Callable[[Any], bool]


def slice_matcher(element: Node, slice_: Node, definitions: Definitions, place: str) -> Matcher | None:
    """Return whether a value is in a slice. Raises NotUnderstood for a discriminator that cannot be decided.

    None where only the codes of a value set could tell, and those are not known: as with any such binding, no value is
    then held to it.
    """
    slicing = element.slicing
    if slicing is None or not slicing.discriminators:
        raise NotUnderstood(f"The slices of {place} in {slice_.source} have no discriminator.")
    whole = element_of_slice(element, slice_)
    if _hangs_on_unknown_codes(whole, slicing.discriminators, definitions):
        return None
    found = [_matcher(one, whole, definitions, place) for one in slicing.discriminators]
    if len(found) == 1:
        return found[0]
    return lambda value, around: all(matches(value, around) for matches in found)


def _matcher(discriminator: Discriminator, node: Node, definitions: Definitions, place: str) -> Matcher:
    steps = parse(discriminator.path)
    end = lead(node, steps)
    made = None if end is None else _MADE.get(discriminator.type, _unknown)(end, steps, definitions)
    if made is None:
        by = f"{discriminator.type}:{discriminator.path}"
        raise NotUnderstood(f"The discriminator {by} of {place} in {node.source} cannot be decided.")
    return made


def _hangs_on_unknown_codes(node: Node, by: tuple[Discriminator, ...], definitions: Definitions) -> bool:
    ends = [lead(node, parse(one.path)) for one in by if one.type in ("value", "pattern")]
    return any(
        end is not None
        and end.bindings
        and not end.given
        and all(definitions.members(one) is None for one in end.bindings)
        for end in ends
    )


def _unknown(*_: object) -> None:
    """Make nothing of a kind of discriminator that this engine does not know."""
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
    """Say by what text or code the matcher goes, where nothing else at the end of the path tells a value."""
    more = end.bindings or any(_content(one, definitions) for one in end.children.values())
    return matches if more or len(end.given) != 1 else keyed(names, end.given[0], matches)


def _content(node: Node, definitions: Definitions) -> Content | None:
    """Return what a value must hold to be the one meant: all values given at the node or below it."""
    parts: list[Content] = [equals(one.value) if one.kind == "fixed" else contains(one.value) for one in node.given]
    known = (definitions.members(one) for one in node.bindings)
    parts += [in_members(members) for members in known if members is not None]
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
    targets = [definitions.type_of(target) for one in end.types for target in one.targets]
    types = frozenset(code for code in (targets if resolved else (one.code for one in end.types)) if code is not None)
    if not types or (resolved and None in targets):
        return None

    def matches(value: Any, around: Surroundings) -> bool:
        return any(_type_of(one) in types for one in follow(value, steps, around.resolve))

    if len(steps) == 1 and steps[0].name and not steps[0].type:
        return ByKey((steps[0].name, "resourceType"), types, matches)
    return matches


def _type_of(value: Any) -> object:
    return value.get("resourceType") if type(value) is dict else None


def _by_profile(end: Node, steps: tuple[Step, ...], definitions: Definitions) -> Matcher | None:
    resolved = bool(steps) and steps[-1].resolve
    profiles = [url for one in end.types for url in (one.targets if resolved else one.profiles)]
    if not profiles or any(definitions.structure(url) is None for url in profiles):
        return None
    return lambda value, around: any(
        around.conforms(one, url) for one in follow(value, steps, around.resolve) for url in profiles
    )


_MADE = {
    "value": _by_value,
    "pattern": _by_value,
    "exists": _by_existence,
    "type": _by_type,
    "profile": _by_profile,
}
