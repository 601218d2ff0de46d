"""The state of a request follows from its items, and from the day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.authorization import PolicyVersion
from app.domain.decision import ReviewAction
from app.domain.life.states import ItemState, RequestState, local_day, state_of, state_of_item
from tests.support.billing_samples import authorization, item

IN_FORCE = date(2026, 3, 31)
AFTER = date(2026, 4, 1)

ITEMS: dict[str, dict[str, Any]] = {
    "approved": {},
    "cut": {"action": ReviewAction.MODIFIED},
    "pended": {"action": ReviewAction.PENDED},
    "denied": {"action": ReviewAction.NOT_CERTIFIED},
    "cancelled": {"action": ReviewAction.CANCELLED},
    "free": {"action": ReviewAction.NOT_REQUIRED},
}

REQUESTS = {
    "": RequestState.REFUSED,
    "approved": RequestState.APPROVED,
    "approved approved": RequestState.APPROVED,
    "approved free": RequestState.APPROVED,
    "free": RequestState.APPROVED,
    "approved cancelled": RequestState.APPROVED,
    "approved cut": RequestState.PARTLY_APPROVED,
    "approved denied": RequestState.PARTLY_APPROVED,
    "approved pended": RequestState.PENDED,
    "denied pended": RequestState.PENDED,
    "denied": RequestState.DENIED,
    "denied cancelled": RequestState.DENIED,
    "cancelled": RequestState.CANCELLED,
}


@pytest.mark.parametrize(("names", "state"), REQUESTS.items(), ids=[names or "no items" for names in REQUESTS])
def test_the_state_of_a_request_is_that_of_its_items(names: str, state: RequestState) -> None:
    items = [item(sequence=number, **ITEMS[name]) for number, name in enumerate(names.split(), 1)]
    assert state_of(replace(authorization(), items=tuple(items)), IN_FORCE) is state


def test_a_grant_expires_after_its_last_day() -> None:
    assert state_of_item(item(), IN_FORCE) is ItemState.APPROVED
    assert state_of_item(item(), AFTER) is ItemState.EXPIRED


@pytest.mark.parametrize("other", ["denied", "cancelled", "free", "approved"])
def test_a_request_expires_with_its_last_grant(other: str) -> None:
    assert state_of(authorization(item(), item(sequence=2, **ITEMS[other])), AFTER) is RequestState.EXPIRED


def test_a_request_with_a_pended_item_does_not_expire() -> None:
    assert state_of(authorization(item(), item(sequence=2, **ITEMS["pended"])), AFTER) is RequestState.PENDED


def test_the_day_is_that_of_the_time_zone_of_the_payer() -> None:
    evening = datetime(2026, 4, 1, 3, tzinfo=UTC)
    at = replace(authorization(), policy=PolicyVersion("sample", "0", "America/Chicago"))
    assert local_day(at, evening) == IN_FORCE
    assert local_day(authorization(), evening) == AFTER
