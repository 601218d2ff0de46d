"""A stay is certified before the admission, and extended while it lasts: its days are one authorization."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.api.reading import actions, notes
from tests.api.reviewing import decide, ruling
from tests.api.types.typed_items import HCPCS, billed, found_by_type, stay, stored, types_of
from tests.api.updating import cancelled, changed, sent, submitted, update_of
from tests.api.worklist.worklist import listed, task
from tests.support.samples import Json, billed_line, concept, request_bundle, request_item
from tests.support.server import Server

ADMITTED = stay(3, "2026-01-07")
"""Three days from January 5."""


def longer(days: int, last: str, certification: str = "4") -> Json:
    return changed(stay(days, last, certification=certification))


def days_billed(days: int, first: str, last: str) -> Json:
    """Build a line for days of the stay."""
    period = {"start": first, "end": last}
    line = billed_line(1, "H0017", quantity=days, day=None, servicedPeriod=period)
    return {**line, "productOrService": concept(HCPCS, "H0017")}


async def test_an_extension_adds_days_to_the_authorization_of_the_stay(server: Server) -> None:
    first = sent([ADMITTED])
    before = await submitted(server, first)
    assert (actions(before), before["preAuthPeriod"]) == ({1: "A1"}, {"start": "2026-01-05", "end": "2026-01-07"})
    assert types_of(await stored(server, before["id"])) == ["pre-certification"]
    server.clock.move(days=5)
    after = await submitted(server, update_of(first, [longer(5, "2026-01-09")]))
    assert (after["id"], after["preAuthRef"], actions(after)) == (before["id"], before["preAuthRef"], {1: "A1"})
    assert (after["preAuthPeriod"], after["disposition"]) == (
        {"start": "2026-01-05", "end": "2026-01-09"},
        "Concurrent review of care under way.",
    )
    assert await found_by_type(server, "ClaimResponse", "concurrent", "ehr-a") == [before["id"]]
    for days, start, end in ((3, "2026-01-05", "2026-01-07"), (2, "2026-01-08", "2026-01-09")):
        line = await billed(server, days_billed(days, start, end), before["preAuthRef"])
        assert (line.benefit, line.why) == (line.submitted, None)
    used_up = await billed(server, days_billed(1, "2026-01-09", "2026-01-09"), before["preAuthRef"])
    assert used_up.benefit[0] == Decimal(0)


async def test_a_longer_extension_waits_a_day_at_most_and_its_first_days_stay(server: Server) -> None:
    first = sent([ADMITTED])
    before = await submitted(server, first)
    server.clock.move(days=5)
    after = await submitted(server, update_of(first, [longer(8, "2026-01-12")]))
    assert (after["id"], actions(after)) == (before["id"], {1: "A4"})
    work = await task(server, before["id"])
    assert (types_of(work), work["restriction"]["period"]["end"]) == (["concurrent"], "2026-01-07T15:00:00.000Z")
    assert [row["id"] for row in await listed(server, "authorization-type=concurrent")] == [before["id"]]
    paid = await billed(server, days_billed(3, "2026-01-05", "2026-01-07"), before["preAuthRef"])
    assert (paid.benefit, paid.why) == (paid.submitted, None)
    granted = (await decide(server, before["id"], ruling(start="2026-01-05", end="2026-01-12"))).json()
    assert (actions(granted), granted["preAuthRef"]) == ({1: "A1"}, before["preAuthRef"])
    rest = await billed(server, days_billed(5, "2026-01-08", "2026-01-12"), before["preAuthRef"])
    assert (rest.benefit, rest.why) == (rest.submitted, None)


@pytest.mark.parametrize(
    ("item", "days", "type_"),
    [
        (longer(5, "2026-01-09", "I"), 5, "concurrent"),
        (longer(5, "2026-01-09"), 12, "retrospective"),
    ],
    ids=["no extension", "the stay is over"],
)
async def test_more_days_wait_for_a_reviewer_unless_they_extend_the_stay_in_time(
    server: Server, item: Json, days: int, type_: str
) -> None:
    first = sent([ADMITTED])
    response = (await submitted(server, first))["id"]
    server.clock.move(days=days)
    after = await submitted(server, update_of(first, [item]))
    assert actions(after) == {1: "A4"}
    assert types_of(await stored(server, response)) == [type_]


async def test_an_extension_of_nothing_is_a_new_request_and_its_answer_warns(server: Server) -> None:
    answer = await submitted(
        server, request_bundle(items=[stay(2, "2026-01-09", certification="4", first="2026-01-08")])
    )
    assert types_of(await stored(server, answer["id"])) == ["pre-certification"]
    [warning] = [note["text"] for note in answer["processNote"] if "extend no request here" in note["text"]]
    assert warning.startswith("Bundle.entry[0].resource.item: ")


async def test_an_extension_code_on_a_stay_without_a_grant_skips_no_review(server: Server) -> None:
    begun = request_bundle(items=[stay(5, "2026-01-04", certification="4", first="2025-12-31")])
    answer = await submitted(server, begun)
    assert actions(answer) == {1: "A4"}
    assert types_of(await stored(server, answer["id"])) == ["retrospective"]


async def test_an_extension_code_on_a_stay_that_still_waits_skips_no_review(server: Server) -> None:
    first = sent([stay(7, "2026-01-11")])
    assert actions(await submitted(server, first)) == {1: "A4"}
    assert actions(await submitted(server, update_of(first, [longer(5, "2026-01-09")]))) == {1: "A4"}


async def test_an_item_that_an_update_adds_extends_no_grant_of_another_service(server: Server) -> None:
    scan = request_item(1, "72148", 2)
    first = sent([scan])
    await submitted(server, first)
    added = {**longer(5, "2026-01-09"), "sequence": 2}
    response = await submitted(server, update_of(first, [scan, added]))
    assert actions(response) == {1: "A4", 2: "A4"}


async def test_a_stay_that_is_withdrawn_is_not_extended_by_the_same_update(server: Server) -> None:
    first = sent([ADMITTED])
    before = await submitted(server, first)
    server.clock.move(days=5)
    await billed(server, days_billed(3, "2026-01-05", "2026-01-07"), before["preAuthRef"])
    added = {**changed(stay(5, "2026-01-11", certification="4", first="2026-01-07")), "sequence": 2}
    response = await submitted(server, update_of(first, [cancelled(ADMITTED), added]))
    assert actions(response) == {1: "C", 2: "A4"}


async def test_a_stay_that_has_ended_is_not_extended_by_a_new_one(server: Server) -> None:
    first = sent([stay(1, "2026-01-05")])
    assert actions(await submitted(server, first)) == {1: "A1"}
    server.clock.move(days=60)
    added = {**changed(stay(4, "2026-03-09", certification="4", first="2026-03-06")), "sequence": 2}
    response = await submitted(server, update_of(first, [stay(1, "2026-01-05"), added]))
    assert actions(response) == {1: "A1", 2: "A4"}


async def test_an_admission_that_has_begun_waits_for_a_reviewer(server: Server) -> None:
    answer = await submitted(server, request_bundle(items=[stay(3, "2026-01-02", first="2025-12-31")]))
    assert actions(answer) == {1: "A4"}
    assert types_of(await stored(server, answer["id"])) == ["concurrent"]
    assert "A clinician compares it with a lower level of care" in " ".join(notes(answer, answer["item"][0]))


async def test_a_planned_admission_of_a_week_waits_for_a_reviewer(server: Server) -> None:
    answer = await submitted(server, request_bundle(items=[stay(7, "2026-01-11")]))
    assert (actions(answer), answer["disposition"]) == ({1: "A4"}, "Pre-certification of an admission.")
