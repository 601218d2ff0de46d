"""A nurse proposes, a physician signs: until then the provider sees the item as pended."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.reading import actions, issues, returned
from tests.api.review.terms import COSIGN, under
from tests.api.reviewing import Json, decide, pended, ruling, ruling_on_all
from tests.api.trail import events
from tests.api.updating import added, sent, submitted, update_of
from tests.api.worklist.worklist import act, inputs, listed, task
from tests.support.samples import inquiry_bundle, request_item
from tests.support.server import Server
from tests.support.subscribing import Endpoint, subscribed, work

DENY: dict[str, Any] = {"action": "deny", "reason": "not-medically-necessary"}
SIGN = ruling(1, "sign")
UNDO = ruling(1, "undo")
DRAFT = {"name": "draft", "valueBoolean": True}


@pytest.fixture
async def server(tmp_path: Path, endpoint: Endpoint) -> AsyncIterator[Server]:
    async with under(tmp_path, COSIGN, notifier=endpoint) as running:
        yield running


async def seen(server: Server, response: str) -> dict[int, str]:
    """Return the review actions that the provider reads and inquires."""
    read = (await server.get(f"/ClaimResponse/{response}")).json()
    [inquired] = returned(await server.post("/Claim/$inquire", inquiry_bundle(items=[])))
    assert actions(read) == actions(inquired)
    return actions(read)


async def test_the_denial_of_a_nurse_waits_for_a_physician_who_signs_it(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server)
    response = await pended(server)
    proposed = await decide(server, response, ruling(**DENY))
    assert (proposed.status_code, actions(proposed.json())) == (200, {1: "A4"})
    assert await seen(server, response) == {1: "A4"}
    await work(server)
    assert endpoint.events == []
    signed = await decide(server, response, SIGN, client="physician")
    assert (signed.status_code, actions(signed.json())) == (200, {1: "A3"})
    assert await seen(server, response) == {1: "A3"}
    await work(server)
    assert [actions(event.answer) for event in endpoint.events] == [{1: "A3"}]


async def test_a_proposal_is_a_task_for_a_second_person(server: Server) -> None:
    response = await pended(server)
    await act(server, "take", response)
    await decide(server, response, ruling(**DENY))
    [waiting] = await listed(server, "code=co-signature&status=requested", "physician")
    assert (waiting["id"], "owner" in waiting) == (response, False)
    assert inputs(waiting)["decision-proposed"] == ["1: A3 (not-medically-necessary) by reviewer (reviewer), signature"]
    await decide(server, response, SIGN, client="physician")
    done = await task(server, response)
    assert done["status"] == "completed"
    signed = "1: A3 (not-medically-necessary) by reviewer (reviewer), signed by physician (physician)"
    assert [output["valueString"] for output in done["output"]] == [signed]


async def test_the_trail_names_both_persons(server: Server) -> None:
    response = await pended(server)
    await decide(server, response, ruling(**DENY))
    await decide(server, response, SIGN, client="physician")
    _, proposed, signed = events(server, response)
    assert (proposed["client"], signed["client"]) == ("reviewer", "physician")
    assert (proposed["state"], signed["state"]) == ("information-requested", "denied")
    assert proposed["items"][0]["proposed"] == {
        "action": "A3",
        "reasons": ["not-medically-necessary"],
        "stage": "signature",
    }
    assert "proposed" not in signed["items"][0]


@pytest.mark.parametrize("client", ["reviewer", "admin"])
async def test_only_a_physician_signs(server: Server, client: str) -> None:
    response = await pended(server)
    await decide(server, response, ruling(**DENY))
    refused = await decide(server, response, SIGN, client=client)
    assert (refused.status_code, issues(refused)[0]["expression"]) == (403, ["Parameters.parameter[0]"])
    assert await seen(server, response) == {1: "A4"}


@pytest.mark.parametrize(
    ("rule", "client"),
    [
        (ruling(**DENY), "physician"),
        (ruling(1, "deny", reason="not-covered"), "reviewer"),
        (ruling(), "reviewer"),
        (ruling(1, "partly-certify", quantity=1), "reviewer"),
    ],
)
async def test_other_decisions_count_at_once(server: Server, rule: Json, client: str) -> None:
    response = await pended(server)
    decided = await decide(server, response, rule, client=client)
    assert decided.status_code == 200
    assert await seen(server, response) == actions(decided.json()) != {1: "A4"}


async def test_one_clinical_reason_beside_an_administrative_one_needs_the_signature(server: Server) -> None:
    response = await pended(server)
    await decide(server, response, ruling(1, "deny", reason=["not-covered", "not-medically-necessary"]))
    assert await seen(server, response) == {1: "A4"}


async def test_a_physician_decides_otherwise_than_proposed(server: Server) -> None:
    response = await pended(server)
    await decide(server, response, ruling(**DENY))
    assert actions((await decide(server, response, ruling(), client="physician")).json()) == {1: "A1"}


async def test_a_proposal_that_is_undone_leaves_the_item_to_a_reviewer(server: Server) -> None:
    response = await pended(server)
    await decide(server, response, ruling(**DENY))
    undone = await decide(server, response, UNDO, client="physician")
    assert undone.status_code == 200
    assert [row["id"] for row in await listed(server, "code=review&status=requested")] == [response]
    assert (await decide(server, response, SIGN, client="physician")).status_code == 409
    assert (await decide(server, response, UNDO)).status_code == 409


async def test_a_draft_waits_for_its_person_and_cannot_be_signed(server: Server) -> None:
    response = await pended(server)
    drafted = await decide(server, response, ruling(), DRAFT)
    assert (drafted.status_code, actions(drafted.json())) == (200, {1: "A4"})
    assert inputs(await task(server, response))["decision-proposed"] == ["1: A1 by reviewer (reviewer), draft"]
    assert (await task(server, response))["code"]["coding"][0]["code"] == "review"
    assert (await decide(server, response, SIGN, client="physician")).status_code == 409
    assert actions((await decide(server, response, ruling())).json()) == {1: "A1"}


async def test_all_proposals_are_signed_at_once(server: Server) -> None:
    response = await pended(server, items=[request_item(number, "72148", 2) for number in (1, 2, 3)])
    await decide(server, response, ruling(**DENY), ruling(2, **DENY))
    signed = await decide(server, response, ruling_on_all("sign"), client="physician")
    assert actions(signed.json()) == {1: "A3", 2: "A3", 3: "A4"}
    assert (await decide(server, response, ruling_on_all("sign"), client="physician")).status_code == 409


async def test_an_update_ends_a_proposal_that_has_not_seen_it(server: Server) -> None:
    items = [request_item(1, "72148", 2)]
    body = sent(items)
    response = (await submitted(server, body))["id"]
    await decide(server, response, ruling(**DENY))
    await submitted(server, update_of(body, [*items, added(request_item(2, "97110", 4))]))
    assert (await decide(server, response, SIGN, client="physician")).status_code == 409
    assert "decision-proposed" not in inputs(await task(server, response))


async def test_a_stale_signature_is_refused(server: Server) -> None:
    response = await pended(server)
    await decide(server, response, ruling(**DENY))
    await decide(server, response, ruling(**DENY, note="Another text."))
    refused = await decide(server, response, SIGN, client="physician", **{"If-Match": 'W/"2"'})
    assert refused.status_code == 412


@pytest.mark.parametrize(
    "rulings",
    [
        [ruling(1, "sign", note="Agreed.")],
        [ruling(1, "undo", reason="not-covered")],
        [ruling_on_all("sign", end="2026-12-31")],
        [SIGN, DRAFT],
        [UNDO, DRAFT],
        [ruling(), {"name": "draft", "valueString": "yes"}],
    ],
)
async def test_a_signature_has_no_other_parts(server: Server, rulings: list[Json]) -> None:
    refused = await decide(server, await pended(server), *rulings, client="physician")
    assert refused.status_code == 422
    assert issues(refused)[0]["expression"]
