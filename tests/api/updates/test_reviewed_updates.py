"""A reviewer decides on an updated request: what was granted before stays until a decision replaces it."""

from __future__ import annotations

from tests.api.reading import actions, notes
from tests.api.reviewing import decide, ruling
from tests.api.updating import (
    MRI,
    THERAPY,
    added,
    sent,
    submitted,
    units,
    update_of,
)
from tests.support.samples import request_item
from tests.support.server import Server

ONE_MRI = request_item(2, code="72148", quantity=1, period=("2026-12-01", "2027-01-29"))


async def test_a_reviewer_decides_a_pended_change_and_the_earlier_grant_stays_until_then(server: Server) -> None:
    request = sent([ONE_MRI])
    before = await submitted(server, request)
    pended = await submitted(server, update_of(request, [units(ONE_MRI, 2)]))
    assert (actions(pended), pended["preAuthRef"]) == ({2: "A4"}, before["preAuthRef"])
    assert "The earlier authorization stays: 1 units from 2026-12-01 until 2027-01-29." in notes(
        pended, pended["item"][0]
    )
    decided = (await decide(server, before["id"], ruling(2, "certify"))).json()
    assert (actions(decided), decided["preAuthRef"]) == ({2: "A1"}, before["preAuthRef"])


async def test_a_reviewer_s_grant_of_more_includes_the_earlier_grant_and_its_first_day(server: Server) -> None:
    request = sent([ONE_MRI])
    await submitted(server, request)
    server.clock.move(days=345)
    pended = await submitted(server, update_of(request, [units(ONE_MRI, 3)]))
    assert "2026-12-01" < server.clock.now().date().isoformat() < "2027-01-29"
    part = ruling(2, "partly-certify", quantity=2, end="2026-12-31", reason="fewer-units")
    refused = await decide(server, pended["id"], part)
    assert (refused.status_code, "The grant must include the earlier one: 1 units" in refused.text) == (422, True)
    decided = (await decide(server, pended["id"], ruling(2, "certify"))).json()
    assert (actions(decided), decided["preAuthPeriod"]) == ({2: "A1"}, {"start": "2026-12-01", "end": "2027-01-29"})


async def test_an_added_item_is_granted_from_the_day_of_its_update(server: Server) -> None:
    started = request_item(2, code="72148", quantity=2, period=("2026-01-05", "2026-03-01"))
    request = sent([{**THERAPY, "servicedPeriod": {"start": "2026-01-05", "end": "2026-03-01"}}])
    first = request["entry"][0]["resource"]["item"]
    await submitted(server, request)
    server.clock.move(days=30)
    pended = await submitted(server, update_of(request, [*first, added(started)]))
    decided = (await decide(server, pended["id"], ruling(2, "certify"))).json()
    assert actions(decided) == {1: "A1", 2: "A6"}
    [granted] = decided["addItem"]
    assert granted["servicedPeriod"]["start"] == "2026-01-31"


async def test_a_denied_change_leaves_the_earlier_grant_as_a_part_of_the_request(server: Server) -> None:
    request = sent([ONE_MRI])
    before = await submitted(server, request)
    await submitted(server, update_of(request, [units(ONE_MRI, 2)]))
    denied = await decide(server, before["id"], ruling(2, "deny", reason="not-medically-necessary"))
    assert denied.status_code == 200, denied.text
    assert (actions(denied.json()), denied.json()["preAuthRef"]) == ({2: "A6"}, before["preAuthRef"])
    [granted] = denied.json()["addItem"]
    assert granted["quantity"]["value"] == 1


async def test_a_pended_item_stays_due_at_its_time_and_is_reviewed_with_new_documents(server: Server) -> None:
    request = sent([MRI])
    before = await submitted(server, request)
    server.clock.move(days=2)
    after = await submitted(server, update_of(request, [MRI, added(THERAPY)]))
    due = [text for text in notes(before, before["item"][0]) if "is due by" in text]
    assert due
    assert due == [text for text in notes(after, after["item"][0]) if "is due by" in text]
