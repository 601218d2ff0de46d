"""A dry run (use = predetermination) previews the answer to a bill, and changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.bills.life.correcting import GRANTED, approved, only_line, units_left
from tests.api.bills.scenario_answer import NOTHING, lines_of
from tests.api.reading import answered, issues
from tests.api.refusing import everything
from tests.support.samples import Json, billed_line, billing_claim, bundle, entry, parties, request_bundle, request_item
from tests.support.server import Server

OTHER = request_item(code="97140")


def dry(number: str | None, **changes: Any) -> Json:
    return billing_claim(number=number, use="predetermination", **changes)


async def previewed(server: Server, bill: Json, client: str = "biller") -> Json:
    before = everything(server)
    answer = await server.post("/Claim/$submit", bill, client)
    assert answer.status_code == 200, answer.text
    assert everything(server) == before
    response: Json = answer.json()
    return response


@pytest.mark.scenario("S-68")
async def test_a_dry_run_previews_the_payment_and_draws_nothing(server: Server) -> None:
    number = await approved(server)
    response = await previewed(server, dry(number))
    assert (response["use"], response["preAuthRef"]) == ("predetermination", number)
    line = only_line(response)
    assert (line.why, line.benefit, line.adjusted) == ("OA-101", NOTHING, line.submitted)
    assert line.notes[1].startswith(f"Units that the claim would draw from authorization {number}: 4.")
    assert await units_left(server, number) == GRANTED


async def test_a_dry_run_in_a_bundle_gets_a_bundle(server: Server) -> None:
    number = await approved(server)
    sent = bundle("profile-pas-request-bundle", [entry("Claim/claim-1", dry(number)), *parties()])
    response = (await previewed(server, sent))["entry"][0]["resource"]
    assert (response["use"], only_line(response).why) == ("predetermination", "OA-101")


async def test_a_dry_run_has_the_answer_of_the_bill(server: Server) -> None:
    number = await approved(server)
    lines = [billed_line(code="97140"), billed_line(2, quantity=100)]
    dry_run = lines_of(await previewed(server, dry(number, lines=lines)))
    bill = lines_of((await server.post("/Claim/$submit", billing_claim(number=number, lines=lines), "biller")).json())
    assert dry_run[0] == bill[0]
    assert dry_run[1].linked == bill[1].linked


async def test_a_dry_run_gives_a_party_the_number_to_use(server: Server) -> None:
    number = await approved(server)
    response = await previewed(server, dry(None))
    line = only_line(response)
    assert (line.why, response["preAuthRef"]) == ("CO-16", number)
    assert line.linked is not None
    assert line.linked["number"] == number
    assert f"Authorization number: {number}." in line.notes


async def test_a_dry_run_of_two_authorizations_has_each_number_at_its_line(server: Server) -> None:
    number = await approved(server)
    other = answered(await server.post("/Claim/$submit", request_bundle(identifier="B", items=[OTHER])))["preAuthRef"]
    response = await previewed(server, dry(None, lines=[billed_line(), billed_line(2, code="97140")]))
    linked = [line.linked for line in lines_of(response)]
    assert [each and each["number"] for each in linked] == [number, other]
    assert "preAuthRef" not in response


async def test_a_dry_run_of_another_biller_learns_nothing_of_an_authorization(server: Server) -> None:
    await approved(server)
    other: dict[str, Any] = {"billing_provider": "1444444446", "careTeam": None, "control_number": "SAME"}
    known = await previewed(server, dry(None, **other), "ehr-b")
    unknown = await previewed(server, dry(None, **other, lines=[billed_line(code="97112")]), "ehr-b")
    assert (only_line(known).why, only_line(known).linked) == ("CO-197", None)
    assert only_line(known).notes == only_line(unknown).notes


async def test_a_dry_run_is_never_stored_by_create(server: Server) -> None:
    answer = await server.post("/Claim", dry(None), "biller")
    assert answer.status_code == 422
    assert [issue["expression"] for issue in issues(answer)] == [["Claim.use"]]


async def test_a_dry_run_of_a_replacement_previews_it_and_reverses_nothing(server: Server) -> None:
    number = await approved(server)
    first = (await server.post("/Claim/$submit", billing_claim(number=number), "biller")).json()
    related = [{"relationship": {"coding": [{"code": "replaces"}]}, "claim": first["request"]}]
    lines = [billed_line(quantity=12)]
    line = only_line(await previewed(server, dry(number, related=related, lines=lines)))
    assert (line.why, line.adjusted) == ("OA-101", line.submitted)
    assert await units_left(server, number) == GRANTED - 4
