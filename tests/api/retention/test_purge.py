"""A record is purged when its time has ended: once, wholly, and with an event that says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.audit.write_event import EVENT
from app.domain.authorization import Authorization
from app.policy.policy import Policy
from app.policy.retention import Retention
from app.ports import AnyOf, Query
from app.records.authorizations import NUMBER_KIND, by_id
from app.records.evidence.contents import KIND
from app.records.trail import EVENT_KIND
from app.workflow.due.perform import perform_due
from app.workflow.subscriptions.fan_out import fan_out
from app.workflow.system import System
from tests.api.asking.asked import control_numbers
from tests.api.asking.attaching import NPI, attach, note, parameters
from tests.api.imported.importing import reported, send
from tests.api.reading import Json, answered, issues, resources, returned
from tests.api.refusing import everything
from tests.api.reviewing import decide, pended, ruling
from tests.api.trail import events
from tests.api.updating import MRI, THERAPY, sent, submitted, units, update_of
from tests.support.samples import billed_line, billing_claim, inquiry_bundle, request_bundle, request_item
from tests.support.server import Server, serving, with_parts
from tests.support.subscribing import Endpoint, subscribed, work


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint()


@pytest.fixture
async def server(tmp_path: Path, endpoint: Endpoint) -> AsyncIterator[Server]:
    async with serving(tmp_path, notifier=endpoint) as running:
        yield running


PAYER = "1666666668"
"""The second payer of the demo. It keeps records for ten years."""

LEFT = {EVENT_KIND, NUMBER_KIND}
"""The kinds of rows that may name a purged record, beside the AuditEvents."""


async def granted(server: Server, identifier: str = "REQ-0001") -> Json:
    return answered(await server.post("/Claim/$submit", request_bundle(payer=PAYER, identifier=identifier)))


async def after(server: Server, years: int, days: int = 0) -> None:
    """Let time pass, and do the acts that are due. A token lives for an hour from the moved clock."""
    server.clock.move(days=round(365.25 * years) + days)
    while await perform_due(server.system):
        pass


async def record(server: Server, response: str) -> Authorization | None:
    stored = await by_id(server.system.documents, response)
    return None if stored is None else stored.authorization


def naming(server: Server, *ids: str) -> set[str]:
    """Return the kinds of the rows that name one of these ids."""
    rows = everything(server).items()
    return {kind for (kind, id_), row in rows if any(one in id_ or one in row.body for one in ids)}


async def test_a_record_is_purged_after_the_time_of_its_payer(server: Server) -> None:
    response = await granted(server)
    await after(server, 11)
    assert await record(server, response["id"]) is not None
    assert (await server.get(f"/ClaimResponse/{response['id']}")).json()["preAuthRef"] == response["preAuthRef"]
    await after(server, 0, days=90)
    assert await record(server, response["id"]) is None
    claim = (response["request"]["reference"]).rpartition("/")[2]
    paths = [f"/ClaimResponse/{response['id']}", f"/ClaimResponse/{response['id']}/_history", f"/Claim/{claim}"]
    assert [(await server.get(path)).status_code for path in paths] == [404, 404, 404]
    assert returned(await server.post("/Claim/$inquire", inquiry_bundle(payer=PAYER))) == []
    assert naming(server, response["id"], claim) <= LEFT


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


async def test_the_trail_has_the_purge_and_the_earlier_events(server: Server) -> None:
    response = await granted(server)
    await after(server, 12)
    first, last = events(server, response["id"])
    assert (first["action"], last["action"], last["client"]) == ("submit", "purge", None)
    assert (last["last_service"], last["changed"]) == ("2027-02-28", "2026-01-01T15:00:00.000Z")
    assert last["rows"] >= 5
    patient = AnyOf("patient", (response["patient"]["reference"], await patient_of(server)))
    assert await server.system.documents.find(Query(EVENT, (patient,)))


async def patient_of(server: Server) -> str:
    [person] = resources((await server.get("/Patient", "reviewer-2")).json())
    return f"Patient/{person['id']}"


async def test_a_number_stays_reserved_after_the_purge(server: Server) -> None:
    number = (await granted(server))["preAuthRef"]
    await after(server, 12)
    refused = await send(server, reported(number=number), "admin-2")
    assert (refused.status_code, issues(refused)[0]["code"]) == (409, "duplicate")


async def test_a_payer_without_terms_keeps_its_records(server: Server) -> None:
    response = answered(await server.post("/Claim/$submit", request_bundle()))["id"]
    await after(server, 99)
    assert await record(server, response) is not None


async def test_a_pended_request_is_not_purged(server: Server) -> None:
    response = answered(await server.post("/Claim/$submit", request_bundle(payer=PAYER, items=[MRI])))["id"]
    await after(server, 99)
    stored = await record(server, response)
    assert stored is not None
    assert stored.due is not None


async def test_a_bill_moves_the_purge(server: Server) -> None:
    response = await granted(server)
    server.clock.move(days=5 * 365)
    line = billed_line(day="2026-12-15")
    bill = billing_claim(number=response["preAuthRef"], payer=PAYER, lines=[line], created="2030-12-31")
    paid = (await server.post("/Claim/$submit", bill, "biller")).json()
    assert paid["preAuthRef"] == response["preAuthRef"]
    await after(server, 8)
    assert await record(server, response["id"]) is not None
    await after(server, 4)
    assert await record(server, response["id"]) is None


def with_terms(system: System, terms: dict[str, Any] | None) -> System:
    """Return the system under another policy of the second payer."""
    retention = None if terms is None else Retention.model_validate(terms)
    policy: Policy = system.payers["second-payer"].model_copy(update={"retention": retention})
    return with_parts(system, payers={**system.payers, "second-payer": policy})


@pytest.mark.parametrize(
    ("terms", "years"),
    [
        ({"after-service": "P15Y", "after-change": "P15Y", "source": "a longer law"}, 16),
        ({"after-service": "P10Y", "after-change": "P20Y", "source": "a longer law"}, 20),
    ],
)
async def test_the_terms_in_force_count(server: Server, terms: dict[str, Any], years: int) -> None:
    response = await granted(server)
    server.system = with_terms(server.system, terms)
    await after(server, years - 1)
    assert await record(server, response["id"]) is not None
    await after(server, 1, days=120)
    assert await record(server, response["id"]) is None


async def test_without_terms_in_force_nothing_is_purged(server: Server) -> None:
    response = await granted(server)
    removed = {name: policy for name, policy in server.system.payers.items() if name != "second-payer"}
    for system in (with_terms(server.system, None), with_parts(server.system, payers=removed)):
        server.system = system
        await after(server, 15)
        assert await record(server, response["id"]) is not None


class FarOff:
    async def is_far_off(self, *_: object) -> bool:
        return True


async def test_a_wrong_clock_purges_nothing(server: Server) -> None:
    response = await granted(server)
    right = server.system
    server.system = with_parts(right, clock_watch=FarOff())
    await after(server, 12)
    assert await record(server, response["id"]) is not None
    server.system = right
    await after(server, 0, days=1)
    assert await record(server, response["id"]) is None


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


async def test_two_servers_purge_a_record_once(server: Server) -> None:
    response = await granted(server)
    server.clock.move(days=12 * 366)
    other = with_parts(server.system, contention=type(server.system.contention)())
    await asyncio.gather(perform_due(server.system), perform_due(other))
    assert [event["action"] for event in events(server, response["id"])] == ["submit", "purge"]


async def test_records_of_others_stay(server: Server) -> None:
    old = await granted(server, "old")
    server.clock.move(days=365 * 6)
    new = await granted(server, "new")
    await after(server, 6)
    assert await record(server, old["id"]) is None
    assert await record(server, new["id"]) is not None
    assert [one["id"] for one in resources((await server.get("/ClaimResponse", "reviewer-2")).json())] == [new["id"]]


LATER = request_item(2, code="72148", quantity=2, period=("2026-12-01", "2029-02-28"))


async def attached(server: Server, identifier: str, item: Json = MRI) -> str:
    """Let a pended request get its document, and deny it; return the id of its answer."""
    answer = await server.post("/Claim/$submit", request_bundle(payer=PAYER, items=[item], identifier=identifier))
    [number] = control_numbers(answer)
    payer = {"valueIdentifier": {"system": NPI, "value": PAYER}}
    sent = await attach(server, parameters(number, note(), PayerId=payer))
    assert sent.status_code == 200, sent.text
    response = str(answered(answer)["id"])
    denied = await decide(server, response, ruling(2, "deny", reason="not-medically-necessary"), client="reviewer-2")
    assert denied.status_code == 200, denied.text
    return response


async def test_the_documents_of_a_request_end_with_its_record(server: Server) -> None:
    response = await attached(server, "REQ-0001")
    assert contents(server) == 1
    await after(server, 12)
    assert await record(server, response) is None
    assert contents(server) == 0


async def test_a_document_stays_while_another_request_has_it(server: Server) -> None:
    first = await attached(server, "REQ-0001")
    second = await attached(server, "REQ-0002", LATER)
    await after(server, 12)
    assert (await record(server, first), contents(server)) == (None, 1)
    assert (await server.get(f"/ClaimResponse/{second}/$evidence")).json()["total"] >= 1
    await after(server, 3)
    assert contents(server) == 0


def contents(server: Server) -> int:
    """Return the number of stored contents of documents."""
    return len([kind for kind, _ in everything(server) if kind == KIND])
