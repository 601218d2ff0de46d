# ruff: noqa: E501 - the FHIRPath is as published
"""The invariants of R4's datatypes (http://hl7.org/fhir/R4/datatypes.html)."""

from __future__ import annotations

from typing import Any

from app.codes import UCUM
from app.conformance.base.special_types import SIMPLE_QUANTITY
from app.conformance.invariants.invariant import ByNames, Invariant, Predicate, any_of, chosen, needs, there
from app.fhir.instants import interval

_DAY_LENGTH = 10


def _in_order(value: Any) -> bool:
    """Return whether a period ends on or after its start. A partial date counts as its whole range."""
    start, end = value.get("start"), value.get("end")
    if start is None or end is None:
        return True
    if len(start) == len(end) == _DAY_LENGTH:
        return bool(start <= end)
    return interval(start)[0] < interval(end)[1]


def _ratio(value: Any) -> bool:
    numbers = ("numerator" in value) + ("denominator" in value)
    return numbers == 2 or (numbers == 0 and "extension" in value)  # noqa: PLR2004 - both or neither


def _range(value: Any) -> bool:
    low, high = value.get("low", {}), value.get("high", {})
    comparable = "value" in low and "value" in high and low.get("code") == high.get("code")
    return not comparable or bool(low["value"] <= high["value"])


def _in_ucum(value: Any) -> bool:
    return ("code" in value or "value" not in value) and value.get("system", UCUM) == UCUM


def _age(value: Any) -> bool:
    return _in_ucum(value) and ("value" not in value or value["value"] > 0)


def _count(value: Any) -> bool:
    whole = "value" not in value or value["value"] == value["value"].to_integral_value() if _is_exact(value) else True
    return _in_ucum(value) and value.get("code", "1") == "1" and whole


def _is_exact(value: Any) -> bool:
    return hasattr(value.get("value"), "to_integral_value")


def _duration(value: Any) -> bool:
    return "code" not in value or (value.get("system") == UCUM and "value" in value)


def _one_of(*names: str) -> Predicate:
    return lambda value: sum(there(value, name) for name in names) == 1


DATATYPES = (
    Invariant(
        "ext-1",
        "extension.exists() != value.exists()",
        "An extension must have either a value or nested extensions.",
        ByNames(lambda value: ("extension" in value) != chosen(value, "value")),
        ("Extension",),
    ),
    Invariant(
        "age-1",
        "(code.exists() or value.empty()) and (system.empty() or system = %ucum) and (value.empty() or value.hasValue().not() or value > 0)",
        "An age must be greater than 0 and have a UCUM unit.",
        _age,
        ("Age",),
    ),
    Invariant(
        "att-1",
        "data.empty() or contentType.exists()",
        "`data` must come with `contentType`.",
        needs("data", "contentType"),
        ("Attachment",),
    ),
    Invariant(
        "cpt-2",
        "value.empty() or system.exists()",
        "A contact's `value` must come with `system`.",
        needs("value", "system"),
        ("ContactPoint",),
    ),
    Invariant(
        "cnt-3",
        "(code.exists() or value.empty()) and (system.empty() or system = %ucum) and (code.empty() or code = '1') and (value.empty() or value.hasValue().not() or value.toString().contains('.').not())",
        "A count must be a whole number with the UCUM code 1.",
        _count,
        ("Count",),
    ),
    Invariant(
        "drq-1",
        "path.exists() xor searchParam.exists()",
        "Only one of `path` and `searchParam` is allowed.",
        _one_of("path", "searchParam"),
        ("DataRequirementCodeFilter",),
    ),
    Invariant(
        "drq-2",
        "path.exists() xor searchParam.exists()",
        "Only one of `path` and `searchParam` is allowed.",
        _one_of("path", "searchParam"),
        ("DataRequirementDateFilter",),
    ),
    Invariant(
        "dis-1",
        "(code.exists() or value.empty()) and (system.empty() or system = %ucum)",
        "A distance must have a UCUM unit.",
        _in_ucum,
        ("Distance",),
    ),
    Invariant(
        "drt-1",
        "code.exists() implies ((system = %ucum) and value.exists())",
        "A duration with a code must have a value and a UCUM unit.",
        _duration,
        ("Duration",),
    ),
    Invariant(
        "exp-1",
        "expression.exists() or reference.exists()",
        "An expression or a reference to one is required.",
        any_of("expression", "reference"),
        ("Expression",),
    ),
    Invariant(
        "per-1",
        "start.hasValue().not() or end.hasValue().not() or (start <= end)",
        "A period must not end before it starts.",
        _in_order,
        ("Period",),
    ),
    Invariant(
        "qty-3",
        "code.empty() or system.exists()",
        "`code` must come with `system`.",
        needs("code", "system"),
        ("Quantity",),
    ),
    Invariant(
        "sqty-1",
        "comparator.empty()",
        "A comparator is not allowed here.",
        ByNames(lambda value: not there(value, "comparator")),
        (SIMPLE_QUANTITY,),
    ),
    Invariant(
        "rng-2",
        "low.empty() or high.empty() or (low <= high)",
        "`low` must not exceed `high`.",
        _range,
        ("Range",),
    ),
    Invariant(
        "rat-1",
        "(numerator.empty() xor denominator.exists()) and (numerator.exists() or extension.exists())",
        "A ratio must have a numerator and a denominator.",
        _ratio,
        ("Ratio",),
    ),
)
