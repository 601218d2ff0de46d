"""Invariants (ElementDefinition.constraint) as rules."""

from __future__ import annotations

from app.conformance.base.table import STRUCTURE
from app.conformance.checks.rule import Family, Rule
from app.conformance.definitions.node import Constraint
from app.conformance.invariants.invariant import Invariant
from app.conformance.invariants.registry import KNOWN, LEFT_OUT, of_element, of_type


def base_invariants(type_: str) -> tuple[Rule, ...]:
    """Return the invariants of R4 for values of a type."""
    return tuple(_base_rule(invariant_, STRUCTURE + type_) for invariant_ in of_type(type_))


def element_invariants(type_: str, name: str) -> tuple[Rule, ...]:
    """Return the invariants of R4 for one element of a type."""
    return tuple(_base_rule(invariant_, STRUCTURE + type_) for invariant_ in of_element(f"{type_}.{name}"))


def _base_rule(base: Invariant, source: str) -> Rule:
    return Rule(base.key, Family.INVARIANT, "invariant", base.text, source, base.holds)


def invariant(constraint: Constraint) -> Rule | None:
    """Return the rule for a constraint of a profile; None if it is unknown or deliberately left out."""
    known = KNOWN.get((constraint.key, constraint.expression))
    if known is None or constraint.key in LEFT_OUT:
        return None
    family = Family.PROFILE if constraint.severity == "error" else Family.ADVICE
    return Rule(known.key, family, "invariant", known.text, constraint.source, known.holds)


def is_understood(constraint: Constraint) -> bool:
    """Return whether the constraint is checked, or deliberately left out."""
    return constraint.key in LEFT_OUT or (constraint.key, constraint.expression) in KNOWN
