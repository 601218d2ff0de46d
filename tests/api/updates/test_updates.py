"""An update of a request changes the payer's record of it; the answer has the current result of each submitted item."""

from __future__ import annotations

import pytest

from app.records.authorizations import by_id
from tests.api.reading import action, actions
from tests.api.trail import events, trail
from tests.api.updating import (
    DENIED,
    MRI,
    THERAPY,
    WHOLE,
    added,
    cancelled,
    changed,
    previous_numbers,
    sent,
    submitted,
    units,
    update_of,
)
from tests.support.samples import Json, concept, request_item
from tests.support.server import Server

LONGER = {"servicedPeriod": {"start": "2026-12-01", "end": "2027-04-30"}}
LATER = {"servicedPeriod": {"start": "2026-12-15", "end": "2027-02-28"}}
ONE_MRI = request_item(2, code="72148", quantity=1, period=("2026-12-01", "2027-01-29"))


@pytest.mark.requirement("pas-2.2.1/spec-46")
async def test_an_added_item_is_reviewed_and_the_decided_one_stays(server: Server) -> None:
    first = sent([THERAPY])
    before = await submitted(server, first)
    after = await submitted(server, update_of(first, [THERAPY, added(MRI)]))
    assert actions(after) == {1: "A1", 2: "A4"}
    assert (after["id"], after["preAuthRef"]) == (before["id"], before["preAuthRef"])
    kept = (await server.get(f"/ClaimResponse/{before['id']}")).json()
    assert (actions(kept), kept["meta"]["versionId"]) == (actions(after), "2")
    claim = (await server.get(f"/{kept['request']['reference']}")).json()
    assert ([item["sequence"] for item in claim["item"]], claim["meta"]["versionId"]) == ([1, 2], "2")


CASES: dict[str, tuple[list[Json], list[Json], dict[int, str], str]] = {
    "nothing changes": ([THERAPY], [THERAPY], {1: "A1"}, "kept"),
    "a pended item is added": ([THERAPY], [THERAPY, added(MRI)], {1: "A1", 2: "A4"}, "kept"),
    "a denied item is added": ([THERAPY], [THERAPY, added(DENIED)], {1: "A1", 3: "A3"}, "kept"),
    "an item is added without a flag": ([THERAPY], [THERAPY, MRI], {1: "A1", 2: "A4"}, "kept"),
    "an item is added to a pended one": ([MRI], [MRI, added(THERAPY)], {1: "A1", 2: "A4"}, "new"),
    "a cancelled item is added": ([THERAPY], [THERAPY, cancelled(MRI)], {1: "A1", 2: "C"}, "kept"),
    "more units than the rule grants": ([THERAPY], [units(THERAPY, 40)], {1: "A6"}, "kept"),
    "more units without a flag": (
        [THERAPY],
        [{**THERAPY, "quantity": {"value": 40, "unit": "units"}}],
        {1: "A6"},
        "kept",
    ),
    "more units pend": ([ONE_MRI], [units(ONE_MRI, 2)], {2: "A4"}, "kept"),
    "fewer units": ([THERAPY], [units(THERAPY, 6)], {1: "A1"}, "replaced"),
    "a flag without a change": ([THERAPY], [changed(THERAPY)], {1: "A1"}, "kept"),
    "a longer period than the rule grants": ([THERAPY], [changed(THERAPY, **LONGER)], {1: "A6"}, "kept"),
    "a later first day": ([THERAPY], [changed(THERAPY, **LATER)], {1: "A1"}, "replaced"),
    "one of two granted items is cancelled": (
        [THERAPY, ONE_MRI],
        [THERAPY, cancelled(ONE_MRI)],
        {1: "A1", 2: "C"},
        "replaced",
    ),
    "the only granted item is cancelled": ([THERAPY, MRI], [cancelled(THERAPY), MRI], {1: "C", 2: "A4"}, "gone"),
    "a pended item is cancelled": ([THERAPY, MRI], [THERAPY, cancelled(MRI)], {1: "A1", 2: "C"}, "kept"),
    "a denied item is cancelled": ([THERAPY, DENIED], [THERAPY, cancelled(DENIED)], {1: "A1", 3: "A3"}, "kept"),
    "one changes, one is cancelled, one is added": (
        [THERAPY, ONE_MRI],
        [units(THERAPY, 6), cancelled(ONE_MRI), added(DENIED)],
        {1: "A1", 2: "C", 3: "A3"},
        "replaced",
    ),
}


@pytest.mark.parametrize(("first", "then", "decisions", "number"), CASES.values(), ids=CASES)
@pytest.mark.requirement("pas-2.2.1/spec-46")
async def test_the_answer_to_an_update_has_the_result_of_each_submitted_item(
    server: Server, first: list[Json], then: list[Json], decisions: dict[int, str], number: str
) -> None:
    request = sent(first)
    before = await submitted(server, request)
    after = await submitted(server, update_of(request, then))
    assert (actions(after), after["id"], after["outcome"]) == (decisions, before["id"], "complete")
    former, now = before.get("preAuthRef"), after.get("preAuthRef")
    happened = "kept" if former == now else "new" if former is None else "gone" if now is None else "replaced"
    assert happened == number
    granted = {item["itemSequence"] for item in before["item"] if action(item) in {"A1", "A6"}}
    assert previous_numbers(after) == (dict.fromkeys(granted, former) if number in {"gone", "replaced"} else {})
    stored = await by_id(server.system.documents, before["id"])
    assert stored is not None
    assert stored.authorization.former_numbers == ((former,) if number in {"gone", "replaced"} else ())


REFUSED: dict[str, tuple[list[Json], list[list[Json]], dict[int, str], str]] = {
    "another service": (
        [THERAPY],
        [[changed(THERAPY, productOrService=concept("http://www.ama-assn.org/go/cpt", "97140"))]],
        {1: "A1"},
        "Item 1 must keep its service.",
    ),
    "a denied item of a partly granted request": (
        [THERAPY, DENIED],
        [[THERAPY, units(DENIED, 5)]],
        {1: "A1", 3: "A3"},
        "Item 3 was denied",
    ),
    "a cancelled item": (
        [THERAPY, ONE_MRI],
        [[THERAPY, cancelled(ONE_MRI)], [THERAPY, ONE_MRI]],
        {1: "A1", 2: "C"},
        "Item 2 was cancelled",
    ),
}


@pytest.mark.parametrize(("first", "updates", "decisions", "text"), REFUSED.values(), ids=REFUSED)
async def test_a_change_that_no_update_can_make_is_an_error_and_the_item_stays(
    server: Server, first: list[Json], updates: list[list[Json]], decisions: dict[int, str], text: str
) -> None:
    request = sent(first)
    answer = await submitted(server, request)
    for items in updates:
        request = update_of(request, items)
        answer = await submitted(server, request)
    assert (actions(answer), answer["outcome"]) == (decisions, "partial")
    [error] = answer["error"]
    assert error["code"]["text"].startswith(text)
    assert error["code"]["coding"][0]["code"] == "33"


@pytest.mark.scenario("S-60")
@pytest.mark.requirement("pas-2.2.1/spec-64")
@pytest.mark.parametrize("claim", [{}, {"extension": [WHOLE]}], ids=["change", "cancellation"])
async def test_a_denied_request_needs_a_new_request(server: Server, claim: Json) -> None:
    request = sent([DENIED])
    before = await submitted(server, request)
    refused = await submitted(server, update_of(request, [units(DENIED, 5)], claim=claim))
    assert (refused["outcome"], refused.get("item"), refused["id"] != before["id"]) == ("error", None, True)
    [error] = refused["error"]
    assert (error["code"]["coding"][0]["code"], error["code"]["text"][:23]) == ("NC", "The request was denied,")
    kept = (await server.get(f"/ClaimResponse/{before['id']}")).json()
    assert (actions(kept), kept["meta"]["versionId"]) == ({3: "A3"}, "1")
    assert trail(server, refused["id"])["refused_update_of"] == before["id"]


async def test_a_cancelled_request_needs_a_new_request(server: Server) -> None:
    request = sent([THERAPY])
    await submitted(server, request)
    cancellation = update_of(request, [THERAPY], claim={"extension": [WHOLE]})
    assert actions(await submitted(server, cancellation)) == {1: "C"}
    again = update_of(cancellation, [THERAPY], claim={"extension": [WHOLE]})
    assert actions(await submitted(server, again)) == {1: "C"}
    refused = await submitted(server, update_of(again, [cancelled(THERAPY), added(MRI)]))
    assert (refused["outcome"], "item" in refused) == ("error", False)


async def test_a_flag_of_value_false_cancels_nothing(server: Server) -> None:
    request = sent([THERAPY])
    await submitted(server, request)
    [flag] = cancelled(THERAPY)["modifierExtension"]
    update = update_of(request, [{**THERAPY, "modifierExtension": [{**flag, "valueBoolean": False}]}])
    assert actions(await submitted(server, update)) == {1: "A1"}


async def test_each_version_is_kept_as_evidence_and_in_the_trail(server: Server) -> None:
    request = sent([THERAPY])
    before = await submitted(server, request)
    update = update_of(request, [THERAPY, added(MRI)])
    await submitted(server, update)
    stored = await by_id(server.system.documents, before["id"])
    assert stored is not None
    [submission] = stored.authorization.submissions
    kept = await server.system.documents.get("submission", submission)
    assert kept is not None
    assert "UPDATE-0002" in kept.body
    [event] = [row for row in events(server, before["id"]) if row["action"] == "update"]
    assert event["submission"] == submission
    assert event["changes"] == {"added": ["2"], "kept": ["1"]}


async def test_an_update_sent_again_gets_its_first_answer(server: Server) -> None:
    request = sent([THERAPY])
    await submitted(server, request)
    update = update_of(request, [THERAPY, added(MRI)])
    first = await server.post("/Claim/$submit", update)
    again = update_of(update, [cancelled(THERAPY), MRI])
    assert actions(await submitted(server, again)) == {1: "C", 2: "A4"}
    assert (await server.post("/Claim/$submit", update)).content == first.content
