"""Diagnose unknown modifiers: implicit rules and modifier extensions change the meaning around them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.conformance.base.table import STRUCTURE
from app.conformance.bundle_rules.finding import Finding
from app.conformance.checks.rule import Family
from app.conformance.compiled.fields import IMPLICIT_RULES, MODIFIER_EXTENSION
from app.conformance.diagnose import wording
from app.fhir.place import Place


def unknown_rules(place: Place) -> Finding:
    """Return the finding for `implicitRules`: no implicit rules are known."""
    source = STRUCTURE + "Resource"
    return Finding(place, Family.MODIFIER, "not-supported", wording.IMPLICIT_RULES, "implicit-rules", source)


def unknown_extension(place: Place, source: str) -> Finding:
    """Return the finding for a modifier extension that is not defined."""
    return Finding(place, Family.MODIFIER, "extension", wording.MODIFIER, "modifier-extension", source)


def modifiers_in(value: Any, place: Place) -> Iterator[Finding]:
    """Yield a finding for each modifier in JSON of any shape, where the elements and so all modifiers are unknown."""
    if type(value) is list:
        for index, below in enumerate(value):
            yield from modifiers_in(below, (place, index))
    elif type(value) is dict:
        for name, below in value.items():
            at = (place, name)
            if name == IMPLICIT_RULES:
                yield unknown_rules(at)
            elif name == MODIFIER_EXTENSION:
                count = len(below) if type(below) is list else 1
                yield from (unknown_extension((at, index), STRUCTURE + "DomainResource") for index in range(count))
            else:
                yield from modifiers_in(below, at)
