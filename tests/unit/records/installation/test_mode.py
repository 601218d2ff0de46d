"""A store carries the mode of its first server."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from app.adapters.memory import MemoryDocuments
from app.ports import Delete
from app.records.installation.mode import KIND, claim_store, mode_of
from app.records.kinds import TERM_TABLE
from app.workflow.master.payers import register_payers
from tests.support.server import shipped_system


async def opened() -> MemoryDocuments:
    documents = MemoryDocuments()
    await documents.start(TERM_TABLE)
    return documents


@pytest.mark.parametrize(("demo", "mode"), [(True, "demo"), (False, "production")])
async def test_an_unused_store_takes_the_mode_and_refuses_the_other(demo: bool, mode: str) -> None:
    documents = await opened()
    assert await mode_of(documents) is None
    await claim_store(documents, demo=demo)
    await claim_store(documents, demo=demo)
    assert await mode_of(documents) == mode
    with pytest.raises(RuntimeError, match=f"The store belongs to a server in mode {mode}"):
        await claim_store(documents, demo=not demo)
    assert await mode_of(documents) == mode


async def test_a_store_of_0_1_0_counts_as_a_demo() -> None:
    documents = await opened()
    await register_payers(replace(shipped_system(), documents=documents))
    with pytest.raises(RuntimeError, match="in mode demo"):
        await claim_store(documents, demo=False)
    await claim_store(documents, demo=True)
    await documents.commit(Delete(KIND, KIND, 1))
    assert await mode_of(documents) == "demo"


async def test_two_servers_of_different_modes_at_once_leave_one() -> None:
    documents = await opened()
    claims = [claim_store(documents, demo=demo) for demo in (True, False)]
    refused = [result for result in await asyncio.gather(*claims, return_exceptions=True) if result]
    assert [type(result) for result in refused] == [RuntimeError]
