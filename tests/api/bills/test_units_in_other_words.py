"""Units compare by basis: the same unit in another code or in other words is paid, another unit is denied."""

from __future__ import annotations

import pytest

from app.codes import UCUM, X12_CLAIM_UNIT, X12_UNIT
from app.fhir.json import read
from tests.api.bills.scenario_answer import lines_of
from tests.api.reading import answered
from tests.support.samples import Json, billed_line, billing_claim, request_bundle, request_item
from tests.support.server import Server

HOURS = {"unit": "hours", "system": UCUM, "code": "h"}


async def billed(server: Server, requested: Json, unit: Json) -> tuple[str | None, tuple[str, ...]]:
    """Return the reason and the remarks for one billed unit under an authorization for 12."""
    item = request_item() | {"quantity": {"value": 12} | requested}
    number = answered(await server.post("/Claim/$submit", request_bundle(items=[item])))["preAuthRef"]
    server.clock.move(days=360)
    line = billed_line() | {"quantity": {"value": 1} | unit}
    answer = await server.post("/Claim/$submit", billing_claim(number=number, lines=[line]), client="biller")
    assert answer.status_code == 200, answer.text
    [result] = lines_of(read(answer.content))
    return result.why, result.remarks


@pytest.mark.parametrize(
    ("requested", "unit"),
    [
        ({"unit": "units"}, {"unit": "Unit"}),
        ({"unit": "units"}, {"unit": "visits"}),
        ({"unit": "units"}, {}),
        ({"unit": "units", "system": X12_UNIT, "code": "FL"}, {"system": X12_CLAIM_UNIT, "code": "UN"}),
        (HOURS, {"system": X12_CLAIM_UNIT, "code": "HR"}),
        (HOURS, {"unit": "hrs"}),
    ],
)
async def test_a_unit_in_other_words_is_paid(server: Server, requested: Json, unit: Json) -> None:
    assert await billed(server, requested, unit) == (None, ())


@pytest.mark.parametrize("unit", [{}, {"unit": "units"}, {"system": X12_CLAIM_UNIT, "code": "DA"}])
async def test_another_unit_is_denied(server: Server, unit: Json) -> None:
    assert await billed(server, HOURS, unit) == ("CO-16", ("M53",))
