"""Records of an earlier build are read, decided and billed: their rows in SQLite are as that build wrote them.

The request has three items: twelve units of 97110 (four of them billed), 97140 without a quantity and with an order for
97112, and a pended 72148.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from app.adapters.sqlite.store import SqliteDocuments
from app.domain.service_line import Order
from app.domain.units import Unit
from app.ports import Document, Insert, TermTable
from app.records import authorizations
from app.records.kinds import FORMER_TERMS
from app.records.ledger import entries_of
from app.records.worklist.former_rows import former_rows
from app.workflow.worklist.former_worklist import replace_former_worklist
from tests.api.reading import actions, returned
from tests.api.reviewing import decide, ruling
from tests.api.worklist.worklist import listed, task
from tests.support.samples import billed_line, billing_claim, inquiry_bundle
from tests.support.server import Server, serving

ROWS = Path(__file__).parents[2] / "support" / "earlier_rows.jsonl"
EARLIER = TermTable("earlier", lambda document: document.terms)
NUMBER, RESPONSE = "PAZWYRD6Z1B", "a648a7dd-0683-4eb9-a5b6-e6e307d4bedc"


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    """Serve from a database that an earlier build wrote."""
    documents = SqliteDocuments(tmp_path / "preauth.db")
    await documents.start(EARLIER)
    rows = [msgspec.json.decode(line, type=Document) for line in ROWS.read_text(encoding="utf-8").splitlines()]
    await documents.commit(*map(Insert, rows))
    async with serving(tmp_path, documents=documents) as server:
        yield server
    await documents.close()


async def test_a_request_without_a_quantity_means_one_and_its_grant_keeps_no_limit(server: Server) -> None:
    stored = await authorizations.by_id(server.system.documents, RESPONSE)
    assert stored is not None
    first, second, _ = stored.authorization.items
    assert (first.requested.quantity, first.requested.unit, first.consumed) == (Decimal(12), Unit("units"), Decimal(4))
    assert (second.requested.quantity, second.requested.order) == (Decimal(1), Order("ServiceRequest"))
    assert second.decision.granted is not None
    assert second.decision.granted.quantity is None


async def test_the_ledger_names_the_items_and_lines_by_number(server: Server) -> None:
    [entry] = await entries_of(server.system.documents, RESPONSE)
    assert (entry.item, entry.line, entry.units) == ("1", "1", Decimal(-4))


async def test_the_pended_item_is_decided_and_the_inquiry_finds_it(server: Server) -> None:
    assert actions((await decide(server, RESPONSE, ruling(3))).json()) == {1: "A1", 2: "A1", 3: "A1"}
    [found] = returned(await server.post("/Claim/$inquire", inquiry_bundle()))
    assert (found["id"], found["preAuthRef"]) == (RESPONSE, NUMBER)


async def test_a_start_replaces_the_row_of_the_earlier_worklist_by_a_task(server: Server) -> None:
    documents = server.system.documents
    assert await documents.get("worklist", RESPONSE) is None
    found = await task(server, RESPONSE)
    assert (found["status"], found["restriction"]) == ("requested", {"period": {"end": "2026-01-08T15:00:00.000Z"}})
    assert [row["id"] for row in await listed(server, "due=lt2026-01-09&_sort=due")] == [RESPONSE]
    await decide(server, RESPONSE, ruling(3))
    assert (await task(server, RESPONSE))["status"] == "completed"


async def test_a_start_deletes_the_row_of_the_earlier_worklist_that_has_a_task_or_no_work(server: Server) -> None:
    documents = server.system.documents
    await decide(server, RESPONSE, ruling(3))
    decided = await task(server, RESPONSE)
    await documents.commit(*(Insert(Document("worklist", id_, "{}", FORMER_TERMS)) for id_ in (RESPONSE, "unknown")))
    await replace_former_worklist(server.system)
    assert await former_rows(documents) == []
    assert await task(server, RESPONSE) == decided


async def test_bills_draw_on_the_units_that_are_left(server: Server) -> None:
    lines = [billed_line(1, quantity=8), billed_line(2, "97140", 3)]
    await server.post("/Claim/$submit", billing_claim(number=NUMBER, lines=lines), "biller")
    stored = await authorizations.by_id(server.system.documents, RESPONSE)
    assert stored is not None
    assert [item.consumed for item in stored.authorization.items] == [Decimal(12), Decimal(3), Decimal(0)]
