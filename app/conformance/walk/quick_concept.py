"""The fast check of a CodeableConcept as it mostly is, one coding and nothing else, in one step instead of three."""

from __future__ import annotations

from typing import Any

from app.conformance.shapes.shape import Shape
from app.conformance.walk.quick_object import Plans, keeps
from app.conformance.walk.unsure import Make, Nested, Notes


def concept_check(shape: Shape, general: Nested, make: Make) -> Nested:
    """Return the check of a CodeableConcept of which a profile says nothing below it; others take the general way."""
    plans = Plans(shape.library.of_type("Coding"), make)
    rules = tuple(rule.holds for rule in shape.rules)

    def holds(value: Any, notes: Notes) -> bool:
        if len(value) != 1 or "coding" not in value:
            return general(value, notes)
        codings = value["coding"]
        if type(codings) is not list or len(codings) != 1:
            return general(value, notes)
        coding = codings[0]
        simple, nested, own_rules = plans[tuple(coding)]
        if nested or own_rules:
            return general(value, notes)
        for name, check in simple:
            if not check(coding[name]):
                return False
        return not rules or keeps(rules, value)

    return holds
