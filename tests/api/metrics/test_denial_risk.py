"""A biller sees how often its own recent claims of a service and a provider missed their authorization."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.api.bills.life.correcting import sent
from tests.api.metrics.test_denials import approved, bill
from tests.support.samples import RENDERING, billed_line, billing_claim
from tests.support.server import Server

ABOUT = {"payer": "sample-payer", "service": "97110", "provider": RENDERING}


async def risk(server: Server, client: str = "biller", **given: str) -> dict[str, Any]:
    """Return the counts, and the mismatches by attribute."""
    answer = await server.get(f"/ClaimResponse/$denial-risk?{urlencode({**ABOUT, **given})}", client)
    assert answer.status_code == 200, answer.text
    named = {row["name"]: row for row in answer.json()["parameter"]}
    rows = [row["part"] for row in answer.json()["parameter"] if row["name"] == "mismatch"]
    return {
        "lines": named["lines"]["valueUnsignedInt"],
        "share": named["share"]["valueDecimal"] if "share" in named else None,
        "mismatches": {part[0]["valueString"]: part[1]["valueUnsignedInt"] for part in rows},
    }


async def history(server: Server) -> None:
    """Send six lines that are paid, and five that are denied: three without a number, two at another place."""
    number = await approved(server)
    for day in range(10, 16):
        await bill(server, number, billed_line(quantity=1, day=f"2026-12-{day}"))
    for day in range(16, 19):
        await bill(server, None, billed_line(quantity=1, day=f"2026-12-{day}"))
    elsewhere = {"coding": [{"system": PLACES, "code": "22"}]}
    for day in (19, 20):
        await bill(server, number, billed_line(quantity=1, day=f"2026-12-{day}", locationCodeableConcept=elsewhere))


PLACES = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"


async def test_the_share_of_mismatches_is_shown_with_its_lines_and_attributes(server: Server) -> None:
    await history(server)
    assert await risk(server) == {"lines": 11, "share": 0.45, "mismatches": {"number": 3, "place of service": 2}}


async def test_fewer_than_ten_lines_show_no_share(server: Server) -> None:
    number = await approved(server)
    for day in range(10, 19):
        await bill(server, number, billed_line(quantity=1, day=f"2026-12-{day}"))
    assert await risk(server) == {"lines": 9, "share": None, "mismatches": {}}


@pytest.mark.parametrize(
    "other", [{"service": "97140"}, {"provider": "1234567893"}, {"payer": "second-payer"}, {"payer": "unknown"}]
)
async def test_lines_of_another_service_provider_or_payer_do_not_count(server: Server, other: dict[str, str]) -> None:
    await history(server)
    assert (await risk(server, **other))["lines"] == 0


async def test_the_claims_of_another_organization_do_not_count(server: Server) -> None:
    await history(server)
    assert (await risk(server, "ehr-b"))["lines"] == 0


async def test_claims_older_than_180_days_do_not_count(server: Server) -> None:
    await history(server)
    server.clock.move(days=181)
    assert (await risk(server))["lines"] == 0


@pytest.mark.parametrize("given", [{"provider": "1"}, {"service": ""}, {"payer": ""}, {"service": "9" * 101}])
async def test_a_parameter_of_another_form_is_refused(server: Server, given: dict[str, str]) -> None:
    answer = await server.get(f"/ClaimResponse/$denial-risk?{urlencode({**ABOUT, **given})}", "biller")
    assert answer.status_code == 400


@pytest.mark.parametrize("client", ["reviewer", "auditor", "patient-1"])
async def test_only_a_provider_or_a_biller_sees_its_own_risk(server: Server, client: str) -> None:
    answer = await server.get(f"/ClaimResponse/$denial-risk?{urlencode(ABOUT)}", client)
    assert answer.status_code == 403


async def test_a_dry_run_shows_the_risk_of_each_line(server: Server) -> None:
    await history(server)
    lines = [billed_line(1, quantity=1, day="2026-12-22"), billed_line(2, code="97140", day="2026-12-22")]
    response = await sent(server, billing_claim(number=None, use="predetermination", lines=lines))
    [extension] = response["extension"]
    named = [tuple(part.values()) for part in extension["extension"]]
    expected = [("line", "1"), ("lines", 11), ("share", 0.45), ("attribute", "number")]
    assert named == [*expected, ("attribute", "place of service")]


async def test_a_dry_run_with_few_recent_lines_shows_no_risk(server: Server) -> None:
    response = await sent(server, billing_claim(number=await approved(server), use="predetermination"))
    assert "extension" not in response
