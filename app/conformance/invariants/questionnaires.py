# ruff: noqa: E501 - FHIRPath stands here as it is published
"""The invariants of Questionnaire, which documentation templates bring along (http://hl7.org/fhir/R4/questionnaire.html)."""

from __future__ import annotations

from typing import Any

from app.conformance.invariants.invariant import Invariant, Predicate, excludes, there

_CODED = {"choice", "open-choice", "decimal", "integer", "date", "dateTime", "time", "string", "quantity"}
_LONG = {"boolean", "decimal", "integer", "string", "text", "url", "open-choice"}
_ITEM = ("QuestionnaireItem",)
_MANY_CONDITIONS = 2


def _own_links(value: Any) -> bool:
    found: list[object] = []
    left = list(value.get("item", ()))
    while left:
        item = left.pop()
        found.append(item.get("linkId"))
        left.extend(item.get("item", ()))
    return len(set(found)) == len(found)


def _children(value: Any) -> bool:
    kind = value.get("type")
    return "item" in value if kind == "group" else kind != "display" or "item" not in value


def _not_for(types: set[str], *names: str) -> Predicate:
    return lambda value: value.get("type") not in types or not any(there(value, name) for name in names)


def _only_for(types: set[str], *names: str) -> Predicate:
    return lambda value: value.get("type") in types or not any(there(value, name) for name in names)


QUESTIONNAIRES = (
    Invariant(
        "que-2", "descendants().linkId.isDistinct()", "Each linkId is accepted once.", _own_links, ("Questionnaire",)
    ),
    Invariant(
        "que-1",
        "(type='group' implies item.empty().not()) and (type.trace('type')='display' implies item.trace('item').empty())",
        "A group has items, a display has none.",
        _children,
        _ITEM,
    ),
    Invariant(
        "que-3", "type!='display' or code.empty()", "A display has no code.", _not_for({"display"}, "code"), _ITEM
    ),
    Invariant(
        "que-4",
        "answerOption.empty() or answerValueSet.empty()",
        "Either answerOption or answerValueSet is accepted.",
        excludes("answerOption", "answerValueSet"),
        _ITEM,
    ),
    Invariant(
        "que-5",
        "(type ='choice' or type = 'open-choice' or type = 'decimal' or type = 'integer' or type = 'date' or type = 'dateTime' or type = 'time' or type = 'string' or type = 'quantity') or (answerValueSet.empty() and answerOption.empty())",
        "Answers are listed for a choice or a simple value only.",
        _only_for(_CODED, "answerValueSet", "answerOption"),
        _ITEM,
    ),
    Invariant(
        "que-6",
        "type!='display' or (required.empty() and repeats.empty())",
        "A display is neither required nor repeated.",
        _not_for({"display"}, "required", "repeats"),
        _ITEM,
    ),
    Invariant(
        "que-7",
        "operator = 'exists' implies (answer is Boolean)",
        "Whether an answer exists is asked with true or false.",
        lambda value: value.get("operator") != "exists" or "answerBoolean" in value,
        ("QuestionnaireItemEnableWhen",),
    ),
    Invariant(
        "que-8",
        "(type!='group' and type!='display') or initial.empty()",
        "A group or display has no initial value.",
        _not_for({"group", "display"}, "initial"),
        _ITEM,
    ),
    Invariant(
        "que-9",
        "type!='display' or readOnly.empty()",
        "A display is not marked as read only.",
        _not_for({"display"}, "readOnly"),
        _ITEM,
    ),
    Invariant(
        "que-10",
        "(type in ('boolean' | 'decimal' | 'integer' | 'string' | 'text' | 'url' | 'open-choice')) or maxLength.empty()",
        "maxLength is accepted for a simple value only.",
        _only_for(_LONG, "maxLength"),
        _ITEM,
    ),
    Invariant(
        "que-11",
        "answerOption.empty() or initial.empty()",
        "Either answerOption or initial is accepted.",
        excludes("answerOption", "initial"),
        _ITEM,
    ),
    Invariant(
        "que-12",
        "enableWhen.count() > 2 implies enableBehavior.exists()",
        "Several conditions are accepted together with enableBehavior.",
        lambda value: len(value.get("enableWhen", ())) <= _MANY_CONDITIONS or there(value, "enableBehavior"),
        _ITEM,
    ),
    Invariant(
        "que-13",
        "repeats=true or initial.count() <= 1",
        "Several initial values are accepted where the item repeats.",
        lambda value: value.get("repeats") is True or len(value.get("initial", ())) <= 1,
        _ITEM,
    ),
)
