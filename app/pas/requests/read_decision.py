"""Read a reviewer's rulings from the Parameters of `ClaimResponse/{id}/$decide`.

https://preauth.example.org/fhir/OperationDefinition/ClaimResponse-decide
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import get_args

from app.domain.coding.shapes import shape_problem
from app.domain.datatypes import Coding
from app.domain.review.ruling import Action, ItemRuling
from app.domain.span import Span
from app.domain.units import Unit
from app.fhir.body import Checked
from app.fhir.element import Element
from app.fhir.issues import Issues
from app.pas.parts.read_types import exact_value, read_coding, unit_of_quantity

_ACTIONS: dict[str, Action] = {action: action for action in get_args(Action)}
_SEQUENCES = ("sequence", "detail-sequence", "sub-detail-sequence")
_PARTS = frozenset({*_SEQUENCES, "action", "quantity", "code", "start", "end", "for", "reason", "note"})


def read_decision(checked: Checked) -> tuple[ItemRuling, ...]:
    """Read one ruling from every `item` parameter.

    Its parts are sequence (for a detail also detail-sequence and sub-detail-sequence), action (certify, partly-certify
    or deny), and optionally quantity, code (a Coding), start, end or for (an ISO 8601 period), reason and note. Raises
    FhirError UNPROCESSABLE with all issues, including those of the engine.
    """
    issues = Issues(checked.issues)
    body = Element(checked.resource, issues, "Parameters")
    rulings: dict[str, ItemRuling] = {}
    for parameter in body.many("parameter"):
        if parameter.text("name") != "item":
            parameter.note("The parameter must be named `item`.", "name")
            continue
        ruling = _read_ruling(parameter)
        if ruling.number in rulings:
            parameter.note(
                "A decision must have only one ruling for each item or detail: name it once.", code="duplicate"
            )
        rulings[ruling.number] = ruling
    if "parameter" not in body.fields:
        body.missing("parameter", "A decision must have at least one parameter `item`.")
    issues.warnings()
    return tuple(rulings.values())


def _read_ruling(item: Element) -> ItemRuling:
    parts = _read_parts(item)
    if "for" in parts and "end" in parts:
        item.note("An item must have `for` or `end`, not both.", "part")
    return ItemRuling(
        number=_number(item, parts),
        action=_action(item, parts.get("action")),
        quantity=_quantity(parts.get("quantity")),
        unit=_unit(parts.get("quantity")),
        code=_code(parts.get("code")),
        start=_day(parts.get("start")),
        end=_day(parts.get("end")),
        span=_span(parts.get("for")),
        reason=_text(parts.get("reason")),
        note=_text(parts.get("note")),
    )


def _read_parts(item: Element) -> dict[str, Element]:
    parts: dict[str, Element] = {}
    for part in item.many("part"):
        name = part.text("name")
        if name not in _PARTS or name in parts:
            part.note(f"The part must be one of {', '.join(sorted(_PARTS))}, each once.", "name")
        else:
            parts[name] = part
    return parts


def _number(item: Element, parts: dict[str, Element]) -> str:
    """Return the number of the item, or of its detail: the sequences from the item down."""
    if "sequence" not in parts:
        item.missing("part", "An item must have a part `sequence` with a valuePositiveInt.")
    if "sub-detail-sequence" in parts and "detail-sequence" not in parts:
        item.missing("part", "An item with a `sub-detail-sequence` must have a `detail-sequence`.")
    return ".".join(str(_sequence(name, parts[name])) for name in _SEQUENCES if name in parts)


def _sequence(name: str, part: Element) -> int:
    sequence = part.integer("valuePositiveInt") or part.integer("valueInteger")
    if sequence is None:
        part.missing("valuePositiveInt", f"`{name}` must have a valuePositiveInt.")
    return sequence or 0


def _action(item: Element, part: Element | None) -> Action:
    named = _text(part)
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


def _day(part: Element | None) -> date | None:
    days = None if part is None else part.days("valueDate")
    if part is not None and (days is None or days[0] != days[1]):
        part.note("The part must be a valueDate with year, month and day.", "valueDate")
    return None if days is None else days[0]


def _span(part: Element | None) -> Span | None:
    if part is None:
        return None
    try:
        return Span.parse(_text(part))
    except ValueError:
        part.note("`for` must be a valueString with an ISO 8601 period such as P60D, P12W or P6M.")
        return None


def _text(part: Element | None) -> str | None:
    if part is None:
        return None
    text = next((part.text(name) for name in ("valueCode", "valueString") if name in part.fields), None)
    if text is None:
        part.missing("valueString", "The part must have a valueCode or a valueString.")
    return text
