"""Compare two versions of a requested item by the facts that a review may look at; texts for people do not count."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from app.codes import canonical
from app.domain.datatypes import Coding
from app.domain.request import RequestedItem
from app.domain.service_line import Order
from app.domain.units import same_basis


def same_facts(before: RequestedItem, now: RequestedItem) -> bool:
    """Return whether all facts are the same. Trace numbers and certification types are none."""
    return same_but_amount(before, now) and _amount(before) == _amount(now)


def same_but_amount(before: RequestedItem, now: RequestedItem) -> bool:
    """Return whether all facts but units, days and charges are the same."""
    return _facts(before) == _facts(now) and same_basis(before.unit, now.unit)


def same_service(before: RequestedItem, now: RequestedItem) -> bool:
    """Return whether both ask for the same service or range of services."""
    return _service(before) == _service(now)


def _amount(item: RequestedItem) -> Hashable:
    return item.quantity, item.serviced, item.charge, item.unit_price, item.currency


def _facts(item: RequestedItem) -> Hashable:
    return (
        _service(item),
        frozenset(item.modifiers),
        _codes(item.diagnoses),
        _code(item.place),
        item.providers,
        item.facility,
        frozenset(item.specialties),
        frozenset(item.assisting),
        _ordered(item.order),
        _codes(item.service_types),
        item.request_type,
    )


def _service(item: RequestedItem) -> Hashable:
    return _codes(item.services), _code(item.service_end), _code(item.revenue)


def _ordered(order: Order | None) -> Hashable:
    return None if order is None else (order.type, _codes(order.services))


def _codes(codings: Iterable[Coding]) -> Hashable:
    return frozenset(map(_code, codings))


def _code(coding: Coding | None) -> Hashable:
    return None if coding is None else (canonical(coding.system), coding.code)
