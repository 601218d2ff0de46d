"""The rules of a profile on one value: fixed, pattern, binding, bounds, invariants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from app.conformance.checks.binding import allowed_codes, binding_check
from app.conformance.checks.fixed import equals
from app.conformance.checks.invariant import invariant
from app.conformance.checks.pattern import contains
from app.conformance.checks.rule import Family, Rule
from app.conformance.definitions.definitions import Definitions
from app.conformance.definitions.node import Given, Node

_MAX_SHOWN = 200


def value_rules(node: Node, type_: str, definitions: Definitions) -> Iterator[Rule]:
    """Yield the rules that a node of a profile has for a value of this type."""
    yield from (_given_rule(given, node.source) for given in node.given)
    for value_set in node.bindings:
        rule = _binding(value_set, type_, definitions, node.source)
        if rule is not None:
            yield rule
    yield from _bounds(node)
    for constraint in node.constraints:
        rule = invariant(constraint)
        if rule is not None:
            yield rule


def _given_rule(given: Given, source: str) -> Rule:
    check = equals(given.value) if given.kind == "fixed" else contains(given.value)
    shown = msgspec.json.encode(given.value).decode()[:_MAX_SHOWN]
    is_whole = given.kind == "fixed" or not isinstance(given.value, dict | list)
    text = f"The value must be {shown}." if is_whole else f"The value must contain {shown}."
    return Rule(given.kind, Family.PROFILE, "value", text, source, check)


def _binding(value_set: str, type_: str, definitions: Definitions, source: str) -> Rule | None:
    members = definitions.members(value_set)
    check = None if members is None else binding_check(type_, members)
    if members is None or check is None:
        return None
    text = f"The code must be in the value set {value_set}: {allowed_codes(members)}."
    return Rule("binding", Family.TERMINOLOGY, "code-invalid", text, source, check)


def _bounds(node: Node) -> Iterator[Rule]:
    length, least, most = node.max_length, node.least_value, node.most_value
    if length is not None:
        text = f"The value must have at most {length} characters."
        yield _bound("maxLength", text, node, lambda value: len(value) <= length)
    if least is not None:
        yield _bound("minValue", f"The value must be at least {least}.", node, lambda value: value >= least)
    if most is not None:
        yield _bound("maxValue", f"The value must be at most {most}.", node, lambda value: value <= most)


def _bound(key: str, text: str, node: Node, holds: Any) -> Rule:
    return Rule(key, Family.PROFILE, "value", text, node.source, holds)
