"""Updates that need a new request."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from app.domain.authorization import Authorization
from app.domain.datatypes import Coding
from app.domain.decision import ReviewAction
from app.domain.request import AuthorizationRequest
from app.domain.update.plan import planned
from app.domain.update.refusal import MOST_UPDATES, refusal_of
from tests.support.answers import submitted
from tests.support.billing_samples import authorization, item
from tests.support.samples import request_bundle

DENIED = item(action=ReviewAction.NOT_CERTIFIED)
CANCELLED = item(action=ReviewAction.CANCELLED, sequence=2, cancelled=True)
GRANTED = item(sequence=3)


def request_of(record: Authorization, kind: str = "professional") -> AuthorizationRequest:
    """Send all items of the record again."""
    items = tuple(one.requested for one in record.items)
    return replace(submitted(request_bundle()).request, items=items, claim_type=Coding("", kind))


@pytest.mark.parametrize(
    ("record", "kind", "text"),
    [
        (authorization(DENIED), "professional", "The request was denied"),
        (authorization(DENIED, CANCELLED), "professional", "The request was denied"),
        (authorization(DENIED, GRANTED), "professional", None),
        (authorization(CANCELLED), "professional", None),
        (authorization(GRANTED), "institutional", "An update must have the type of the Claim"),
        (
            authorization(GRANTED, submissions=("id",) * MOST_UPDATES),
            "professional",
            "A request must not have more than",
        ),
        (authorization(GRANTED, submissions=("id",) * (MOST_UPDATES - 1)), "professional", None),
    ],
)
def test_an_update_is_refused_with_its_reason(record: Authorization, kind: str, text: str | None) -> None:
    plan = planned(record, request_of(record, kind), date(2026, 2, 1))
    refusal = refusal_of(record, plan)
    assert refusal is None if text is None else refusal is not None and refusal.startswith(text)
