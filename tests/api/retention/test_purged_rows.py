"""A purge takes every row of its request: versions, Bundles, answers, documents and notifications."""

from __future__ import annotations

from app.records.evidence.contents import KIND as ATTACHMENT
from app.workflow.subscriptions.fan_out import fan_out
from tests.api.asking.asked import control_numbers
from tests.api.asking.attaching import NPI, attach, note, parameters, receipt
from tests.api.reading import answered
from tests.api.refusing import everything
from tests.api.retention.test_purge import LEFT, PAYER, after, naming, record
from tests.api.reviewing import decide, pended, ruling
from tests.api.updating import THERAPY, sent, submitted, units, update_of
from tests.support.samples import request_bundle, request_item
from tests.support.server import Server
from tests.support.subscribing import Endpoint, subscribed, work


async def test_every_version_and_answer_goes_with_the_record(server: Server) -> None:
    first = sent([THERAPY], payer=PAYER)
    response = (await submitted(server, first))["id"]
    await submitted(server, update_of(first, [units(THERAPY, 13)], payer=PAYER))
    stored = await record(server, response)
    assert stored is not None
    assert naming(server, response, stored.claim) > LEFT
    await after(server, 12)
    assert naming(server, response, stored.claim, *stored.submissions) <= LEFT
    replayed = answered(await server.post("/Claim/$submit", first))
    assert replayed["id"] != response


async def test_the_notifications_go_with_the_record_and_hold_up_no_later_ones(
    server: Server, endpoint: Endpoint
) -> None:
    await subscribed(server, "org-identifier=8189991234")
    first = await decided(server, "2027")
    await fan_out(server.system)
    assert "notification" in naming(server, first)
    await after(server, 12)
    assert naming(server, first) <= LEFT
    second = await decided(server, "2039")
    await work(server)
    await work(server)
    assert [event.answer["id"] for event in endpoint.events] == [second]


async def decided(server: Server, year: str) -> str:
    """Let a reviewer certify a service of that year."""
    server.clock.move(seconds=1)
    mri = request_item(code="72148", quantity=1, period=(f"{year}-01-10", f"{year}-01-20"))
    response = await pended(server, payer=PAYER, identifier=year, items=[mri])
    answer = await decide(server, response, ruling(), client="reviewer-2", **{"If-Match": 'W/"1"'})
    assert answer.status_code == 200, answer.text
    return response


async def test_an_attached_document_goes_with_the_last_request_that_has_it(server: Server) -> None:
    first = await attached(server, "2027")
    server.clock.move(days=6 * 365)
    second = await attached(server, "2033")
    [content] = [id_ for kind, id_ in everything(server) if kind == ATTACHMENT]
    await after(server, 7)
    assert await record(server, first) is None
    assert naming(server, first) <= LEFT
    assert [id_ for kind, id_ in everything(server) if kind == ATTACHMENT] == [content]
    await after(server, 6)
    assert await record(server, second) is None
    assert [id_ for kind, id_ in everything(server) if kind == ATTACHMENT] == []


async def attached(server: Server, year: str) -> str:
    """Let a provider attach the document that the payer asks for, and a reviewer certify the service."""
    mri = request_item(code="72148", quantity=1, period=(f"{year}-01-10", f"{year}-01-20"))
    answer = await server.post("/Claim/$submit", request_bundle(payer=PAYER, identifier=year, items=[mri]))
    [tracking] = control_numbers(answer)
    payer = {"valueIdentifier": {"system": NPI, "value": PAYER}}
    receipt(await attach(server, parameters(tracking, note(), PayerId=payer)))
    response = str(answered(answer)["id"])
    version = (await server.get(f"/ClaimResponse/{response}")).headers["etag"]
    decision = await decide(server, response, ruling(), client="reviewer-2", **{"If-Match": version})
    assert decision.status_code == 200, decision.text
    await fan_out(server.system)
    return response
