"""Inquiries, searches and bills find an updated authorization by its former numbers, too."""

from __future__ import annotations

import pytest

from tests.api.bills.scenario_answer import lines_of
from tests.api.reading import actions, administration_number, returned
from tests.api.reviewing import decide, ruling
from tests.api.updating import MRI, THERAPY, WHOLE, added, cancelled, sent, submitted, units, update_of
from tests.support.samples import Json, billed_line, billing_claim, extension, inquiry_bundle, request_item
from tests.support.server import Server

OTHER = request_item(2, code="72148", quantity=1, period=("2026-12-01", "2027-01-29"))


async def twice_replaced(server: Server) -> tuple[list[str], str]:
    """Update a request twice so that its number is replaced each time; returns the numbers and the id."""
    request = sent([THERAPY, OTHER])
    answers = [await submitted(server, request)]
    for items in ([units(THERAPY, 10), OTHER], [units(THERAPY, 8), OTHER]):
        request = update_of(request, items)
        answers.append(await submitted(server, request))
    numbers = [str(answer["preAuthRef"]) for answer in answers]
    assert len(set(numbers)) == 3
    return numbers, str(answers[0]["id"])


def about(number: str) -> Json:
    return inquiry_bundle(claim={"extension": [extension("extension-authorizationNumber", valueString=number)]})


@pytest.mark.requirement("pas-2.2.1/spec-47")
async def test_an_inquiry_with_a_replaced_number_finds_the_current_authorization(server: Server) -> None:
    numbers, id_ = await twice_replaced(server)
    for number in numbers:
        [current] = returned(await server.post("/Claim/$inquire", about(number)))
        assert (current["id"], current["preAuthRef"], actions(current)) == (id_, numbers[-1], {1: "A1", 2: "A1"})


@pytest.mark.requirement("pas-2.2.1/spec-48")
async def test_a_search_for_a_replaced_number_finds_the_current_authorization(server: Server) -> None:
    numbers, id_ = await twice_replaced(server)
    for number in numbers:
        page = (await server.get(f"/ClaimResponse?pre-auth-ref={number}")).json()
        assert [row["resource"]["id"] for row in page["entry"]] == [id_]
        assert page["entry"][0]["resource"]["preAuthRef"] == numbers[-1]


@pytest.mark.scenario("S-61")
async def test_a_bill_with_a_replaced_number_draws_on_the_current_authorization(server: Server) -> None:
    numbers, _ = await twice_replaced(server)
    for place, number in enumerate(numbers):
        assert await paid(server, number, f"2026-12-0{place + 1}", 2) == 2
    assert await paid(server, numbers[0], "2026-12-05", 4) == 2


@pytest.mark.scenario("S-32")
@pytest.mark.scenario("S-33")
@pytest.mark.parametrize("whole", [False, True], ids=["item", "request"])
async def test_a_cancelled_item_is_paid_for_services_up_to_the_day_of_the_cancellation(
    server: Server, whole: bool
) -> None:
    started = {**THERAPY, "servicedPeriod": {"start": "2026-01-01", "end": "2026-03-31"}}
    request = sent([started])
    before = await submitted(server, request)
    number = before["preAuthRef"]
    assert await paid(server, number, "2026-01-02", 4) == 4
    server.clock.move(days=45)
    items = [started] if whole else [cancelled(started)]
    after = await submitted(server, update_of(request, items, claim={"extension": [WHOLE]} if whole else {}))
    assert (actions(after), "preAuthRef" in after) == ({1: "C"}, False)
    assert await paid(server, number, "2026-02-10", 3) == 3
    assert await paid(server, number, "2026-02-15", 1) == 1
    denied = await billed(server, number, "2026-02-16", 1)
    [line] = lines_of(denied)
    assert (line.why, line.remarks) == ("CO-197", ("M62",))
    assert await paid(server, number, "2026-02-20", 1) == 0


async def test_a_bill_draws_on_the_earlier_grant_while_a_change_waits_for_a_reviewer(server: Server) -> None:
    request = sent([OTHER])
    number = (await submitted(server, request))["preAuthRef"]
    pended = await submitted(server, update_of(request, [units(OTHER, 2)]))
    assert (actions(pended), pended["preAuthRef"]) == ({2: "A4"}, number)
    assert await paid(server, number, "2026-12-02", 2, "72148") == 1
    denied = await billed(server, number, "2027-02-10", 1, "72148")
    assert lines_of(denied)[0].benefit[0] == 0
    decided = (await decide(server, pended["id"], ruling(2, "certify", end="2027-01-29"))).json()
    assert (actions(decided), decided["preAuthRef"]) == ({2: "A1"}, number)
    assert await paid(server, number, "2026-12-03", 2, "72148") == 1


async def test_a_bill_with_the_case_reference_of_a_cancelled_request_gets_its_former_number(server: Server) -> None:
    started = {**THERAPY, "servicedPeriod": {"start": "2026-01-01", "end": "2026-03-31"}}
    request = sent([started, MRI])
    before = await submitted(server, request)
    await submitted(server, update_of(request, [started, MRI], claim={"extension": [WHOLE]}))
    answer = await billed(server, administration_number(before), "2026-01-01", 1)
    assert lines_of(answer)[0].why == "CO-16"
    assert any(f"Authorization number: {before['preAuthRef']}." in note["text"] for note in answer["processNote"])


async def test_used_units_survive_an_update_and_limit_it(server: Server) -> None:
    request = sent([THERAPY])
    number = (await submitted(server, request))["preAuthRef"]
    assert await paid(server, number, "2026-12-02", 5) == 5
    request = update_of(request, [units(THERAPY, 8)])
    reduced = await submitted(server, request)
    assert (actions(reduced), reduced["outcome"]) == ({1: "A1"}, "complete")
    request = update_of(request, [units(THERAPY, 4)])
    refused = await submitted(server, request)
    assert refused["error"][0]["code"]["text"].startswith("The quantity of item 1 must not be below 5,")
    assert await paid(server, number, "2026-12-03", 5) == 3


async def test_units_of_a_cancelled_item_count_no_longer_for_a_limit(server: Server) -> None:
    request = sent([THERAPY])
    await submitted(server, request)
    more = added(request_item(2))
    request = update_of(request, [THERAPY, more])
    assert actions(await submitted(server, request)) == {1: "A1", 2: "A3"}
    request = update_of(request, [cancelled(THERAPY), more, added(request_item(3))])
    assert actions(await submitted(server, request)) == {1: "C", 2: "A3", 3: "A1"}


async def billed(server: Server, number: str, day: str, quantity: int, code: str = "97110") -> Json:
    """Bill units of a service on a day; returns the ClaimResponse."""
    line = billed_line(code=code, quantity=quantity, day=day)
    claim = billing_claim(number=number, control_number=f"BILL-{day}-{number}", lines=[line], created=day)
    answer = await server.post("/Claim/$submit", claim, client="biller")
    assert answer.status_code == 200, answer.text
    response: Json = answer.json()
    return response


async def paid(server: Server, number: str, day: str, quantity: int, code: str = "97110") -> float:
    """Bill units of a service on a day; returns the units that are paid."""
    [line] = (await billed(server, number, day, quantity, code))["item"]
    benefits = [row["value"] for row in line["adjudication"] if row["category"]["coding"][0]["code"] == "benefit"]
    return float(sum(benefits))
