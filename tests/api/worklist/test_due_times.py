"""A decision is due by the clock of the member's program, which starts when the request comes."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.adapters.memory import MemoryDocuments
from app.policy.policy_text import parse_policy
from app.ports import Document
from app.records import authorizations
from tests.api.reviewing import pended
from tests.api.worklist.worklist import task
from tests.policies.builders import TABLES, policy_text, rule
from tests.support.samples import concept
from tests.support.server import START, HeldClock, Server, serving

PEND = rule("{action: pend, reason: level-of-care}")
STAT = concept("http://terminology.hl7.org/CodeSystem/processpriority", "stat")


def due(resource: dict[str, dict[str, dict[str, str]]]) -> datetime:
    return datetime.fromisoformat(resource["restriction"]["period"]["end"])


class Slow(MemoryDocuments):
    """A store whose reads take an hour each, once it has a clock."""

    clock: HeldClock | None = None

    async def get(self, kind: str, id: str) -> Document | None:  # noqa: A002
        if self.clock is not None:
            self.clock.move(hours=1)
        return await super().get(kind, id)


async def test_the_clock_starts_when_the_request_comes_and_not_when_its_review_begins(tmp_path: Path) -> None:
    documents = Slow()
    async with serving(tmp_path, documents=documents) as server:
        documents.clock = server.clock
        response = await pended(server)
        documents.clock = None
        assert server.clock.now() > START
        assert due(await task(server, response)) == START + timedelta(days=7)
        stored = await authorizations.by_id(documents, response)
        assert stored is not None
        assert stored.authorization.clock is not None
        assert stored.authorization.clock.started == START


@pytest.mark.parametrize(
    ("program", "standard", "expedited"),
    [("medicare-advantage", 7 * 24, 72), ("chip", 7 * 24, 72), ("qhp", 15 * 24, 72), ("commercial", 15 * 24, 72)],
)
async def test_the_program_of_the_policy_sets_the_due_time(
    tmp_path: Path, program: str, standard: int, expedited: int
) -> None:
    text = policy_text(PEND, more=f"programs: [{{program: {program}}}]").replace('"1"', '"1234567893"')
    policy = parse_policy(text, "test.yaml", TABLES)
    async with serving(tmp_path, policies={policy.name: policy}) as server:
        assert await hours(server, policy.name) == standard
        assert await hours(server, policy.name, claim={"priority": STAT}, identifier="REQ-2") == expedited


async def hours(server: Server, payer: str, **changes: Any) -> int:
    """Submit a request, and return the hours until its decision is due."""
    response = await pended(server, **changes)
    stored = await authorizations.by_id(server.system.documents, response)
    assert stored is not None
    assert stored.authorization.payer == payer
    assert stored.authorization.due is not None
    return round((stored.authorization.due - START) / timedelta(hours=1))
