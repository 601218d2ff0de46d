"""Assertions that were used: none is good again, whatever the clocks of the servers say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.access.smart.assertion import SKEW
from app.adapters.memory import MemoryDocuments
from app.ports import Conflict
from app.records.kinds import TERM_TABLE
from app.records.smart.used import use_once
from app.safety.clock import FAR_OFF

EXPIRES = datetime(2026, 1, 1, 15, tzinfo=UTC)


async def test_a_server_with_a_fast_clock_remembers_assertions_that_a_slow_one_accepts() -> None:
    documents = MemoryDocuments()
    await documents.start(TERM_TABLE)
    last = EXPIRES + timedelta(seconds=SKEW)
    await use_once(documents, "ehr", "1", last, EXPIRES.timestamp())
    fast = last + 2 * FAR_OFF
    await use_once(documents, "ehr", "2", fast, fast.timestamp())
    with pytest.raises(Conflict):
        await use_once(documents, "ehr", "1", last, EXPIRES.timestamp())
