"""Rules that only the text of the PAS guide states, not its profiles.

https://hl7.org/fhir/us/davinci-pas/2.2.1/en/ (statements prof-1 to prof-3)
"""

from __future__ import annotations

from typing import Any

from app.codes import X12_UNIT, pas
from app.conformance.base.special_types import SIMPLE_QUANTITY
from app.conformance.checks.rule import Family, Rule
from app.conformance.invariants.invariant import ByNames

_QUANTITY, _TIMING = pas("profile-quantity"), pas("profile-datatype-timing")
_PATTERNS = frozenset({pas("extension-timingcalendarpattern"), pas("extension-timingdeliverypattern")})
_FREQUENCY = ("frequency", "period", "periodUnit")


def guide_rules(profile: str, type_: str) -> tuple[Rule, ...]:
    """Return the rules that the guide states for values of this type and profile."""
    return _RULES.get((profile, type_), ())


def _has_x12_unit(quantity: Any) -> bool:
    return "code" not in quantity or quantity.get("system") == X12_UNIT


def _has_schedule(timing: Any) -> bool:
    repeat = timing.get("repeat", {})
    patterns = (extension["url"] for extension in timing.get("extension", ()))
    return "count" in repeat or all(name in repeat for name in _FREQUENCY) or not _PATTERNS.isdisjoint(patterns)


_HAS_UNIT = ByNames(lambda quantity: "unit" in quantity or "code" in quantity)

_QUANTITY_RULES = (
    Rule("prof-2", Family.GUIDE, "required", "A quantity must have a unit.", _QUANTITY, _HAS_UNIT),
    Rule("prof-3", Family.GUIDE, "value", f"The unit code must be from {X12_UNIT}.", _QUANTITY, _has_x12_unit),
)
_TIMING_RULES = (
    Rule(
        "prof-1",
        Family.GUIDE,
        "required",
        "A timing must have a count, a frequency with period and unit, or a calendar or delivery pattern.",
        _TIMING,
        _has_schedule,
    ),
)
_RULES = {
    (_QUANTITY, "Quantity"): _QUANTITY_RULES,
    (_QUANTITY, SIMPLE_QUANTITY): _QUANTITY_RULES,
    (_TIMING, "Timing"): _TIMING_RULES,
}
