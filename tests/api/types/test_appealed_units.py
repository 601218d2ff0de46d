"""What was denied is granted once: on appeal or after a talk, and no more of it than was denied."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.records.authorizations import by_id
from tests.api.reading import actions, administration_number, issues
from tests.api.reviewing import decide, ruling
from tests.api.types.test_appeals import PLANNED, appeal_of, denied
from tests.api.types.test_peer_to_peer import asked
from tests.api.types.typed_items import billed, stored, typed_item
from tests.api.updating import added, cancelled, changed, sent, submitted, update_of
from tests.support.racing import UnhurriedMemory
from tests.support.samples import Json, billed_line, extension, request_item
from tests.support.server import Server, serving


async def test_the_items_of_an_appeal_together_ask_for_no_more_than_was_denied(server: Server) -> None:
    number = administration_number(await denied(server))
    one = typed_item("72148", 1, PLANNED, certification="2")
    twice = await submitted(server, appeal_of(number, items=[one, {**one, "sequence": 2}, {**one, "sequence": 3}]))
    assert "Item 3 must ask for at most 0 units" in twice["error"][0]["code"]["text"]
    answer = await submitted(server, appeal_of(number, items=[one, {**one, "sequence": 2}], identifier="APPEAL-2"))
    assert actions(answer) == {1: "A4", 2: "A4"}


@pytest.mark.parametrize(
    ("items", "text"),
    [
        ([changed(typed_item("72148", 20, PLANNED))], "must ask for at most 2 units"),
        (
            [typed_item("72148", 2, PLANNED, certification="2"), {**typed_item("97110", 2, PLANNED), "sequence": 2}],
            "must name a service that the payer denied",
        ),
        (
            [typed_item("72148", 2, PLANNED, certification="2"), {**typed_item("72148", 1, PLANNED), "sequence": 2}],
            "must ask for at most 0 units",
        ),
    ],
    ids=["more units", "another service", "the same service again"],
)
async def test_an_update_of_an_appeal_asks_for_no_more_than_was_denied(
    server: Server, items: list[Json], text: str
) -> None:
    named = extension(
        "extension-administrationReferenceNumber", valueString=administration_number(await denied(server))
    )
    first = sent(
        [typed_item("72148", 2, PLANNED, certification="2")], identifier="APPEAL-1", claim={"extension": [named]}
    )
    appeal = await submitted(server, first)
    refused = await submitted(server, update_of(first, items))
    assert (refused["outcome"], text in refused["error"][0]["code"]["text"]) == ("error", True)
    assert actions(await stored(server, appeal["id"])) == {1: "A4"}


async def test_a_denial_that_a_talk_has_amended_is_not_granted_on_appeal_too(server: Server) -> None:
    first = await denied(server)
    await asked(server, first["id"])
    assert (await decide(server, first["id"], ruling(reason="less-time"))).status_code == 422
    appeal = await submitted(server, appeal_of(administration_number(first)))
    refused = await decide(server, first["id"], ruling())
    assert (refused.status_code, "grant the service twice" in issues(refused)[0]["details"]["text"]) == (409, True)
    overturned = await decide(server, appeal["id"], ruling(), client="physician")
    assert overturned.status_code == 200, overturned.text
    assert (await decide(server, first["id"], ruling())).status_code == 409


async def test_of_an_amendment_and_an_appeal_at_once_one_grants_the_service(tmp_path: Path) -> None:
    async with serving(tmp_path, documents=UnhurriedMemory()) as server:
        first = await denied(server)
        await asked(server, first["id"])
        filed, amended = await asyncio.gather(
            submitted(server, appeal_of(administration_number(first))), decide(server, first["id"], ruling())
        )
        overturned = [
            (await decide(server, filed["id"], ruling(), client="physician")).status_code
            for _ in range(1)
            if filed["outcome"] != "error"
        ]
        assert [amended.status_code, *overturned].count(200) == 1


async def test_an_appeal_is_denied_or_cancelled_although_the_denial_was_amended(server: Server) -> None:
    request = sent([request_item(1, "72148", 2), request_item(2, "72148", 3)])
    response = (await submitted(server, request))["id"]
    less: dict[str, Any] = {"action": "partly-certify", "quantity": 1, "reason": "quantity-exceeded"}
    first = (await decide(server, response, ruling(**less), ruling(2))).json()
    period = ("2026-12-01", "2027-02-28")
    appeal = await submitted(
        server, appeal_of(first["preAuthRef"], items=[typed_item("72148", 1, period, certification="2")])
    )
    assert actions(appeal) == {1: "A4"}
    more = changed(request_item(1, "72148", 4), quantity={"value": 4, "unit": "units"})
    assert actions(await submitted(server, update_of(request, [more, request_item(2, "72148", 3)])))[1] == "A4"
    assert (await decide(server, response, ruling())).status_code == 200
    refused = await decide(server, appeal["id"], ruling(), client="physician")
    assert refused.status_code == 409
    assert "authorized a part of the denied request meanwhile" in issues(refused)[0]["details"]["text"]
    upheld = ruling(action="deny", reason="not-medically-necessary")
    assert (await decide(server, appeal["id"], upheld, client="physician")).status_code == 200


async def test_an_amendment_grants_an_item_of_an_update_no_days_before_the_update(server: Server) -> None:
    request = sent([request_item(1, "72148", 2)])
    response = (await submitted(server, request))["id"]
    server.clock.move(days=40)
    late = added(request_item(2, "72148", 3))
    late.pop("servicedPeriod", None)
    await submitted(server, update_of(request, [request_item(1, "72148", 2), late]))
    assert (await decide(server, response, ruling(2, "deny", reason="not-medically-necessary"))).status_code == 200
    await asked(server, response)
    amended = await decide(server, response, ruling(2, **{"for": "P60D"}))
    assert actions(amended.json()) == {1: "A4", 2: "A1"}
    record = await by_id(server.system.documents, response)
    assert record is not None
    granted = record.authorization.items[1].granted
    assert granted is not None
    assert granted.period.start == date(2026, 2, 10)


async def test_units_that_were_billed_before_an_appeal_was_withdrawn_are_not_appealed_again(server: Server) -> None:
    number = administration_number(await denied(server))
    named = {"extension": [extension("extension-administrationReferenceNumber", valueString=number)]}
    item = typed_item("72148", 2, PLANNED, certification="2")
    first = sent([item], identifier="APPEAL-1", claim=named)
    appeal = await submitted(server, first)
    overturned = (await decide(server, appeal["id"], ruling(), client="physician")).json()
    paid = await billed(server, billed_line(1, "72148", quantity=2, day="2026-01-05"), overturned["preAuthRef"])
    assert paid.benefit == paid.submitted
    withdrawal = update_of(first, [cancelled(typed_item("72148", 2, PLANNED))])
    assert actions(await submitted(server, withdrawal)) == {1: "C"}
    again = await submitted(server, appeal_of(number, identifier="APPEAL-2"))
    assert "has decided an appeal of this request" in again["error"][0]["code"]["text"]
