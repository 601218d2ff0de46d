"""The grant of a reviewer's ruling. It must not exceed the request, nor the days of the member's coverage."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.domain.covered import Covered
from app.domain.datatypes import Period
from app.domain.decision import Granted
from app.domain.ledger import LARGEST, countable
from app.domain.parts.ruling import ItemRuling
from app.domain.request import RequestedItem
from app.domain.review.not_decidable import NotDecidable
from app.domain.review.shortfall import replacement
from app.domain.units import name_of, same_basis


def ruled_grant(requested: RequestedItem, ruling: ItemRuling, received: date, covered: Covered | None) -> Granted:
    """Return the grant. Raises NotDecidable if it exceeds the request, has no end, or has days without coverage.

    `covered` are the member's coverages. None: the payer has no record of the member.
    """
    if ruling.action == "certify" and (ruling.quantity is not None or ruling.code is not None):
        raise NotDecidable(
            ruling.number, "certify must have no quantity and no code. To change them, use partly-certify."
        )
    if ruling.action == "partly-certify" and ruling.is_as_requested:
        text = "partly-certify must have a quantity, a code, `start`, `end` or `for`."
        raise NotDecidable(ruling.number, text)
    quantity, (start, end) = _quantity(requested, ruling), _days(requested, ruling, received)
    if covered is not None and covered.why_not_covered(start, end) is not None:
        raise NotDecidable(ruling.number, _uncovered(covered, start, end))
    service = None if ruling.code is None else replacement(requested, ruling.code)
    return Granted(
        Period(start, end),
        quantity,
        requested.unit,
        service,
        ruling.circumstance,
        ruling.cap,
        ruling.network_exception,
    )


def _quantity(requested: RequestedItem, ruling: ItemRuling) -> Decimal:
    quantity = ruling.quantity
    if quantity is None:
        return requested.quantity
    if ruling.unit is not None and not same_basis(ruling.unit, requested.unit):
        text = f"The quantity must have the requested unit {name_of(requested.unit)}, not {name_of(ruling.unit)}."
        raise NotDecidable(ruling.number, text)
    if quantity > requested.quantity:
        text = f"The quantity must not exceed the requested quantity, {requested.quantity:f}."
        raise NotDecidable(ruling.number, text)
    if not countable(quantity):
        text = f"The quantity must be greater than 0 and at most {LARGEST:,f}, with at most three decimals."
        raise NotDecidable(ruling.number, text)
    return quantity


def _days(requested: RequestedItem, ruling: ItemRuling, received: date) -> tuple[date, date | None]:
    service_days = requested.serviced or Period()
    start = ruling.start or max(received, service_days.start or received)
    if ruling.start is None and service_days.end is not None and service_days.end < start:
        text = f"The requested days end before the day of receipt, {received}. The ruling must give `start`."
        raise NotDecidable(ruling.number, text)
    if service_days.start is not None and start < service_days.start:
        raise NotDecidable(ruling.number, f"`start` must not be before the requested first day, {service_days.start}.")
    end = _end(ruling, start, service_days.end)
    if end is not None and end < start:
        raise NotDecidable(ruling.number, f"The grant must not end before its first day, {start}.")
    return start, end


def _uncovered(covered: Covered, start: date, end: date | None) -> str:
    last_day = covered.covered_until(start)
    until = "" if last_day is None else f" The coverage ends on {last_day}."
    days = f"the first day of the grant, {start}" if end is None else f"all days of the grant, {start} to {end}"
    return f"The payer does not cover the member on {days}.{until} The ruling must deny the item or grant other days."


def _end(ruling: ItemRuling, start: date, last_day: date | None) -> date | None:
    """Return the last day of the grant; None if only an event ends it."""
    end = ruling.end if ruling.span is None else ruling.span.end(start)
    if end is None:
        if last_day is None and ruling.circumstance is None:
            text = (
                "The request has no end date. The ruling must give `end`, a length in `for` such as P60D, or the"
                " `circumstance` that ends the grant."
            )
            raise NotDecidable(ruling.number, text)
        return last_day
    if last_day is not None and end > last_day:
        text = f"The grant must not be longer than requested. It would end on {end}; the request ends on {last_day}."
        raise NotDecidable(ruling.number, text)
    return end
