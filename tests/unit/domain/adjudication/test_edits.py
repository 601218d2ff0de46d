"""Lines that are denied before anything about their authorization."""

from __future__ import annotations

import pytest

from app.domain.billing import Link
from app.domain.datatypes import Period
from app.domain.parts.billing_terms import BillingTerms
from app.domain.requirement import Need, Requirement
from tests.support.billing_samples import AU1, authorization, claim, codes, item, line, on, only

YEAR = on("2026-01-01", "2026-12-31")
FROM_MAY = Period(on("2026-05-01").start, None)


@pytest.mark.parametrize(
    ("serviced", "answer"),
    [
        (on("2026-06-01"), "paid"),
        (on("2026-06-02"), "CO-110"),
        (on("2026-05-30", "2026-06-01"), "paid"),
        (on("2026-05-30", "2026-06-02"), "CO-110"),
        (on("2026-06-02", "2026-05-30"), "CO-110"),
        (FROM_MAY, "CO-110"),
        (Period(), "CO-16 M52"),
        (Period(None, on("2026-05-01").start), "CO-16 M52"),
    ],
)
def test_a_service_without_a_date_or_after_the_day_of_receipt_is_denied(serviced: Period, answer: str) -> None:
    known = authorization(item(granted={"period": YEAR}))
    billed = claim(line(serviced=serviced))
    assert codes(only(billed, known)) == answer
    assert codes(only(billed, known, requirement=lambda _: Requirement(Need.NOT_REQUIRED))) == answer


def test_a_payer_may_accept_future_services() -> None:
    known = authorization(item(granted={"period": YEAR}))
    assert codes(only(claim(line(day="2026-06-02")), known, terms=BillingTerms(future_services=True))) == "paid"


def test_a_line_that_is_denied_before_its_authorization_is_linked_to_it() -> None:
    result = only(claim(line(day="2026-06-02")))
    assert (codes(result), result.linked) == ("CO-110", Link(authorization().id, AU1, "1"))
    assert only(claim(line(day="2026-06-02"), number=None)).linked is None
