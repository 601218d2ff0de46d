"""A biller corrects a claim by a replacement (frequency 7) or a void (frequency 8) of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.api.bills.life.correcting import (
    GRANTED,
    SUPERSEDED,
    approved,
    bill,
    correcting,
    current,
    only_line,
    sent,
    units_left,
)
from tests.api.bills.scenario_answer import NOTHING
from tests.api.reading import notes
from tests.support.samples import billed_line, billing_claim
from tests.support.server import Server


@pytest.mark.scenario("S-50")
async def test_a_replacement_of_a_denied_claim_is_paid_and_supersedes_it(server: Server) -> None:
    number = await approved(server)
    denied = await sent(server, bill(number, code="97140"))
    paid = await sent(server, bill(number, **correcting(denied, "7")))
    assert only_line(paid).why is None
    assert only_line(paid).benefit[0] == 4
    original = await current(server, denied)
    assert (original["meta"]["versionId"], original["status"]) == ("2", "cancelled")
    [marker] = original["extension"]
    assert marker == {"url": SUPERSEDED, "valueReference": {"reference": f"ClaimResponse/{paid['id']}"}}
    assert only_line(original).remarks[-1] == "N694"
    assert await units_left(server, number) == GRANTED - 4


@pytest.mark.scenario("S-51")
async def test_a_replacement_draws_after_the_original_is_reversed(server: Server) -> None:
    number = await approved(server)
    first = await sent(server, bill(number))
    second = await sent(server, bill(number, 6, **correcting(first, "7")))
    assert only_line(second).benefit[0] == 6
    assert only_line(second).remarks == ("N377",)
    payment = (await current(server, first))["payment"]
    assert Decimal(str(payment["adjustment"]["value"])) == -only_line(first).benefit[1]
    assert await units_left(server, number) == GRANTED - 6


@pytest.mark.scenario("S-52")
async def test_a_void_returns_the_units_and_takes_the_payment_back(server: Server) -> None:
    number = await approved(server)
    first = await sent(server, bill(number))
    void = await sent(server, bill(number, **correcting(first, "8")))
    paid, reversed_ = only_line(first), only_line(void)
    assert (reversed_.benefit, reversed_.remarks) == (tuple(-value for value in paid.benefit), ("N693",))
    assert reversed_.submitted == tuple(-value for value in paid.submitted)
    assert only_line(await current(server, first)).remarks == ("N693",)
    assert await units_left(server, number) == GRANTED


@pytest.mark.scenario("S-53")
async def test_a_second_void_changes_nothing(server: Server) -> None:
    number = await approved(server)
    first = await sent(server, bill(number))
    await sent(server, bill(number, **correcting(first, "8")))
    again = only_line(await sent(server, bill(number, control_number="AGAIN", **correcting(first, "8"))))
    assert (again.why, again.remarks, again.benefit) == (None, ("N547",), NOTHING)
    assert (await current(server, first))["meta"]["versionId"] == "2"
    assert await units_left(server, number) == GRANTED


@pytest.mark.scenario("S-54")
async def test_the_units_of_the_original_are_free_for_its_replacement(server: Server) -> None:
    number = await approved(server)
    await sent(server, billing_claim(number=number, lines=[billed_line(quantity=6, day="2026-12-14")]))
    first = await sent(server, bill(number))
    cut = only_line(await sent(server, bill(number, 8, **correcting(first, "7"))))
    assert cut.why == "CO-198"
    assert cut.benefit[0] == 6
    assert await units_left(server, number) == 0


@pytest.mark.scenario("S-55")
@pytest.mark.parametrize("frequency", ["7", "8"])
async def test_a_claim_that_names_no_claim_is_denied(server: Server, frequency: str) -> None:
    number = await approved(server)
    unknown = {"request": {"reference": "Claim/never-sent"}}
    line = only_line(await sent(server, bill(number, **correcting(unknown, frequency))))
    assert (line.why, line.remarks) == ("CO-16", ("N152",))
    assert await units_left(server, number) == GRANTED


async def test_the_claim_of_another_organization_is_answered_as_an_unknown_one(server: Server) -> None:
    number = await approved(server)
    first = await sent(server, bill(number))
    answers = []
    for reference in ("Claim/never-sent", first["request"]["reference"]):
        named = correcting({"request": {"reference": reference}}, "7")
        claim = bill(None, billing_provider="1444444446", control_number="SAME-CONTENT", **named)
        answer = await sent(server, claim, "ehr-b")
        answers.append((only_line(answer), notes(answer, answer["item"][0])))
    assert answers[0] == answers[1]
    assert answers[0][0].why == "CO-16"


async def test_only_the_latest_claim_of_a_chain_can_be_replaced(server: Server) -> None:
    number = await approved(server)
    first = await sent(server, bill(number))
    second = await sent(server, bill(number, 5, **correcting(first, "7")))
    stale = only_line(await sent(server, bill(number, 6, **correcting(first, "7"))))
    assert (stale.why, stale.remarks) == ("CO-16", ("N152",))
    assert f"Later claim: {second['request']['reference']}." in stale.notes
    third = await sent(server, bill(number, 6, **correcting(second, "7")))
    assert only_line(third).benefit[0] == 6
    await sent(server, bill(number, **correcting(third, "8")))
    void = only_line(await sent(server, bill(number, 7, **correcting(third, "7"))))
    assert (void.why, void.remarks) == ("CO-16", ("N152",))
    assert await units_left(server, number) == GRANTED
