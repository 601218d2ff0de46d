"""Read a reviewer's ruling on an item, or on all items, from a parameter of `ClaimResponse/{id}/$decide`."""

from __future__ import annotations

from typing import get_args

from app.codes import LOINC, X12_REPORT_TYPE, valid_loinc
from app.domain.coding.shapes import report_type_like
from app.domain.notice import AskedDocument
from app.domain.parts.ruling import ALL, Action, ItemRuling
from app.domain.span import Span
from app.fhir.element import Element
from app.pas.decisions.read_parts import (
    Parts,
    check_length,
    read_cap,
    read_choice,
    read_code,
    read_day,
    read_flag,
    read_parts,
    read_quantity,
    read_text,
    required,
    single,
)
from app.pas.parts.read_types import distinct, read_coding

_ACTIONS: dict[str, Action] = {action: action for action in get_args(Action)}
_SEQUENCES = ("sequence", "detail-sequence", "sub-detail-sequence")
_OF_ALL = frozenset({"action", "start", "end", "for", "circumstance", "cap", "cap-per", "network-exception", "note"})
_OF_ITEM = _OF_ALL | {*_SEQUENCES, "quantity", "code"}
ON_PROPOSALS = frozenset({"sign", "undo"})
"""The actions on a decision that is not in force yet. They have no other parts."""

AT_ONCE = ON_PROPOSALS | {"ask"}
"""The actions that no draft can have."""

_REPEATS = frozenset({"reason", "ask-for"})


def read_ruling(item: Element, *, of_all: bool) -> ItemRuling:
    """Read a ruling: its parts are those of the OperationDefinition. One on all items names no item, units or code."""
    parts = read_parts(item, "part", _OF_ALL if of_all else _OF_ITEM, _REPEATS)
    if "for" in parts and "end" in parts:
        item.note("An item must have `for` or `end`, not both.", "part")
    action = _ACTIONS[read_choice(required(parts, "action", item, "part"), _ACTIONS) or "deny"]
    if action in ON_PROPOSALS and not {*_SEQUENCES, "action"}.issuperset(parts):
        item.note(f"{action} must have no parts but `action` and the sequences.", "part")
    quantity, unit = read_quantity(single(parts, "quantity"))
    reasons = distinct([text for part in parts.get("reason", ()) if (text := read_text(part)) is not None])
    return ItemRuling(
        number=ALL if of_all else _number(item, parts),
        action=action,
        quantity=quantity,
        unit=unit,
        code=read_code(single(parts, "code")),
        start=read_day(single(parts, "start")),
        end=read_day(single(parts, "end")),
        span=_span(single(parts, "for")),
        circumstance=read_text(single(parts, "circumstance")),
        network_exception=read_flag(single(parts, "network-exception")),
        reason=reasons[0] if reasons else None,
        further_reasons=reasons[1:],
        note=read_text(single(parts, "note")),
        ask_for=tuple(document for part in parts.get("ask-for", ()) if (document := _asked_document(part))),
        place=item.place or 0,
        cap=read_cap(parts, item),
    )


def _number(item: Element, parts: Parts) -> str:
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


def _asked_document(part: Element) -> AskedDocument | None:
    """Read a document to ask for: a LOINC code or a report type, with a name that the provider understands."""
    coding = part.one("valueCoding")
    code = None if coding is None else read_coding(coding)
    if code is not None and code.display:
        check_length(part, "valueCoding", code.display)
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


def _span(part: Element | None) -> Span | None:
    if part is None:
        return None
    try:
        return Span.parse(read_text(part))
    except ValueError:
        part.note("`for` must be a valueString with an ISO 8601 period such as P60D, P12W or P6M.")
        return None
