"""A service is paid once: the same service on another claim is a duplicate, and an identifier names one claim."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.bills.scenario_answer import NOTHING, LineAnswer, lines_of
from tests.api.reading import answered, issues, sample
from tests.api.refusing import everything
from tests.support.samples import (
    CPT,
    PAYER,
    Json,
    billed_line,
    billing_claim,
    bundle,
    concept,
    entry,
    parties,
    request_bundle,
    request_item,
)
from tests.support.server import Server

FREE = "99213"
"""A service that needs no authorization, so that no ledger guards it."""

SECOND_PAYER = "1666666668"


@pytest.fixture(autouse=True)
async def members(server: Server) -> None:
    """Register the members of these bills by requests for another service: a bill registers nobody."""
    for member, payer in (("M001", PAYER), ("M002", PAYER), ("M001", SECOND_PAYER)):
        request = request_bundle(member=member, payer=payer, items=[request_item(code="70553", quantity=1)])
        answered(await server.post("/Claim/$submit", request))


def modified(*codes: str) -> dict[str, Any]:
    return {"modifier": [concept(CPT, code) for code in codes]}


async def authorized(server: Server) -> str:
    return str(answered(await server.post("/Claim/$submit", request_bundle()))["preAuthRef"])


async def billed(server: Server, bill: Json, client: str = "biller") -> list[LineAnswer]:
    answer = await server.post("/Claim/$submit", bill, client)
    assert answer.status_code == 200, answer.text
    return lines_of(answer.json())


def of_line(line: Json, number: str | None = None, **changes: Any) -> Json:
    return billing_claim(number=number, lines=[line], **changes)


@pytest.mark.scenario("S-49")
@pytest.mark.parametrize("code", ["97110", FREE])
@pytest.mark.parametrize(
    "changes",
    [
        {"control_number": "ANOTHER"},
        {"created": "2026-12-21"},
        {"text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">A bill</div>'}},
    ],
)
async def test_the_same_service_on_another_claim_is_a_duplicate(server: Server, code: str, changes: Json) -> None:
    number = await authorized(server)
    first = await server.post("/Claim/$submit", of_line(billed_line(code=code), number), "biller")
    [again] = await billed(server, of_line(billed_line(code=code), number, **changes))
    assert (again.why, again.benefit) == ("OA-18", NOTHING)
    assert f"Earlier claim: {first.json()['request']['reference']}." in again.notes


async def test_the_same_service_with_other_units_is_a_duplicate(server: Server) -> None:
    await billed(server, of_line(billed_line(code=FREE)))
    [again] = await billed(server, of_line(billed_line(code=FREE, quantity=3)))
    assert again.why == "OA-18"


@pytest.mark.parametrize(
    "line",
    [
        billed_line(code="99214"),
        billed_line(code=FREE, day="2026-12-16"),
        billed_line(code=FREE, **modified("25")),
    ],
    ids=["service", "day", "modifier"],
)
async def test_another_service_is_paid(server: Server, line: Json) -> None:
    await billed(server, of_line(billed_line(code=FREE)))
    [other] = await billed(server, of_line(line))
    assert other.why is None


async def test_the_service_of_another_member_and_another_provider_is_paid(server: Server) -> None:
    await billed(server, of_line(billed_line(code=FREE)))
    [other] = await billed(server, of_line(billed_line(code=FREE), member="M002"))
    assert other.why is None
    [other] = await billed(server, of_line(billed_line(code=FREE), careTeam=None))
    assert other.why is None


@pytest.mark.parametrize("modifier", ["76", "77", "59", "XS", "xs"])
async def test_a_repeated_or_distinct_service_is_paid_again(server: Server, modifier: str) -> None:
    for control_number in ("1", "2"):
        line = billed_line(code=FREE, **modified(modifier))
        [paid] = await billed(server, of_line(line, control_number=control_number))
        assert paid.why is None


async def test_the_same_line_twice_on_one_claim_is_a_duplicate(server: Server) -> None:
    bill = billing_claim(number=None, lines=[billed_line(code=FREE), billed_line(2, code=FREE)])
    first, second = await billed(server, bill)
    assert (first.why, second.why) == (None, "OA-18")
    assert second.notes[1:] == ("Earlier claim: a line above.",)


async def test_one_row_holds_the_services_of_a_day(server: Server) -> None:
    for codes in ((FREE, "99214"), ("99215",)):
        lines = [billed_line(place, code=code) for place, code in enumerate(codes, 1)]
        paid = await billed(server, billing_claim(number=None, lines=lines, identifier=None))
        assert {line.why for line in paid} == {None}
    assert [kind for kind, _ in everything(server)].count("billed") == 1
    for code in (FREE, "99214", "99215"):
        [again] = await billed(server, of_line(billed_line(code=code), control_number=code))
        assert again.why == "OA-18"


async def test_the_services_of_a_day_are_limited(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.workflow.bills.repeats.MOST_SERVICES", 1)
    await billed(server, of_line(billed_line(code=FREE)))
    before = everything(server)
    over = await server.post("/Claim/$submit", of_line(billed_line(code="99214"), control_number="OVER"), "biller")
    [issue] = issues(over)
    assert (over.status_code, issue["code"], issue["expression"]) == (422, "too-costly", ["Claim.item"])
    assert everything(server) == before
    [next_day] = await billed(server, of_line(billed_line(code="99214", day="2026-12-14"), control_number="NEXT"))
    assert next_day.why is None


async def test_a_denied_service_can_be_billed_again(server: Server) -> None:
    [denied] = await billed(server, of_line(billed_line()))
    assert denied.why == "CO-197"
    [paid] = await billed(server, of_line(billed_line(), await authorized(server)))
    assert paid.why is None


async def test_a_facility_and_its_surgeon_bill_the_same_procedure(server: Server) -> None:
    await billed(server, of_line(billed_line(code=FREE)))
    facility = concept("http://terminology.hl7.org/CodeSystem/claim-type", "institutional")
    [paid] = await billed(server, of_line(billed_line(code=FREE), type=facility))
    assert paid.why is None


@pytest.mark.parametrize("client", ["biller", "ehr-b"])
async def test_only_the_biller_of_the_earlier_claim_learns_of_it(server: Server, client: str) -> None:
    """Another organization that bills for the same provider gets its own reason first, and never the claim's id."""
    number = await authorized(server)
    [paid] = await billed(server, of_line(billed_line(), number))
    assert paid.why is None
    npi = {"biller": {}, "ehr-b": {"billing_provider": "1444444446"}}[client]
    [again] = await billed(server, of_line(billed_line(), control_number="AGAIN", **npi), client)
    assert again.why == {"biller": "OA-18", "ehr-b": "CO-197"}[client]
    await billed(server, of_line(billed_line(code=FREE)))
    [again] = await billed(server, of_line(billed_line(code=FREE), control_number="MORE", **npi), client)
    assert again.why == "OA-18"
    assert len(again.notes) == {"biller": 2, "ehr-b": 1}[client]


@pytest.mark.scenario("S-48")
@pytest.mark.parametrize("door", ["/Claim/$submit", "/Claim"])
async def test_an_identifier_with_other_content_is_a_duplicate_and_draws_nothing(server: Server, door: str) -> None:
    number = await authorized(server)
    first = of_line(billed_line(), number, control_number="SAME")
    answer = await server.post("/Claim/$submit", first, "biller")
    other = of_line(billed_line(quantity=8, day="2026-12-16"), number, control_number="SAME")
    assert (await server.post(door, other, "biller")).is_success
    [again] = await billed(server, other)
    assert (again.why, again.benefit) == ("OA-18", NOTHING)
    assert f"Earlier claim: {answer.json()['request']['reference']}." in again.notes
    assert [kind for kind, _ in everything(server)].count("ledger") == 1
    assert (await server.post("/Claim/$submit", first, "biller")).content == answer.content


async def test_a_repeated_identifier_in_a_bundle_is_a_duplicate(server: Server) -> None:
    await billed(server, of_line(billed_line(code=FREE), control_number="SAME"))
    bill = of_line(billed_line(code="99214"), control_number="SAME")
    sent = bundle("profile-pas-request-bundle", [entry("Claim/claim-1", bill), *parties()])
    answer = await server.post("/Claim/$submit", sent, "biller")
    [line] = lines_of(answer.json()["entry"][0]["resource"])
    assert line.why == "OA-18"


async def test_billers_and_payers_number_their_claims_apart(server: Server) -> None:
    def bill(**changes: Any) -> Json:
        return of_line(billed_line(code=FREE), control_number="SAME", **changes)

    [first] = await billed(server, bill())
    [of_b] = await billed(server, bill(billing_provider="1444444446", careTeam=None), "ehr-b")
    [second] = await billed(server, bill(payer=SECOND_PAYER))
    assert [first.why, of_b.why, second.why] == [None, None, None]


async def test_claims_without_identifiers_are_paid(server: Server) -> None:
    for day in ("2026-12-14", "2026-12-15"):
        [paid] = await billed(server, of_line(billed_line(code=FREE, day=day), identifier=None))
        assert paid.why is None


async def test_the_sample_bill_sent_twice_gets_the_same_answer(server: Server) -> None:
    answers = [await server.post("/Claim/$submit", sample("bill"), "biller") for _ in range(2)]
    assert answers[0].content == answers[1].content
