"""If the policy says so, the rules look at an item again once all its documents came; they certify, or leave it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.policy.terms.reviewing import DocumentTerms
from tests.api.asking.asked import control_numbers
from tests.api.asking.attaching import attach, attachment, note, parameters, receipt
from tests.api.reading import Json, actions, answered
from tests.api.reviewing import decide, ruling
from tests.api.trail import events
from tests.api.updating import MRI
from tests.api.worklist.worklist import task
from tests.support.samples import billed_line, billing_claim, request_bundle, request_item
from tests.support.server import Server, serving, shipped_system
from tests.support.subscribing import Endpoint, subscribed, work

INJECTION = request_item(code="62323", quantity=1, period=("2026-12-01", "2027-01-29"))
"""Approved where a progress note comes with it, and pended otherwise."""

REPORT = {"system": "http://loinc.org", "code": "18748-4", "display": "Imaging report"}


@pytest.fixture
async def server(tmp_path: Path, endpoint: Endpoint) -> AsyncIterator[Server]:
    payers = dict(shipped_system().payers)
    terms = {"documents": DocumentTerms(complete="rules")}
    payers["sample-payer"] = payers["sample-payer"].model_copy(update=terms)
    async with serving(tmp_path, policies=payers, notifier=endpoint) as running:
        yield running


async def asked(server: Server, *items: Json) -> tuple[str, list[str]]:
    response = await server.post("/Claim/$submit", request_bundle(items=list(items)))
    return answered(response)["id"], control_numbers(response)


async def test_the_rules_certify_an_item_with_all_its_documents(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server)
    id_, [number] = await asked(server, INJECTION)
    server.clock.move(days=1)
    text = receipt(await attach(server, parameters(number, note())))
    assert text == "The documents were added. All items are decided: Claim/$inquire has the decisions."
    stored = (await server.get(f"/ClaimResponse/{id_}")).json()
    assert actions(stored) == {1: "A1"}
    assert stored["preAuthRef"]
    assert (await task(server, id_))["status"] == "completed"
    [step] = events(server, id_)[-1]["items"]
    assert (step["before"], step["after"], step["rule"]) == (
        "information-requested",
        "approved",
        "spinal-injection-documented",
    )
    await work(server)
    [event] = endpoint.events
    assert event.answer["preAuthRef"] == stored["preAuthRef"]


async def test_the_rules_leave_an_item_that_they_do_not_certify(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server)
    id_, [number] = await asked(server, MRI)
    assert "with a reviewer" in receipt(await attach(server, parameters(number, note())))
    assert actions((await server.get(f"/ClaimResponse/{id_}")).json()) == {2: "A4"}
    await work(server)
    assert endpoint.events == []


async def test_one_item_is_certified_and_the_other_stays_pended(server: Server) -> None:
    id_, numbers = await asked(server, INJECTION, MRI)
    assert len(numbers) == 2
    await attach(server, parameters(numbers[0], note()))
    assert actions((await server.get(f"/ClaimResponse/{id_}")).json()) == {1: "A1", 2: "A4"}


@pytest.mark.parametrize("case", ["line", "not final", "another document", "reviewer", "draft"])
async def test_the_rules_do_not_look_at_an_item_that_is_not_ready(server: Server, case: str) -> None:
    id_, [number] = await asked(server, INJECTION)
    body = parameters(number, note())
    if case == "line":
        body = parameters(number)
        body["parameter"].append(attachment(note(), None, "1"))
    elif case == "not final":
        body = parameters(number, note(), Final={"valueBoolean": False})
    elif case == "another document":
        body = parameters(number, note(code="57833-6"))
    elif case == "reviewer":
        await decide(server, id_, ruling(1, "ask", **{"ask-for": REPORT}))
        body["parameter"].append(attachment(note(code="18748-4")))
    else:
        draft = {"name": "draft", "valueBoolean": True}
        await decide(server, id_, ruling(1, "deny", reason="not-covered"), draft)
    receipt(await attach(server, body))
    assert actions((await server.get(f"/ClaimResponse/{id_}")).json()) == {1: "A4"}


async def test_without_the_policy_a_reviewer_decides(tmp_path: Path) -> None:
    async with serving(tmp_path) as server:
        id_, [number] = await asked(server, INJECTION)
        assert "with a reviewer" in receipt(await attach(server, parameters(number, note())))
        assert actions((await server.get(f"/ClaimResponse/{id_}")).json()) == {1: "A4"}


async def test_a_bill_draws_on_the_grant_of_the_rules(server: Server) -> None:
    id_, [number] = await asked(server, INJECTION)
    await attach(server, parameters(number, note()))
    granted = (await server.get(f"/ClaimResponse/{id_}")).json()["preAuthRef"]
    server.clock.move(days=340)
    line = billed_line(code="62323", quantity=1, day="2026-12-03")
    paid = await server.post("/Claim", billing_claim(number=granted, lines=[line]), "biller")
    assert paid.status_code == 201, paid.text
    assert granted in paid.text
