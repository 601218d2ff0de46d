"""A record is purged when its time has ended: once, wholly, and with an event that says so."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.audit.write_event import EVENT
from app.domain.authorization import Authorization
from app.policy.policy import Policy
from app.policy.terms.retention import Retention
from app.ports import AnyOf, Query
from app.records.authorizations import NUMBER_KIND, by_id
from app.records.decision_log.terms import EVENT_KIND
from app.workflow.bills.finish import finish_bills
from app.workflow.due.perform import perform_due
from app.workflow.system import System
from tests.api.imported.importing import reported, send
from tests.api.reading import Json, answered, issues, resources, returned
from tests.api.refusing import everything
from tests.api.trail import events
from tests.api.updating import MRI
from tests.support.samples import billed_line, billing_claim, inquiry_bundle, request_bundle
from tests.support.server import Server, with_parts

PAYER = "1666666668"
"""The second payer of the demo. It keeps records for ten years."""

LEFT = {EVENT_KIND, NUMBER_KIND}
"""The kinds of rows that may name a purged record, beside the AuditEvents."""


async def granted(server: Server, identifier: str = "REQ-0001") -> Json:
    return answered(await server.post("/Claim/$submit", request_bundle(payer=PAYER, identifier=identifier)))


async def after(server: Server, years: int, days: int = 0) -> None:
    """Let time pass, and do the acts that are due. A token lives for an hour from the moved clock."""
    server.clock.move(days=round(365.25 * years) + days)
    await finish_bills(server.system)
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
