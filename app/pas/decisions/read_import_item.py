"""Read an item of an imported decision: the service, and the ruling on it."""

from __future__ import annotations

from decimal import Decimal

from app.codes import PLACE_OF_SERVICE
from app.domain.coding.line_faults import PLACE, line_faults
from app.domain.datatypes import Coding
from app.domain.ledger import LARGEST, countable
from app.domain.parts.ruling import Action, ItemRuling
from app.domain.request import RequestedItem
from app.domain.review.imported import ReportedItem
from app.domain.service_line import ONE
from app.fhir.element import Element
from app.pas.decisions.read_parts import (
    Parts,
    read_cap,
    read_choice,
    read_code,
    read_day,
    read_flag,
    read_npi,
    read_parts,
    read_quantity,
    read_text,
    required,
    single,
)

_PARTS = frozenset(
    {"service", "revenue", "quantity", "requested-quantity", "place", "action", "start", "end", "cap", "cap-per"}
    | {"network-exception", "reason", "note"}
)
_PARTS_REPEATED = frozenset({"modifier", "provider"})
_ACTIONS: dict[str, Action] = {"certify": "certify", "deny": "deny"}
_ELEMENTS = {"productOrService": "service", PLACE: "place"}
"""The part of each element with a fault, where the names differ."""


def read_reported_item(item: Element, sequence: int, diagnoses: tuple[Coding, ...]) -> ReportedItem:
    """Read a service and its ruling. `diagnoses` are those of the whole decision."""
    parts = read_parts(item, "part", _PARTS, _PARTS_REPEATED)
    quantity, unit = read_quantity(single(parts, "quantity"))
    requested_quantity, requested_unit = read_quantity(single(parts, "requested-quantity"))
    service, revenue = read_code(single(parts, "service")), read_code(single(parts, "revenue"))
    if service is None and revenue is None:
        item.missing("part", "An item must have a part `service` or a part `revenue` with a valueCoding.")
    requested = RequestedItem(
        sequence=sequence,
        services=() if service is None else (service,),
        revenue=revenue,
        modifiers=tuple(code for part in parts.get("modifier", []) if (code := read_text(part))),
        quantity=_countable(item, requested_quantity or quantity or ONE),
        unit=requested_unit or unit,
        place=read_code(required(parts, "place", item, "part"), PLACE_OF_SERVICE),
        providers=tuple(npi for part in parts.get("provider", []) if (npi := read_npi(part))),
        diagnoses=diagnoses,
    )
    for fault in line_faults(requested):
        name = _ELEMENTS.get(fault.element, fault.element)
        place = "valueCoding" if name in parts else "part"
        (single(parts, name) or item).note(fault.problem, place, code="code-invalid")
    granted = None if requested_quantity is None else quantity
    return ReportedItem(requested, _ruling(item, parts, str(sequence), granted))


def _countable(item: Element, quantity: Decimal) -> Decimal:
    if not countable(quantity):
        item.note(f"A quantity must be at most {LARGEST:,f}, with at most three decimals.", "part")
        return ONE
    return quantity


def _ruling(item: Element, parts: Parts, number: str, less: Decimal | None) -> ItemRuling:
    """Read the ruling. `less` is the granted quantity, if the requested quantity is given beside it."""
    action = _ACTIONS[read_choice(required(parts, "action", item, "part"), _ACTIONS) or "deny"]
    if action == "certify":
        for name in ("start", "end"):
            required(parts, name, item, "part")
    if "requested-quantity" in parts and "quantity" not in parts:
        item.missing("part", "An item with `requested-quantity` must have the granted `quantity`.")
    return ItemRuling(
        number=number,
        action="partly-certify" if action == "certify" and less is not None else action,
        quantity=less if action == "certify" else None,
        start=read_day(single(parts, "start")),
        end=read_day(single(parts, "end")),
        network_exception=read_flag(single(parts, "network-exception")),
        reason=read_text(single(parts, "reason")),
        note=read_text(single(parts, "note")),
        cap=read_cap(parts, item),
    )
