"""A bill for a day without coverage is not paid, with or without an authorization, and a bill registers nobody."""

from __future__ import annotations

from typing import Any

import pytest

from app.fhir.json import read
from tests.api.bills.scenario_answer import lines_of
from tests.api.members.test_coverage_on_record import LAST_YEAR, put, stores, submitted
from tests.api.members.test_members import only_patient
from tests.api.reading import Json
from tests.api.refusing import everything
from tests.support.samples import billed_line, billing_claim
from tests.support.server import Server

THERAPY, VISIT = billed_line(day="2026-12-10"), billed_line(2, code="99213", day="2026-12-10")


async def billed(server: Server, number: str | None, *lines: Json, **changes: Any) -> list[str]:
    claim = billing_claim(number=number, lines=list(lines), **changes)
    answer = await server.post("/Claim/$submit", claim, client="biller")
    assert answer.status_code == 200, answer.text
    return [line.why or "paid" for line in lines_of(read(answer.content))]


async def authorized(server: Server) -> str:
    return str((await submitted(server, name="FIRST"))["preAuthRef"])


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ({"period": LAST_YEAR}, "CO-27"),
        ({"period": {"start": "2027-01-01"}}, "CO-26"),
        ({"status": "cancelled"}, "CO-31"),
        ({"period": {"start": "2026-01-01", "end": "2026-12-10"}}, "paid"),
    ],
)
async def test_the_coverage_on_record_decides_about_a_bill(server: Server, terms: Json, why: str) -> None:
    number = await authorized(server)
    await stores(server, **terms)
    assert await billed(server, number, THERAPY, VISIT) == [why, why]


async def test_a_service_between_two_coverages_is_not_paid(server: Server) -> None:
    number = await authorized(server)
    await stores(server, period=LAST_YEAR)
    await stores(server, period={"start": "2027-01-01"})
    assert await billed(server, number, THERAPY) == ["CO-200"]


@pytest.mark.parametrize(
    ("elements", "why"), [({"active": False}, "CO-31"), ({"deceasedDateTime": "2026-12-09"}, "CO-27")]
)
async def test_a_bill_after_the_end_of_the_record_is_not_paid(server: Server, elements: Json, why: str) -> None:
    number = await authorized(server)
    person = await only_patient(server)
    await put(server, f"/Patient/{person['id']}", **elements)
    assert await billed(server, number, THERAPY) == [why]


async def test_a_bill_registers_no_member(server: Server) -> None:
    assert await billed(server, None, THERAPY, VISIT) == ["CO-31", "CO-31"]
    assert not [kind for kind, _ in everything(server) if kind in {"member", "Patient", "Coverage"}]
