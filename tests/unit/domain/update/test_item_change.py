"""The content of an item decides what an update does to it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from app.codes import CPT
from app.domain.authorization import AuthorizedItem
from app.domain.datatypes import Coding, Identifier
from app.domain.decision import ReviewAction
from app.domain.service_line import Order
from app.domain.units import Unit
from app.domain.update.item_change import Act, change_of
from tests.support.billing_samples import A, B, cpt, item, on

BEFORE = item(
    quantity=Decimal(12), serviced=on("2026-01-01", "2026-03-31"), providers=(A,), diagnoses=(Coding("icd", "M54.5"),)
)

CHANGES: dict[str, tuple[dict[str, Any], Act]] = {
    "nothing": ({}, Act.KEPT),
    "a display": ({"services": (Coding(CPT, "97110", "Therapy"),)}, Act.KEPT),
    "another URL of a system": ({"services": (Coding("urn:oid:2.16.840.1.113883.6.12", "97110"),)}, Act.KEPT),
    "the word for a unit": ({"unit": Unit("visits")}, Act.KEPT),
    "a trace number": ({"trace_numbers": (Identifier("urn:t", "1"),)}, Act.KEPT),
    "the certification type": ({"certification_type": "S"}, Act.KEPT),
    "units": ({"quantity": Decimal(13)}, Act.CHANGED),
    "days": ({"serviced": on("2026-01-01", "2026-04-01")}, Act.CHANGED),
    "no days": ({"serviced": None}, Act.CHANGED),
    "a charge": ({"charge": Decimal(500)}, Act.CHANGED),
    "a modifier": ({"modifiers": ("GP",)}, Act.CHANGED),
    "a diagnosis": ({"diagnoses": (Coding("icd", "M54.6"),)}, Act.CHANGED),
    "a provider": ({"providers": (B,)}, Act.CHANGED),
    "the place": ({"place": None}, Act.CHANGED),
    "an order": ({"order": Order("ServiceRequest", (cpt("97110"),))}, Act.CHANGED),
    "the type of request": ({"request_type": "SC"}, Act.CHANGED),
    "the unit of an unused item": ({"unit": Unit("d", "d")}, Act.CHANGED),
    "the service": ({"services": (cpt("97140"),)}, Act.REFUSED),
    "a range": ({"service_end": cpt("97140")}, Act.REFUSED),
    "a revenue code": ({"revenue": Coding("urn:r", "0420")}, Act.REFUSED),
    "a cancellation": ({"cancelled": True}, Act.CANCELLED),
}


@pytest.mark.parametrize(("fields", "act"), CHANGES.values(), ids=CHANGES)
def test_an_item_is_compared_by_the_facts_of_a_review(fields: dict[str, Any], act: Act) -> None:
    assert change_of(BEFORE, replace(BEFORE.requested, **fields)).act is act


USED: dict[str, tuple[dict[str, Any], Act]] = {
    "as many units as used": ({"quantity": Decimal(5)}, Act.CHANGED),
    "fewer units than used": ({"quantity": Decimal(4)}, Act.REFUSED),
    "another unit": ({"unit": Unit("d", "d")}, Act.REFUSED),
}


@pytest.mark.parametrize(("fields", "act"), USED.values(), ids=USED)
def test_used_units_limit_a_change(fields: dict[str, Any], act: Act) -> None:
    used = replace(BEFORE, consumed=Decimal(5))
    assert change_of(used, replace(BEFORE.requested, **fields)).act is act


@pytest.mark.parametrize(
    ("action", "same", "changed", "cancelled"),
    [
        (ReviewAction.CERTIFIED, Act.KEPT, Act.CHANGED, Act.CANCELLED),
        (ReviewAction.MODIFIED, Act.KEPT, Act.CHANGED, Act.CANCELLED),
        (ReviewAction.NOT_REQUIRED, Act.KEPT, Act.CHANGED, Act.CANCELLED),
        (ReviewAction.PENDED, Act.WAITING, Act.CHANGED, Act.CANCELLED),
        (ReviewAction.NOT_CERTIFIED, Act.KEPT, Act.REFUSED, Act.KEPT),
        (ReviewAction.CANCELLED, Act.REFUSED, Act.REFUSED, Act.KEPT),
    ],
)
def test_each_decision_allows_its_own_changes(action: ReviewAction, same: Act, changed: Act, cancelled: Act) -> None:
    before: AuthorizedItem = item(action=action, quantity=Decimal(12))
    now = before.requested
    acts = [
        change_of(before, one).act for one in (now, replace(now, quantity=Decimal(20)), replace(now, cancelled=True))
    ]
    assert acts == [same, changed, cancelled]


def test_an_item_without_a_record_is_added() -> None:
    assert change_of(None, BEFORE.requested).act is Act.ADDED
