"""The answer keeps the whole requested service: both ends of a range, the revenue code, and the granted days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from app.codes import REVENUE
from app.domain.datatypes import Period
from app.domain.decision import ItemDecision, ReviewAction
from app.pas.edition import Edition
from app.pas.requests.write_claim_response import write_claim_response
from tests.support.answers import (
    CERTIFIED,
    CURRENT,
    GRANTED,
    MODIFIED,
    OLDER,
    as_sent,
    authorization,
    decision,
    extended,
    part,
    submitted,
)
from tests.support.samples import CPT, Json, concept, extension, request_bundle, request_item

LAST, THERAPY = concept(CPT, "97140"), concept(REVENUE, "0420")
FEWER = decision(ReviewAction.MODIFIED, granted=replace(GRANTED, quantity=Decimal(8)))


def answer(decided: ItemDecision, edition: Edition = CURRENT, **changes: Any) -> Json:
    """Answer a request for a range of services with a revenue code."""
    item = request_item(revenue=THERAPY, **changes)
    item["extension"].append(extension("extension-productOrServiceCodeEnd", valueCodeableConcept=LAST))
    request = submitted(request_bundle(items=[item]))
    written: Json = as_sent(write_claim_response(authorization(request, decided), request.face, edition))
    return written


@pytest.mark.parametrize(
    ("edition", "decided"), [(CURRENT, CERTIFIED), (CURRENT, FEWER), (OLDER, CERTIFIED), (OLDER, FEWER)]
)
def test_the_detail_of_an_item_has_both_ends_of_a_range_and_its_revenue_code(
    edition: Edition, decided: ItemDecision
) -> None:
    detail = extended(answer(decided, edition)["item"][0], "extension-itemAuthorizedDetail")
    first = part(detail, "productOrServiceCode")
    assert (first["coding"][0]["code"], first["text"]) == ("97110", "97110 to 97140")
    assert part(detail, "extension-productOrServiceCodeEnd") == LAST
    assert part(detail, edition.revenue_part) == concept(edition.revenue_system, "0420")


def test_an_added_item_for_fewer_units_of_a_range_has_its_end_and_the_revenue_code() -> None:
    [added] = answer(FEWER)["addItem"]
    assert added["productOrService"]["coding"][0]["code"] == "97110"
    assert extended(added, "extension-productOrServiceCodeEnd") == LAST
    assert extended(added, "extension-revenueCode") == THERAPY


@pytest.mark.parametrize("edition", [CURRENT, OLDER])
def test_a_single_service_instead_of_a_range_has_no_end(edition: Edition) -> None:
    written = answer(MODIFIED, edition)
    authorized: Json = (written.get("addItem") or written["item"])[0]
    parts = extended(authorized, "extension-itemAuthorizedDetail") or authorized["extension"]
    assert part(parts, "extension-productOrServiceCodeEnd") is None


@pytest.mark.parametrize("edition", [CURRENT, OLDER])
def test_open_units_have_no_quantity(edition: Edition) -> None:
    decided = replace(CERTIFIED, granted=replace(GRANTED, quantity=None))
    detail = extended(answer(decided, edition)["item"][0], "extension-itemAuthorizedDetail")
    assert part(detail, "quantity") is None


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        ({"start": "2026-12-01", "end": "2027-02-28"}, {"start": "2026-12-10", "end": "2027-01-31"}),
        ({"start": "2026-12-20", "end": "2027-01-10"}, {"start": "2026-12-20", "end": "2027-01-10"}),
        ({"start": "2026-12-01"}, {"start": "2026-12-10"}),
    ],
)
def test_an_added_item_has_the_requested_days_that_are_granted(asked: Json, days: Json) -> None:
    granted = replace(GRANTED, period=Period(date(2026, 12, 10), date(2027, 1, 31)))
    [added] = answer(replace(FEWER, granted=granted), servicedPeriod=asked)["addItem"]
    assert added["servicedPeriod"] == days
    assert extended(added, "extension-itemPreAuthPeriod") == {"start": "2026-12-10", "end": "2027-01-31"}
