"""Read a reviewer's ruling on an item, or on all items, from a parameter of `ClaimResponse/{id}/$decide`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import get_args

from app.codes import LOINC, X12_REPORT_TYPE, valid_loinc
from app.domain.coding.shapes import report_type_like, shape_problem
from app.domain.datatypes import Coding
from app.domain.notice import AskedDocument
from app.domain.parts.ruling import ALL, LONGEST_NOTE, Action, ItemRuling
from app.domain.span import Span
from app.domain.units import Unit
from app.fhir.element import Element
from app.pas.parts.read_types import exact_value, read_coding, unit_of_quantity

_ACTIONS: dict[str, Action] = {action: action for action in get_args(Action)}
_SEQUENCES = ("sequence", "detail-sequence", "sub-detail-sequence")
_OF_ALL = frozenset({"action", "start", "end", "for", "circumstance", "reason", "note", "ask-for"})
_OF_ITEM = _OF_ALL | {*_SEQUENCES, "quantity", "code"}
ON_PROPOSALS = frozenset({"sign", "undo"})
"""The actions on a decision that is not in force yet. They have no other parts."""

AT_ONCE = ON_PROPOSALS | {"ask"}
"""The actions that no draft can have."""

_REPEATS = frozenset({"reason", "ask-for"})

_Parts = dict[str, list[Element]]


def read_ruling(item: Element, *, of_all: bool) -> ItemRuling:
    """Read a ruling: its parts are those of the OperationDefinition. One on all items names no item, units or code."""
    parts = _read_parts(item, _OF_ALL if of_all else _OF_ITEM)
    if "for" in parts and "end" in parts:
        item.note("An item must have `for` or `end`, not both.", "part")
    action = _action(item, _one(parts, "action"))
    if action in ON_PROPOSALS and not {*_SEQUENCES, "action"}.issuperset(parts):
        item.note(f"{action} must have no parts but `action` and the sequences.", "part")
    reasons = tuple(text for part in parts.get("reason", ()) if (text := text_of(part)) is not None)
    return ItemRuling(
        number=ALL if of_all else _number(item, parts),
        action=action,
        quantity=_quantity(_one(parts, "quantity")),
        unit=_unit(_one(parts, "quantity")),
        code=_code(_one(parts, "code")),
        start=_day(_one(parts, "start")),
        end=_day(_one(parts, "end")),
        span=_span(_one(parts, "for")),
        circumstance=text_of(_one(parts, "circumstance")),
        reason=reasons[0] if reasons else None,
        further_reasons=reasons[1:],
        note=text_of(_one(parts, "note")),
        ask_for=tuple(document for part in parts.get("ask-for", ()) if (document := _asked_document(part))),
        place=item.place or 0,
    )


def text_of(part: Element | None) -> str | None:
    """Read the text of a part; None without the part."""
    if part is None:
        return None
    text = next((part.text(name) for name in ("valueCode", "valueString") if name in part.fields), None)
    if text is None:
        part.missing("valueString", "The part must have a valueCode or a valueString.")
    elif len(text) > LONGEST_NOTE:
        part.note(f"The text must have at most {LONGEST_NOTE} characters.", "valueString", code="too-long")
    return text


def _read_parts(item: Element, names: frozenset[str]) -> _Parts:
    parts: _Parts = {}
    for part in item.many("part"):
        name = part.text("name") or ""
        if name not in names or (name in parts and name not in _REPEATS):
            listed = ", ".join(sorted(names))
            part.note(f"The part must be one of {listed}, each once, but `reason` and `ask-for` may repeat.", "name")
        else:
            parts.setdefault(name, []).append(part)
    return parts


def _one(parts: _Parts, name: str) -> Element | None:
    return next(iter(parts.get(name, ())), None)


def _number(item: Element, parts: _Parts) -> str:
    """Return the number of the item, or of its detail: the sequences from the item down."""
    if "sequence" not in parts:
        item.missing("part", "An item must have a part `sequence` with a valuePositiveInt.")
    if "sub-detail-sequence" in parts and "detail-sequence" not in parts:
        item.missing("part", "An item with a `sub-detail-sequence` must have a `detail-sequence`.")
    return ".".join(str(_sequence(name, parts[name][0])) for name in _SEQUENCES if name in parts)


def _sequence(name: str, part: Element) -> int:
    sequence = part.integer("valuePositiveInt") or part.integer("valueInteger")
    if sequence is None:
        part.missing("valuePositiveInt", f"`{name}` must have a valuePositiveInt.")
    return sequence or 0


def _action(item: Element, part: Element | None) -> Action:
    named = text_of(part)
    if part is None:
        item.missing("part", "An item must have a part `action` with a valueCode.")
    elif named not in _ACTIONS:
        part.note(f"`action` must be one of {', '.join(_ACTIONS)}.", "valueCode")
    return _ACTIONS.get(named or "", "deny")


def _quantity(part: Element | None) -> Decimal | None:
    if part is None:
        return None
    quantity = part.one("valueQuantity")
    value = part.decimal("valueDecimal") if quantity is None else exact_value(quantity)
    if value is None or value <= 0:
        part.note("`quantity` must be a valueDecimal or a valueQuantity greater than 0.")
    return value


def _unit(part: Element | None) -> Unit | None:
    quantity = None if part is None else part.one("valueQuantity")
    return None if quantity is None else unit_of_quantity(quantity)


def _code(part: Element | None) -> Coding | None:
    if part is None:
        return None
    coding = part.one("valueCoding")
    code = None if coding is None else read_coding(coding)
    if code is None or not code.system:
        part.missing("valueCoding", "`code` must be a valueCoding with system and code.")
    elif (problem := shape_problem(code)) is not None:
        part.note(problem, "valueCoding", code="code-invalid")
    return code


def _asked_document(part: Element) -> AskedDocument | None:
    """Read a document to ask for: a LOINC code or a report type, with a name that the provider understands."""
    coding = part.one("valueCoding")
    code = None if coding is None else read_coding(coding)
    if code is not None and code.display:
        if code.system == LOINC and valid_loinc(code.code):
            return AskedDocument(code.code, code.display)
        if code.system == X12_REPORT_TYPE and report_type_like(code.code):
            return AskedDocument("", code.display, code.code)
    text = (
        "`ask-for` must be a valueCoding with a LOINC code such as 11506-3, or a report type of X12 755 such as B3, and"
        " its name as display."
    )
    part.note(text, "valueCoding", code="code-invalid")
    return None


def _day(part: Element | None) -> date | None:
    days = None if part is None else part.days("valueDate")
    if part is not None and (days is None or days[0] != days[1]):
        part.note("The part must be a valueDate with year, month and day.", "valueDate")
    return None if days is None else days[0]


def _span(part: Element | None) -> Span | None:
    if part is None:
        return None
    try:
        return Span.parse(text_of(part))
    except ValueError:
        part.note("`for` must be a valueString with an ISO 8601 period such as P60D, P12W or P6M.")
        return None
