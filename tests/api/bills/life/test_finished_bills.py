"""A bill that stands on a request is answered by itself, however the request is decided."""

from __future__ import annotations

from pathlib import Path

from app.workflow.bills.finish import finish_bills
from app.workflow.due.perform import perform_due
from tests.api.bills.life.test_waiting_bills import certified, current, only, reference_of, sent
from tests.api.bills.scenario_answer import NOTHING
from tests.api.imported.importing import NUMBER, imported, service
from tests.api.reading import actions
from tests.api.review.terms import GRACE, under
from tests.api.reviewing import decide, pended, ruling
from tests.api.types.test_peer_to_peer import asked
from tests.api.updating import cancelled, submitted, units, update_of
from tests.api.updating import sent as requested
from tests.support.samples import RENDERING, request_item
from tests.support.server import Server

REASON = "not-medically-necessary"
ASKED = request_item(code="72148", quantity=2)
"""Pended."""


async def worked(server: Server) -> None:
    """Do what the workers of a server do."""
    await perform_due(server.system)
    await finish_bills(server.system)


async def test_a_decision_answers_the_bill_when_it_is_released(tmp_path: Path) -> None:
    async with under(tmp_path, GRACE) as server:
        request = await pended(server)
        waiting = await sent(server, await reference_of(server, request))
        await certified(server, request)
        server.clock.move(minutes=15, seconds=-1)
        await worked(server)
        assert only(await current(server, waiting)).why == "OA-133"
        server.clock.move(seconds=1)
        await worked(server)
        assert only(await current(server, waiting)).why is None


async def test_an_update_that_gets_an_approval_pays_the_bill(server: Server) -> None:
    before = requested([ASKED])
    request = await submitted(server, before)
    waiting = await sent(server, await reference_of(server, request["id"]))
    assert only(waiting).why == "OA-133"
    assert actions(await submitted(server, update_of(before, [units(ASKED, 1)]))) == {1: "A6"}
    await worked(server)
    assert only(await current(server, waiting)).why is None


async def test_an_update_that_cancels_the_request_denies_the_bill(server: Server) -> None:
    before = requested([ASKED])
    request = await submitted(server, before)
    waiting = await sent(server, await reference_of(server, request["id"]))
    await submitted(server, update_of(before, [cancelled(ASKED)]))
    await worked(server)
    answer = await current(server, waiting)
    assert only(answer).benefit == NOTHING
    assert answer["outcome"] == "complete"
    assert only(answer).why not in {None, "OA-133"}


async def test_an_amendment_after_a_talk_pays_the_bill_that_was_denied(server: Server) -> None:
    request = await pended(server)
    waiting = await sent(server, await reference_of(server, request))
    await certified(server, request, "deny", reason="not-medically-necessary")
    assert only(await current(server, waiting)).why == "CO-39"
    await asked(server, request)
    await certified(server, request)
    paid = only(await current(server, waiting))
    assert (paid.why, paid.remarks) == (None, ("MA91", "N690"))


async def test_an_amendment_of_an_imported_denial_pays_the_bill(server: Server) -> None:
    denied = await imported(
        server, service("72148", quantity=2, provider=RENDERING, action="deny", start=None, end=None, reason=REASON)
    )
    server.clock.move(days=10)
    bill = await sent(server, NUMBER, day="2026-01-08")
    assert only(bill).why == "CO-39"
    await asked(server, denied["id"], "reviewer")
    answer = await decide(server, denied["id"], ruling(end="2026-03-31"), client="physician")
    assert answer.status_code == 200, answer.text
    assert only(await current(server, bill)).why is None
