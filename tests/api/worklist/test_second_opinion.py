"""A reviewer asks a colleague for a second opinion, who answers with a note for the staff."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.reading import administration_number, issues
from tests.api.review.terms import COSIGN, under
from tests.api.reviewing import decide, pended, ruling
from tests.api.trail import events
from tests.api.types.test_appeals import appeal_of
from tests.api.updating import added, sent, submitted, update_of
from tests.api.worklist.worklist import Json, act, listed, task
from tests.support.samples import request_item
from tests.support.server import Server

ASKED = {"owner": "medical-director", "purpose": "second-opinion", "note": "Is surgery needed so early?"}


def code(resource: Json) -> str:
    return str(resource["code"]["coding"][0]["code"])


async def test_a_colleague_answers_with_a_note(server: Server) -> None:
    response = await pended(server)
    await act(server, "take", response)
    asked = await act(server, "assign", response, version="2", **ASKED)
    assert asked.status_code == 200, asked.text
    [waiting] = await listed(server, "code=second-opinion&owner:identifier=medical-director")
    assert (waiting["id"], waiting["note"][0]["text"]) == (response, ASKED["note"])
    back = {"owner": "case-reviewer", "note": "Yes, after eight weeks of therapy."}
    answered = (await act(server, "assign", response, "admin", version="3", **back)).json()
    assert (code(answered), answered["owner"]["identifier"]["value"]) == ("review", "case-reviewer")
    assert [(note["authorString"], note["text"]) for note in answered["note"]] == [
        ("reviewer", ASKED["note"]),
        ("admin", back["note"]),
    ]


async def test_a_release_ends_the_second_opinion_and_keeps_the_note(server: Server) -> None:
    response = await pended(server)
    await act(server, "assign", response, **ASKED)
    released = (await act(server, "release", response, "admin", version="2", note="On leave.")).json()
    assert (code(released), "owner" in released, len(released["note"])) == ("review", False, 2)


async def test_an_update_keeps_the_question_and_a_decision_ends_it(server: Server) -> None:
    items = [request_item(1, "72148", 2)]
    body = sent(items)
    response = (await submitted(server, body))["id"]
    await act(server, "assign", response, **ASKED)
    await submitted(server, update_of(body, [*items, added(request_item(2, "72148", 1))]))
    kept = await task(server, response)
    assert (code(kept), kept["owner"]["identifier"]["value"]) == ("second-opinion", "medical-director")
    await decide(server, response, ruling(1), ruling(2))
    assert (await task(server, response))["status"] == "completed"


async def test_an_appeal_is_one_again_after_the_second_opinion(server: Server) -> None:
    first = await decide(server, await pended(server), ruling(1, "deny", reason="not-medically-necessary"))
    appeal = (await submitted(server, appeal_of(administration_number(first.json()))))["id"]
    asked = await act(server, "assign", appeal, **ASKED)
    assert (asked.status_code, code(asked.json())) == (200, "second-opinion")
    assert code((await act(server, "release", appeal, "admin", version="2")).json()) == "appeal"


async def test_a_review_with_a_decision_takes_no_second_opinion(tmp_path: Path) -> None:
    async with under(tmp_path, COSIGN) as with_terms:
        response = await pended(with_terms)
        await decide(with_terms, response, ruling(1, "deny", reason="not-medically-necessary"))
        refused = await act(with_terms, "assign", response, version="2", **ASKED)
        assert (refused.status_code, "has a decision" in issues(refused)[0]["details"]["text"]) == (409, True)
        assert (await act(with_terms, "assign", response, version="2", owner="medical-director")).status_code == 200


@pytest.mark.parametrize("purpose", ["advice", "", "second-opinion,review"])
async def test_another_purpose_is_refused(server: Server, purpose: str) -> None:
    response = await pended(server)
    refused = await act(server, "assign", response, **{**ASKED, "purpose": purpose or " "})
    assert refused.status_code in (400, 422)
    assert code(await task(server, response)) == "review"


async def test_a_long_note_is_refused(server: Server) -> None:
    response = await pended(server)
    assert (await act(server, "assign", response, **{**ASKED, "note": "x" * 4001})).status_code == 400
    assert (await act(server, "assign", response, **{**ASKED, "note": "x" * 4000})).status_code == 200


async def test_the_trail_has_the_purpose_and_the_note(server: Server) -> None:
    response = await pended(server)
    await act(server, "assign", response, **ASKED)
    event = events(server, response)[-1]
    assert (event["action"], event["purpose"], event["internal_note"]) == ("assign", "second-opinion", ASKED["note"])
