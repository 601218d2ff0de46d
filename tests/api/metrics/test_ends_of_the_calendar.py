"""A period may begin or end at an end of the calendar, where no day is before or after it."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from tests.api.bills.life.correcting import sent
from tests.api.metrics.test_denials import approved
from tests.support.samples import billing_claim
from tests.support.server import Server

FIRST, LAST = "0001-01-01", "9999-12-31"


@pytest.mark.parametrize("counted_by", ["received", "determined"])
async def test_all_days_of_the_calendar_are_a_period_of_decisions(server: Server, counted_by: str) -> None:
    await approved(server)
    query = urlencode({"periodStart": FIRST, "periodEnd": LAST, "counted-by": counted_by})
    answer = await server.get(f"/ClaimResponse/$metrics?{query}", "reviewer")
    assert answer.status_code == 200, answer.text
    behind = await server.get(f"/ClaimResponse/$metrics-requests?{query}&figure=standard-approved", "reviewer")
    assert [row["name"] for row in behind.json()["parameter"]].count("request") == 1


async def test_all_days_of_the_calendar_are_a_period_of_claims(server: Server) -> None:
    await sent(server, billing_claim(number=await approved(server)))
    query = urlencode({"periodStart": FIRST, "periodEnd": LAST, "figure": "first-pass"})
    answer = await server.get(f"/ClaimResponse/$denials-claims?{query}", "reviewer")
    assert [row["name"] for row in answer.json()["parameter"]].count("claim") == 1


@pytest.mark.parametrize("operation", ["$metrics", "$denials"])
@pytest.mark.parametrize("day", [FIRST, LAST])
async def test_a_day_at_an_end_of_the_calendar_has_no_rows(server: Server, operation: str, day: str) -> None:
    query = urlencode({"periodStart": day, "periodEnd": day})
    answer = await server.get(f"/ClaimResponse/{operation}?{query}", "reviewer")
    assert answer.status_code == 200, answer.text
