"""The payer's time limit of claims."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.api.bills.plan.billing_block import authorized, billed, reasons, serving_with
from tests.api.bills.played.rows import Line
from tests.api.bills.scenario_answer import lines_of

LIMIT = "timely-filing: {reference: Manual 3, within: P120D, secondary: P1Y}"


def therapy(day: date, last: date | None = None) -> Line:
    return Line(service="97110", units=Decimal(2), on=day, to=last)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (therapy(date(2026, 2, 1)), "paid"),
        (therapy(date(2026, 1, 31)), "CO-29"),
        (therapy(date(2026, 1, 20), date(2026, 2, 1)), "paid"),
    ],
)
async def test_a_claim_after_the_time_limit_is_denied(tmp_path: Path, line: Line, answer: str) -> None:
    """The bill comes on 2026-06-01, 120 days after 2026-02-01."""
    async with serving_with(tmp_path, LIMIT) as server:
        asked = await authorized(server, "AU1")
        response = await billed(server, line, asked=asked, number="AU1")
    assert reasons(response) == [answer]


async def test_the_denial_names_the_last_day_and_the_reference(tmp_path: Path) -> None:
    async with serving_with(tmp_path, LIMIT) as server:
        asked = await authorized(server, "AU1")
        [line] = lines_of(await billed(server, therapy(date(2026, 1, 31)), asked=asked, number="AU1"))
    assert "The last day for the claim was 2026-05-31 (Manual 3)." in line.notes


async def test_a_claim_within_a_longer_limit_is_paid(tmp_path: Path) -> None:
    async with serving_with(tmp_path, "timely-filing: {reference: Manual 3, within: P1Y}") as server:
        asked = await authorized(server, "AU1")
        assert reasons(await billed(server, therapy(date(2026, 1, 1)), asked=asked, number="AU1")) == ["paid"]


@pytest.mark.parametrize("first", [date(9995, 3, 1), date(9999, 12, 31)])
async def test_a_service_up_to_the_last_day_of_the_calendar_is_answered(tmp_path: Path, first: date) -> None:
    """No day is after it, from which the time limit could run."""
    async with serving_with(tmp_path, LIMIT) as server:
        asked = await authorized(server, "AU1")
        response = await billed(server, therapy(first, date.max), asked=asked, number="AU1")
    assert reasons(response) == ["CO-110"]
