"""The log of decisions is read page by page; it outlives the records, and a store with the same log has its figures."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from urllib.parse import urlencode

import msgspec
from msgspec.structs import replace

from app.access.grant import Role
from app.adapters.memory import MemoryDocuments
from app.audit.access import Actor
from app.domain.decision import ReviewAction
from app.domain.metrics.report import Span
from app.domain.metrics.scope import Exclusion
from app.fhir.instants import sortable
from app.ports import Document, Documents, Insert
from app.records.decision_log.terms import EVENT_KIND
from app.records.kinds import TERM_TABLE
from app.records.scan import COUNTED_PAGE
from app.workflow.changes import reviewed_change, rows
from app.workflow.metrics.count import tally_of
from tests.api.metrics.figures import YEAR, behind, report, share
from tests.api.refusing import everything
from tests.api.retention.test_purge import after, granted, record
from tests.support.billing_samples import authorization, item
from tests.support.server import SeededIds, Server

AT = datetime(2026, 1, 1, 15, tzinfo=UTC)
SPAN = Span("sample-payer", date(2026, 1, 1), date(2026, 12, 31), datetime(2027, 1, 1, tzinfo=UTC))


async def log_of(documents: Documents, approved: int, denied: int) -> None:
    """Store the submissions of so many requests, all at the same moment."""
    actor, ids = Actor(sortable(AT), "ehr-a", role=Role.PROVIDER), SeededIds()
    actions = [ReviewAction.CERTIFIED] * approved + [ReviewAction.NOT_CERTIFIED] * denied
    for number, action in enumerate(actions):
        first = authorization(item(action=action))
        made = replace(first, id=f"request-{number}", payer="sample-payer", number=None)
        await documents.commit(*rows(actor, ids, reviewed_change("submit", None, made, ())))


async def test_a_report_reads_every_page_of_the_log_once(server: Server) -> None:
    await log_of(server.system.documents, 205, 30)
    year = await report(server)
    assert share(year, "standard-approved") == (205, 235)
    assert share(year, "standard-denied") == (30, 235)


async def test_the_pages_behind_a_figure_have_each_request_once(server: Server) -> None:
    await log_of(server.system.documents, 205, 30)
    listed: list[str] = []
    token: str | None = ""
    while token is not None:
        given = {**YEAR, "figure": "standard-approved", **({"page": token} if token else {})}
        answer = (await server.get(f"/ClaimResponse/$metrics-requests?{urlencode(given)}", "auditor")).json()
        listed += [
            row["part"][0]["valueReference"]["reference"] for row in answer["parameter"] if row["name"] == "request"
        ]
        token = next((row["valueString"] for row in answer["parameter"] if row["name"] == "page"), None)
    assert len(listed) == len(set(listed)) == 205


async def test_other_calls_come_between_the_pages_of_a_report(server: Server) -> None:
    await log_of(server.system.documents, 205, 30)
    turns = 0

    async def other_calls() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    others = asyncio.create_task(other_calls())
    counted = (await tally_of(server.system.documents, SPAN)).report()
    others.cancel()
    assert turns >= counted.requests // COUNTED_PAGE - 1


async def test_a_token_of_another_form_is_refused(server: Server) -> None:
    query = urlencode({**YEAR, "figure": "standard-approved", "page": "next"})
    assert (await server.get(f"/ClaimResponse/$metrics-requests?{query}", "auditor")).status_code == 400


async def test_the_purge_of_a_record_changes_no_figure(server: Server) -> None:
    response = (await granted(server))["id"]
    before = share(await report(server, "reviewer-2"), "standard-partly-approved")
    await after(server, 30)
    assert await record(server, response) is None
    assert share(await report(server, "reviewer-2"), "standard-partly-approved") == before == (1, 1)
    assert await behind(server, "standard-partly-approved", "reviewer-2") == [response]


async def test_a_store_that_gets_the_same_log_has_the_same_figures(server: Server) -> None:
    await log_of(server.system.documents, 12, 5)
    rebuilt = MemoryDocuments()
    await rebuilt.start(TERM_TABLE)
    log = [row for (kind, _), row in everything(server).items() if kind == EVENT_KIND]
    await rebuilt.commit(*(Insert(replace(row, version=1)) for row in reversed(log)))
    assert (await tally_of(rebuilt, SPAN)).report() == (await tally_of(server.system.documents, SPAN)).report()


async def test_a_request_that_an_earlier_release_recorded_is_disclosed(server: Server) -> None:
    await log_of(server.system.documents, 2, 0)
    former = MemoryDocuments()
    await former.start(TERM_TABLE)
    await former.commit(
        *(Insert(as_earlier(row)) for (kind, _), row in everything(server).items() if kind == EVENT_KIND)
    )
    counted = (await tally_of(former, SPAN)).report()
    assert (counted.requests, counted.counted) == (2, 0)
    assert counted.excluded[Exclusion.EARLIER_RELEASE] == 2


def as_earlier(row: Document) -> Document:
    """Return the event as an earlier release stored it, with the terms that it gets when a store opens."""
    body = msgspec.json.decode(row.body)
    del body["request"]
    earlier = replace(row, body=msgspec.json.encode(body).decode(), terms=row.terms[:2], version=1)
    return replace(earlier, terms=TERM_TABLE.terms(earlier))
