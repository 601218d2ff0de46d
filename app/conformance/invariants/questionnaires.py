# ruff: noqa: E501 - the FHIRPath is as published
"""The invariants of Questionnaire, the resource of documentation templates (http://hl7.org/fhir/R4/questionnaire.html)."""

from __future__ import annotations

from typing import Any

from app.conformance.invariants.invariant import Invariant, Predicate, excludes, there

_CODED = {"choice", "open-choice", "decimal", "integer", "date", "dateTime", "time", "string", "quantity"}
_LONG = {"boolean", "decimal", "integer", "string", "text", "url", "open-choice"}
_ITEM = ("QuestionnaireItem",)
_MANY_CONDITIONS = 2


def _own_links(value: Any) -> bool:
    link_ids: list[object] = []
    items = list(value.get("item", ()))
    while items:
        item = items.pop()
        link_ids.append(item.get("linkId"))
        items.extend(item.get("item", ()))
    return len(set(link_ids)) == len(link_ids)


def _children(value: Any) -> bool:
    kind = value.get("type")
    return "item" in value if kind == "group" else kind != "display" or "item" not in value


def _not_for(types: set[str], *names: str) -> Predicate:
    return lambda value: value.get("type") not in types or not any(there(value, name) for name in names)


def _only_for(types: set[str], *names: str) -> Predicate:
    return lambda value: value.get("type") in types or not any(there(value, name) for name in names)


QUESTIONNAIRES = (
    Invariant(
        "que-2", "descendants().linkId.isDistinct()", "Each `linkId` must be unique.", _own_links, ("Questionnaire",)
    ),
    Invariant(
        "que-1",
        "(type='group' implies item.empty().not()) and (type.trace('type')='display' implies item.trace('item').empty())",
        "A group must have items, and a display must not have items.",
        _children,
        _ITEM,
    ),
    Invariant(
        "que-3",
        "type!='display' or code.empty()",
        "A display must not have a code.",
        _not_for({"display"}, "code"),
        _ITEM,
    ),
    Invariant(
        "que-4",
        "answerOption.empty() or answerValueSet.empty()",
        "Only one of `answerOption` and `answerValueSet` is allowed.",
        excludes("answerOption", "answerValueSet"),
        _ITEM,
    ),
    Invariant(
        "que-5",
        "(type ='choice' or type = 'open-choice' or type = 'decimal' or type = 'integer' or type = 'date' or type = 'dateTime' or type = 'time' or type = 'string' or type = 'quantity') or (answerValueSet.empty() and answerOption.empty())",
        "`answerOption` and `answerValueSet` are allowed only for a choice or a simple value.",
        _only_for(_CODED, "answerValueSet", "answerOption"),
        _ITEM,
    ),
    Invariant(
        "que-6",
        "type!='display' or (required.empty() and repeats.empty())",
        "A display must not have `required` or `repeats`.",
        _not_for({"display"}, "required", "repeats"),
        _ITEM,
    ),
    Invariant(
        "que-7",
        "operator = 'exists' implies (answer is Boolean)",
        "The operator `exists` must have a boolean answer.",
        lambda value: value.get("operator") != "exists" or "answerBoolean" in value,
        ("QuestionnaireItemEnableWhen",),
    ),
    Invariant(
        "que-8",
        "(type!='group' and type!='display') or initial.empty()",
        "A group or a display must not have an initial value.",
        _not_for({"group", "display"}, "initial"),
        _ITEM,
    ),
    Invariant(
        "que-9",
        "type!='display' or readOnly.empty()",
        "A display must not have `readOnly`.",
        _not_for({"display"}, "readOnly"),
        _ITEM,
    ),
    Invariant(
        "que-10",
        "(type in ('boolean' | 'decimal' | 'integer' | 'string' | 'text' | 'url' | 'open-choice')) or maxLength.empty()",
        "`maxLength` is allowed only for a simple value.",
        _only_for(_LONG, "maxLength"),
        _ITEM,
    ),
    Invariant(
        "que-11",
        "answerOption.empty() or initial.empty()",
        "Only one of `answerOption` and `initial` is allowed.",
        excludes("answerOption", "initial"),
        _ITEM,
    ),
    Invariant(
        "que-12",
        "enableWhen.count() > 2 implies enableBehavior.exists()",
        "More than one `enableWhen` must come with `enableBehavior`.",
        lambda value: len(value.get("enableWhen", ())) <= _MANY_CONDITIONS or there(value, "enableBehavior"),
        _ITEM,
    ),
    Invariant(
        "que-13",
        "repeats=true or initial.count() <= 1",
        "More than one initial value is allowed only if the item repeats.",
        lambda value: value.get("repeats") is True or len(value.get("initial", ())) <= 1,
        _ITEM,
    ),
)
