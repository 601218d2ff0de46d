"""A search finds the authorizations that are active today, that end soon, and of which few units are left."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.api.reading import answered, resources
from tests.api.reviewing import pended
from tests.api.tracking.reading import body
from tests.support.samples import billed_line, billing_claim, request_bundle
from tests.support.server import Server

APP = "patient-1"
GRANTED = ("2026-12-01", "2027-02-28")
"""The first and the last day of the sample request."""


@pytest.fixture
async def number(server: Server) -> str:
    response = answered(await server.post("/Claim/$submit", request_bundle()))
    await pended(server, identifier="PENDED")
    assert (response["preAuthPeriod"]["start"], response["preAuthPeriod"]["end"]) == GRANTED
    return str(response["preAuthRef"])


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("preauth-start=2026-12-01", 1),
        ("preauth-start=gt2026-12-01", 0),
        ("preauth-end=2027-02", 1),
        ("preauth-end=ge2027-02-01&preauth-end=lt2027-03-01", 1),
        ("preauth-end=lt2027-02-28", 0),
        ("units-low=true", 0),
    ],
)
async def test_a_search_finds_authorizations_by_their_days(server: Server, number: str, query: str, count: int) -> None:
    assert number
    assert len(resources(body(await server.get(f"/ClaimResponse?{query}", APP)))) == count


@pytest.mark.parametrize(
    ("now", "count"),
    [
        (datetime(2026, 11, 30, 23, tzinfo=UTC), 0),
        (datetime(2026, 12, 1, 15, tzinfo=UTC), 1),
        (datetime(2027, 3, 1, 7, tzinfo=UTC), 1),
        (datetime(2027, 3, 1, 15, tzinfo=UTC), 0),
    ],
)
async def test_an_authorization_is_active_until_its_last_day_has_ended(
    server: Server, number: str, now: datetime, count: int
) -> None:
    server.clock.instant = now
    found = resources(body(await server.get("/ClaimResponse?active=true&use=preauthorization", APP)))
    assert [each["preAuthRef"] for each in found] == [number] * count


async def test_a_search_for_low_units_finds_an_authorization_after_its_bills(server: Server, number: str) -> None:
    server.clock.instant = datetime(2026, 12, 20, 15, tzinfo=UTC)
    bill = billing_claim(number=number, lines=[billed_line(quantity=10)])
    assert (await server.post("/Claim/$submit", bill, "biller")).status_code == 200
    [found] = resources(body(await server.get("/ClaimResponse?units-low=true", APP)))
    assert found["preAuthRef"] == number


@pytest.mark.parametrize(("value", "count"), [("true", 0), ("false", 1), ("maybe", 0)])
async def test_an_authorization_that_has_ended_is_not_active(
    server: Server, number: str, value: str, count: int
) -> None:
    server.clock.instant = datetime(2027, 6, 1, 15, tzinfo=UTC)
    found = resources(body(await server.get(f"/ClaimResponse?active={value}", APP)))
    assert [each["preAuthRef"] for each in found] == [number] * count
