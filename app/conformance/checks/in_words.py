"""What the guide's text asks of values, beside the profile that they are of: no profile can say it to a machine.

https://hl7.org/fhir/us/davinci-pas/2.2.1/en/ (the statements prof-1 to prof-3)
"""

from __future__ import annotations

from typing import Any

from app.codes import X12_UNIT, pas
from app.conformance.base.special_types import SIMPLE_QUANTITY
from app.conformance.checks.rule import Family, Rule
from app.conformance.invariants.invariant import ByNames

_QUANTITY, _TIMING = pas("profile-quantity"), pas("profile-datatype-timing")
_PATTERNS = frozenset({pas("extension-timingcalendarpattern"), pas("extension-timingdeliverypattern")})
_OFTEN = ("frequency", "period", "periodUnit")


def _of_x12(quantity: Any) -> bool:
    return "code" not in quantity or quantity.get("system") == X12_UNIT


def _says_when(timing: Any) -> bool:
    repeat = timing.get("repeat", {})
    patterns = (extension["url"] for extension in timing.get("extension", ()))
    return "count" in repeat or all(name in repeat for name in _OFTEN) or not _PATTERNS.isdisjoint(patterns)


_HAS_UNIT = ByNames(lambda quantity: "unit" in quantity or "code" in quantity)

_OF_QUANTITIES = (
    Rule("prof-2", Family.WORDS, "required", "A quantity is asked for with its unit.", _QUANTITY, _HAS_UNIT),
    Rule(
        "prof-3", Family.WORDS, "value", f"A unit is asked for with a code of {X12_UNIT}, if any.", _QUANTITY, _of_x12
    ),
)
_OF_TIMINGS = (
    Rule(
        "prof-1",
        Family.WORDS,
        "required",
        "A count, a frequency with its period and unit, or a calendar or delivery pattern is asked for.",
        _TIMING,
        _says_when,
    ),
)
_RULES = {
    (_QUANTITY, "Quantity"): _OF_QUANTITIES,
    (_QUANTITY, SIMPLE_QUANTITY): _OF_QUANTITIES,
    (_TIMING, "Timing"): _OF_TIMINGS,
}


def rules_in_words(profile: str, type_: str) -> tuple[Rule, ...]:
    """Return the rules that the guide has, in words, for values of a type that are by a profile."""
    return _RULES.get((profile, type_), ())
