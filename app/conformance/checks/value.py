"""The rules on one value, apart from its structure: fixed, pattern, binding, bounds, invariants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from app.conformance.checks.binding import accepted, bound
from app.conformance.checks.fixed import equals
from app.conformance.checks.invariant import invariant
from app.conformance.checks.pattern import contains
from app.conformance.checks.rule import Family, Rule
from app.conformance.definitions.definitions import Definitions
from app.conformance.definitions.node import Given, Node

_MAX_SHOWN = 200


def value_rules(node: Node, type_: str, definitions: Definitions) -> Iterator[Rule]:
    """Give the rules that a node of a profile has for a value of this type."""
    yield from (_given(one, node.source) for one in node.given)
    for value_set in node.bindings:
        rule = _binding(value_set, type_, definitions, node.source)
        if rule is not None:
            yield rule
    yield from _bounds(node)
    for constraint in node.constraints:
        rule = invariant(constraint)
        if rule is not None:
            yield rule


def _given(given: Given, source: str) -> Rule:
    holds = equals(given.value) if given.kind == "fixed" else contains(given.value)
    shown = msgspec.json.encode(given.value).decode()
    what = "Only this value is" if given.kind == "fixed" else "A value with this in it is"
    return Rule(given.kind, Family.PROFILE, "value", f"{what} accepted: {shown[:_MAX_SHOWN]}.", source, holds)


def _binding(value_set: str, type_: str, definitions: Definitions, source: str) -> Rule | None:
    members = definitions.members(value_set)
    holds = None if members is None else bound(type_, members)
    if members is None or holds is None:
        return None
    text = f"A code of the value set {value_set} is accepted: {accepted(members)}."
    return Rule("binding", Family.TERMINOLOGY, "code-invalid", text, source, holds)


def _bounds(node: Node) -> Iterator[Rule]:
    length, least, most = node.max_length, node.least_value, node.most_value
    if length is not None:
        yield _bound(
            "maxLength", f"At most {length} characters are accepted.", node, lambda value: len(value) <= length
        )
    if least is not None:
        yield _bound("minValue", f"Nothing below {least} is accepted.", node, lambda value: value >= least)
    if most is not None:
        yield _bound("maxValue", f"Nothing above {most} is accepted.", node, lambda value: value <= most)


def _bound(key: str, text: str, node: Node, holds: Any) -> Rule:
    return Rule(key, Family.PROFILE, "value", text, node.source, holds)
