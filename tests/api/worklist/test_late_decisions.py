"""A decision after its due time is marked as late: in the record, in the trail and in the answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.records import authorizations
from app.workflow.due.perform import perform_due
from tests.api.reading import returned
from tests.api.review.terms import GRACE, under
from tests.api.reviewing import decide, pended, ruling
from tests.api.trail import events
from tests.api.updating import MRI, THERAPY, added, cancelled, sent, submitted, update_of
from tests.api.worklist.worklist import task
from tests.support.samples import inquiry_bundle, request_item
from tests.support.server import Server

LATE = "This decision came after it was due."
INJECTION = request_item(3, code="62323", quantity=1)


def texts(resource: dict[str, Any]) -> list[str]:
    return [note["text"] for note in resource.get("processNote", [])]


async def late_items(server: Server, response: str) -> list[str]:
    stored = await authorizations.by_id(server.system.documents, response)
    assert stored is not None
    return [item.requested.number for item in stored.authorization.items if item.decision.late]


@pytest.mark.parametrize(
    "decided", [ruling(), ruling(action="deny", reason="not-medically-necessary")], ids=["certify", "deny"]
)
async def test_a_late_decision_is_marked_in_record_trail_and_answer(server: Server, decided: dict[str, Any]) -> None:
    response = await pended(server)
    server.clock.move(days=7, seconds=1)
    answer = await decide(server, response, decided, **{"If-Match": "*"})
    assert LATE in texts(answer.json()), answer.text
    assert await late_items(server, response) == ["1"]
    [item] = events(server, response)[-1]["items"]
    assert item["late"] is True
    [found] = returned(await server.post("/Claim/$inquire", inquiry_bundle()))
    assert LATE in texts(found)


@pytest.mark.parametrize(("wait", "late"), [({"seconds": 1}, []), ({"days": 1}, ["1"])], ids=["worker", "stop"])
async def test_a_decision_that_is_released_before_its_due_time_is_in_time(
    tmp_path: Path, wait: dict[str, float], late: list[str]
) -> None:
    """A server that was down at the due time has sent the decision late."""
    async with under(tmp_path, GRACE) as server:
        response = await pended(server)
        server.clock.move(days=7, minutes=-5)
        await decide(server, response, ruling(), **{"If-Match": "*"})
        assert await perform_due(server.system) is False
        server.clock.move(minutes=4)
        server.clock.move(**wait)
        await perform_due(server.system)
        assert await late_items(server, response) == late
        assert (await task(server, response))["status"] == "completed"


async def test_a_decision_at_its_due_time_is_in_time(server: Server) -> None:
    response = await pended(server)
    server.clock.move(days=7)
    answer = await decide(server, response, ruling(), **{"If-Match": "*"})
    assert LATE not in texts(answer.json())
    assert "late" not in events(server, response)[-1]["items"][0]


async def test_only_the_item_that_is_decided_late_is_marked(server: Server) -> None:
    response = await pended(server, items=[request_item(1, "72148", 2), request_item(2, "62323", 1)])
    await decide(server, response, ruling(1), **{"If-Match": "*"})
    server.clock.move(days=8)
    await decide(server, response, ruling(2), **{"If-Match": "*"})
    assert await late_items(server, response) == ["2"]


async def test_a_late_mark_stays_with_its_decision(server: Server) -> None:
    request = sent([THERAPY, MRI])
    response = (await submitted(server, request))["id"]
    server.clock.move(days=8)
    await decide(server, response, ruling(2), **{"If-Match": "*"})
    await submitted(server, update_of(request, [THERAPY, MRI, added(INJECTION)]))
    assert await late_items(server, response) == ["2"]


async def test_a_cancellation_by_the_submitter_gets_no_late_mark(server: Server) -> None:
    request = sent([MRI])
    response = (await submitted(server, request))["id"]
    server.clock.move(days=8)
    await submitted(server, update_of(request, [cancelled(MRI)]))
    assert await late_items(server, response) == []
