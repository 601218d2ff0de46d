"""A bill draws only while the ledger's entries add up to the authorization's record."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.adapters.memory import MemoryDocuments
from app.ports import Delete
from app.records import ledger
from tests.api.bills.scenario_answer import lines_of
from tests.api.bills.scenario_bodies import bill_of, using_up
from tests.api.bills.scenario_play import BILLED, Asked, authorize, created, serving_payers, typed
from tests.support.samples import Json
from tests.support.server import Server


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving_payers(tmp_path, MemoryDocuments()) as running:
        yield running


async def test_a_bill_is_not_answered_while_an_entry_is_missing_or_too_many(server: Server) -> None:
    asked = await authorize(server, "AU1")
    server.clock.instant = BILLED
    await created(server, bill(asked, "FIRST"))
    documents = server.system.documents
    [entry] = await ledger.entries_of(documents, asked.id)

    await documents.commit(Delete(ledger.KIND, entry.id, 1))
    await assert_refused(server, asked)
    await documents.commit(ledger.entry_insert(entry), ledger.entry_insert(replace(entry, id="another")))
    await assert_refused(server, asked)
    await documents.commit(Delete(ledger.KIND, "another", 1))

    response = await server.post("/Claim/$submit", bill(asked, "SECOND"), client="biller")
    assert response.status_code == 200
    assert [line.benefit[0] for line in lines_of(response.json())] == [4]
    assert [each.units for each in await ledger.entries_of(documents, asked.id)] == [-4, -4]


async def assert_refused(server: Server, asked: Asked) -> None:
    response = await server.post("/Claim/$submit", bill(asked, "SECOND"), client="biller")
    assert response.status_code == 503
    assert "Retry-After" in response.headers


def bill(asked: Asked, identifier: str) -> Json:
    return bill_of(using_up("AU1", 4, ("76",)), identifier, typed({"AU1": asked}))
