# ruff: noqa: E501 - the FHIRPath is as published
"""The invariants of Timing and TriggerDefinition (http://hl7.org/fhir/R4/datatypes.html#timing)."""

from __future__ import annotations

from typing import Any

from app.conformance.invariants.invariant import Invariant, Predicate, chosen, excludes, needs, there

_MEALS = {"C", "CM", "CD", "CV"}
_TIMING = "TimingRepeat"


def _not_negative(name: str) -> Predicate:
    return lambda value: name not in value or value[name] >= 0


def _offset(value: Any) -> bool:
    return not there(value, "offset") or (bool(value.get("when")) and not _MEALS.intersection(value["when"]))


def _trigger_data(value: Any) -> bool:
    kind = value.get("type", "")
    wanted = "name" if kind == "named-event" else "data" if kind.startswith("data-") else None
    return (wanted is None or wanted in value) and (kind != "periodic" or chosen(value, "timing"))


def _either(name: str, choice: str) -> Predicate:
    return lambda value: not (there(value, name) and chosen(value, choice))


TIMING = (
    Invariant(
        "tim-1",
        "duration.empty() or durationUnit.exists()",
        "`duration` must come with `durationUnit`.",
        needs("duration", "durationUnit"),
        (_TIMING,),
    ),
    Invariant(
        "tim-2",
        "period.empty() or periodUnit.exists()",
        "`period` must come with `periodUnit`.",
        needs("period", "periodUnit"),
        (_TIMING,),
    ),
    Invariant(
        "tim-4",
        "duration.exists() implies duration >= 0",
        "`duration` must not be negative.",
        _not_negative("duration"),
        (_TIMING,),
    ),
    Invariant(
        "tim-5",
        "period.exists() implies period >= 0",
        "`period` must not be negative.",
        _not_negative("period"),
        (_TIMING,),
    ),
    Invariant(
        "tim-6",
        "periodMax.empty() or period.exists()",
        "`periodMax` must come with `period`.",
        needs("periodMax", "period"),
        (_TIMING,),
    ),
    Invariant(
        "tim-7",
        "durationMax.empty() or duration.exists()",
        "`durationMax` must come with `duration`.",
        needs("durationMax", "duration"),
        (_TIMING,),
    ),
    Invariant(
        "tim-8",
        "countMax.empty() or count.exists()",
        "`countMax` must come with `count`.",
        needs("countMax", "count"),
        (_TIMING,),
    ),
    Invariant(
        "tim-9",
        "offset.empty() or (when.exists() and ((when in ('C' | 'CM' | 'CD' | 'CV')).not()))",
        "`offset` must come with `when`, and `when` must not be C, CM, CD or CV.",
        _offset,
        (_TIMING,),
    ),
    Invariant(
        "tim-10",
        "timeOfDay.empty() or when.empty()",
        "Only one of `timeOfDay` and `when` is allowed.",
        excludes("timeOfDay", "when"),
        (_TIMING,),
    ),
    Invariant(
        "trd-1",
        "data.empty() or timing.empty()",
        "Only one of `data` and `timing` is allowed.",
        _either("data", "timing"),
        ("TriggerDefinition",),
    ),
    Invariant(
        "trd-2",
        "condition.exists() implies data.exists()",
        "`condition` must come with `data`.",
        needs("condition", "data"),
        ("TriggerDefinition",),
    ),
    Invariant(
        "trd-3",
        "(type = 'named-event' implies name.exists()) and (type = 'periodic' implies timing.exists()) and (type.startsWith('data-') implies data.exists())",
        "A trigger must have the element of its type: a name, a timing or data.",
        _trigger_data,
        ("TriggerDefinition",),
    ),
)
