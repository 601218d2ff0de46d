"""A bill for a request that is not decided waits, and is answered by itself when the request is decided."""

from __future__ import annotations

from typing import Any

import pytest

from app.records.bills.bills import bill_of_claim
from app.workflow.bills.finish import finish_bills
from tests.api.bills.scenario_answer import LineAnswer, lines_of
from tests.api.reading import administration_number, answered
from tests.api.reviewing import decide, pended, ruling
from tests.api.trail import events
from tests.api.types.test_appeals import appeal_of
from tests.api.types.typed_items import typed_item
from tests.api.updating import submitted
from tests.support.samples import Json, billed_line, billing_claim, extension, request_bundle, request_item
from tests.support.server import Server

DAY = "2026-12-15"
NUMBER = "extension-authorizationNumber"
APPEALED = typed_item("72148", 2, ("2026-12-01", "2027-02-28"), certification="2")


async def reference_of(server: Server, response: str) -> str:
    return administration_number((await server.get(f"/ClaimResponse/{response}")).json())


async def sent(
    server: Server, number: str | None, code: str = "72148", units: int = 1, day: str = DAY, **changes: Any
) -> Json:
    line = billed_line(code=code, quantity=units, day=day)
    bill = billing_claim(number=number, lines=[line], **changes)
    answer = await server.post("/Claim/$submit", bill, "biller")
    assert answer.status_code == 200, answer.text
    response: Json = answer.json()
    return response


async def current(server: Server, response: Json) -> Json:
    read: Json = (await server.get(f"/ClaimResponse/{response['id']}", client="biller")).json()
    return read


def only(response: Json) -> LineAnswer:
    [line] = lines_of(response)
    return line


async def certified(server: Server, response: str, action: str = "certify", **parts: Any) -> None:
    answer = await decide(server, response, ruling(action=action, **parts))
    assert answer.status_code == 200, answer.text


@pytest.mark.scenario("S-34")
@pytest.mark.parametrize("named", [True, False], ids=["case reference", "no number"])
async def test_a_bill_waits_for_the_decision_and_is_paid_by_itself(server: Server, named: bool) -> None:
    request = await pended(server)
    waiting = await sent(server, await reference_of(server, request) if named else None)
    assert (only(waiting).why, waiting["outcome"]) == ("OA-133", "queued")
    await certified(server, request)
    paid = await current(server, waiting)
    assert (only(paid).why, paid["outcome"], paid["meta"]["versionId"]) == (None, "complete", "2")
    assert only(paid).benefit == only(paid).submitted
    assert only(paid).linked is not None


async def test_a_line_that_waits_does_not_hold_the_others(server: Server) -> None:
    request = await pended(server)
    number = answered(await server.post("/Claim/$submit", request_bundle(identifier="SECOND")))["preAuthRef"]
    lines = [billed_line(code="97110", day=DAY), billed_line(2, code="72148", quantity=1, day=DAY)]
    numbers = {"preAuthRef": [number, await reference_of(server, request)]}
    bill = billing_claim(number=None, lines=lines)
    bill["insurance"][0] |= numbers
    answer = (await server.post("/Claim/$submit", bill, "biller")).json()
    assert answer["outcome"] == "partial"
    first, second = lines_of(answer)
    assert (first.why, second.why) == (None, "OA-133")
    await certified(server, request)
    kept, paid = lines_of(await current(server, answer))
    assert (kept.benefit, paid.why) == (first.benefit, None)


async def test_a_service_that_a_line_below_was_paid_for_is_not_paid_again(server: Server) -> None:
    waits, decided = await pended(server), await pended(server, identifier="SECOND")
    await certified(server, decided)
    numbers = [await reference_of(server, waits), (await server.get(f"/ClaimResponse/{decided}")).json()["preAuthRef"]]
    lines = [
        billed_line(place, code="72148", quantity=1, day=DAY, extension=[extension(NUMBER, valueString=number)])
        for place, number in enumerate(numbers, 1)
    ]
    bill = (await server.post("/Claim/$submit", billing_claim(number=None, lines=lines), "biller")).json()
    assert [line.why for line in lines_of(bill)] == ["OA-133", None]
    await certified(server, waits)
    assert [line.why for line in lines_of(await current(server, bill))] == ["OA-18", None]


async def test_a_denial_answers_the_waiting_bill(server: Server) -> None:
    request = await pended(server)
    waiting = await sent(server, await reference_of(server, request))
    await certified(server, request, "deny", reason="not-medically-necessary")
    assert only(await current(server, waiting)).why == "CO-39"


async def test_a_waiting_bill_that_is_void_is_not_answered_again(server: Server) -> None:
    request = await pended(server)
    waiting = await sent(server, await reference_of(server, request))
    related = [{"claim": {"reference": waiting["request"]["reference"]}}]
    void = await sent(server, None, related=related, status="cancelled")
    assert only(void).remarks == ("N693",)
    await certified(server, request)
    assert (await current(server, waiting))["meta"]["versionId"] == "2"
    stored = await bill_of_claim(server.system.documents, waiting["request"]["reference"].removeprefix("Claim/"))
    assert stored is not None
    assert stored.bill.open_claim is None
    assert "bill-answered-again" not in [row["action"] for row in events(server, waiting["id"])]


async def test_a_bill_for_another_service_does_not_wait(server: Server) -> None:
    request = await pended(server)
    assert only(await sent(server, await reference_of(server, request), code="70553")).why != "OA-133"


@pytest.mark.scenario("S-58")
async def test_a_bill_that_was_denied_is_paid_when_the_denial_is_overturned(server: Server) -> None:
    request = await pended(server)
    await certified(server, request, "deny", reason="not-medically-necessary")
    number = await reference_of(server, request)
    denied = await sent(server, number)
    assert only(denied).why == "CO-39"
    appeal = await submitted(server, appeal_of(number, items=[APPEALED]))
    overturned = await decide(server, appeal["id"], ruling(), client="physician")
    assert overturned.status_code == 200, overturned.text
    paid = only(await current(server, denied))
    assert (paid.why, paid.remarks) == (None, ("MA91", "N690"))


@pytest.mark.scenario("S-59")
async def test_a_bill_stays_denied_when_the_denial_is_upheld(server: Server) -> None:
    request = await pended(server)
    await certified(server, request, "deny", reason="not-medically-necessary")
    number = await reference_of(server, request)
    denied = await sent(server, number)
    appeal = await submitted(server, appeal_of(number, items=[APPEALED]))
    upheld = ruling(action="deny", reason="not-medically-necessary")
    assert (await decide(server, appeal["id"], upheld, client="physician")).status_code == 200
    assert (await current(server, denied))["meta"]["versionId"] == "1"


async def test_the_worker_finishes_the_bills_that_a_crash_left_open(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = await pended(server)
    waiting = await sent(server, await reference_of(server, request))

    async def crash(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as crashing:
        crashing.setattr("app.workflow.bills.finish.finish_bills_of", crash)
        await certified(server, request)
    assert only(await current(server, waiting)).why == "OA-133"
    assert await finish_bills(server.system) is False
    assert only(await current(server, waiting)).why is None
    version = (await current(server, waiting))["meta"]["versionId"]
    await finish_bills(server.system)
    assert (await current(server, waiting))["meta"]["versionId"] == version


async def test_of_two_waiting_bills_the_older_draws_first(server: Server) -> None:
    request = await pended(server, items=[request_item(code="72148", quantity=3)])
    number = await reference_of(server, request)
    bills = []
    for day in ("2026-12-15", "2026-12-16"):
        server.clock.move(minutes=1)
        bill = billing_claim(number=number, lines=[billed_line(code="72148", quantity=2, day=day)])
        bills.append((await server.post("/Claim/$submit", bill, "biller")).json())
    await certified(server, request)
    first, second = [only(await current(server, bill)) for bill in bills]
    assert (first.why, second.why) == (None, "CO-198")
    assert second.benefit[0] == 1
