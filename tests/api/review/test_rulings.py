"""`ClaimResponse/{id}/$decide` in full: all items at once, cancellations, several reasons, and the end of a grant."""

from __future__ import annotations

from typing import Any

import pytest

from app.codes import CPT, LOINC, NPI
from tests.api.reading import action, actions, extension, extensions, issues, notes, review
from tests.api.reviewing import Json, decide, pended, ruling, ruling_on_all
from tests.api.trail import events
from tests.api.worklist.worklist import task
from tests.support.samples import request_item
from tests.support.server import Server

TWO = [request_item(1, "72148", 2), request_item(2, "72148", 3)]
DENIED = {"reason": "not-medically-necessary"}
LONG_TYPE = {"system": LOINC, "code": "18748-4", "display": "x" * 4001}
LONG_CODE = {"system": CPT, "code": "72149", "display": "x" * 4001}


def open_ended(sequence: int = 1) -> Json:
    item = request_item(sequence, "72148", 2)
    return {**item, "servicedPeriod": {"start": item["servicedPeriod"]["start"]}}


async def version(server: Server, response: str) -> str:
    return str((await server.get(f"/ClaimResponse/{response}")).headers["etag"])


async def test_a_decision_without_if_match_is_refused(server: Server) -> None:
    response = await pended(server)
    body = {"resourceType": "Parameters", "parameter": [ruling()]}
    refused = await server.post(f"/ClaimResponse/{response}/$decide", body, "reviewer")
    assert (refused.status_code, issues(refused)[0]["code"]) == (428, "required")
    assert await version(server, response) == 'W/"1"'


async def test_one_ruling_decides_all_pended_items(server: Server) -> None:
    response = await pended(server, items=[*TWO, request_item(3, "97110", 12)])
    decided = await decide(server, response, ruling_on_all("deny", **DENIED))
    assert actions(decided.json()) == {1: "A3", 2: "A3", 3: "A1"}


async def test_a_ruling_on_an_item_counts_before_the_one_on_all(server: Server) -> None:
    response = await pended(server, items=TWO)
    decided = await decide(server, response, ruling_on_all("deny", **DENIED), ruling(2))
    assert actions(decided.json()) == {1: "A3", 2: "A1"}


async def test_a_ruling_on_all_needs_a_pended_item(server: Server) -> None:
    response = await pended(server)
    refused = await decide(server, response, ruling(), ruling_on_all())
    assert (refused.status_code, issues(refused)[0]["expression"]) == (409, ["Parameters.parameter[1]"])
    assert (await decide(server, response, ruling_on_all())).status_code == 200
    assert (await decide(server, response, ruling_on_all())).status_code == 409


async def test_one_item_that_does_not_fit_refuses_the_ruling_on_all(server: Server) -> None:
    response = await pended(server, items=[TWO[0], open_ended(2)])
    refused = await decide(server, response, ruling_on_all())
    assert (refused.status_code, issues(refused)[0]["expression"]) == (422, ["Parameters.parameter[0]"])
    assert await version(server, response) == 'W/"1"'


async def test_the_answer_to_a_cancellation_has_its_reason_and_no_number(server: Server) -> None:
    response = await pended(server, items=TWO)
    note = "Withdrawn by your office by phone on January 1."
    decided = (await decide(server, response, ruling(1, "cancel", note=note))).json()
    assert actions(decided) == {1: "C", 2: "A4"}
    assert notes(decided, decided["item"][0])[0] == note
    assert "preAuthRef" not in decided
    assert (await decide(server, response, ruling(1))).status_code == 409


async def test_a_denial_has_each_of_its_reasons(server: Server) -> None:
    response = await pended(server)
    keys = ["not-medically-necessary", "lower-level-of-care"]
    decided = (await decide(server, response, ruling(1, "deny", reason=keys))).json()
    codes = extensions(review(decided["item"][0]), "reasonCode")
    assert [code["valueCodeableConcept"]["coding"][0]["code"] for code in codes] == ["0F", "0G"]
    texts = [server.system.shipped.review_reasons[key].reason.text for key in keys]
    assert notes(decided, decided["item"][0])[:2] == texts
    assert extensions(decided["adjudication"][0]["extension"][0], "reasonCode") == codes


async def test_an_approval_has_an_end_date_or_the_circumstance_that_ends_it(server: Server) -> None:
    response = await pended(server, items=[open_ended()])
    refused = await decide(server, response, ruling())
    assert refused.status_code == 422
    assert "`end`, a length in `for` such as P60D, or the `circumstance`" in issues(refused)[0]["details"]["text"]
    decided = (await decide(server, response, ruling(circumstance="Discharge from the facility."))).json()
    [item] = decided["item"]
    assert action(item) == "A1"
    assert notes(decided, item) == ["The authorization ends with: Discharge from the facility."]
    assert extension(item, "extension-itemPreAuthPeriod")["valuePeriod"] == {"start": "2026-12-01"}
    assert decided["preAuthPeriod"] == {"start": "2026-12-01"}


async def test_a_circumstance_beside_a_requested_end_moves_no_day(server: Server) -> None:
    decided = (await decide(server, await pended(server), ruling(circumstance="Discharge."))).json()
    assert decided["preAuthPeriod"]["end"]
    assert actions(decided) == {1: "A1"}


@pytest.mark.parametrize(
    ("rulings", "says"),
    [
        ([ruling(1, "cancel")], "must have a `note`"),
        ([ruling(1, "cancel", note="Withdrawn.", reason="not-covered")], "cancel must have no `reason`"),
        ([ruling(1, "cancel", note="Withdrawn.", end="2026-12-31")], "cancel must have no quantity"),
        ([ruling(1, "deny", circumstance="Discharge.", **DENIED)], "no circumstance"),
        ([ruling(1, "deny", reason=["not-medically-necessary", "because"])], "not an unknown one"),
        ([ruling(1, "partly-certify", quantity=1, reason=["approved-less", "not-covered"])], "kind less"),
        ([ruling(1, reason="approved-less")], "must have no `reason`"),
        ([ruling_on_all(), ruling_on_all("deny", **DENIED)], "`all` must not be repeated"),
        ([ruling_on_all("certify", quantity=1)], "The name must be one of"),
        ([ruling_on_all("certify", sequence=1)], "The name must be one of"),
        ([ruling(1, note=["Once.", "Twice."])], "`note` must not be repeated"),
        ([ruling(), {"name": "clinician", "valueIdentifier": {"system": NPI, "value": "1234567890"}}], "valid NPI"),
        ([ruling(), {"name": "clinician", "valueString": "1987654328"}], "valueIdentifier"),
        ([ruling(), {"name": "internal-note"}], "valueString"),
        ([ruling(), {"name": "internal-note", "valueString": "x" * 4001}], "at most 4000 characters"),
        ([ruling(note="x" * 4001)], "at most 4000 characters"),
        ([ruling(1, "ask", **{"ask-for": LONG_TYPE})], "at most 4000 characters"),
        ([ruling(1, "partly-certify", code=LONG_CODE)], "at most 4000 characters"),
        ([{"name": "internal-note", "valueString": "Only a note."}], "at least one parameter `item`"),
    ],
)
async def test_a_ruling_that_does_not_fit_changes_nothing(server: Server, rulings: list[Json], says: str) -> None:
    response = await pended(server)
    refused = await decide(server, response, *rulings)
    assert refused.status_code == 422
    assert says in " ".join(issue["details"]["text"] for issue in issues(refused))
    assert all(issue["expression"] for issue in issues(refused))
    assert await version(server, response) == 'W/"1"'


async def test_a_reason_that_is_named_twice_counts_once(server: Server) -> None:
    response = await pended(server)
    twice = ruling(1, "deny", reason=["not-covered", "experimental", "not-covered"])
    assert (await decide(server, response, twice)).status_code == 200
    assert events(server, response)[-1]["items"][0]["reasons"] == ["not-covered", "experimental"]


async def test_the_trail_names_the_states_the_reasons_and_the_clinician(server: Server) -> None:
    response = await pended(server)
    clinician = {"name": "clinician", "valueIdentifier": {"system": NPI, "value": "1987654328"}}
    await decide(server, response, ruling(1, "deny", **DENIED), clinician)
    event: dict[str, Any] = events(server, response)[-1]
    assert (event["client"], event["role"], event["clinician"]) == ("reviewer", "reviewer", "1987654328")
    assert (event["state"], event["policy"], len(event["digest"])) == ("denied", "sample-payer", 64)
    assert event["items"] == [
        {
            "line": "1",
            "action": "A3",
            "rule": "reviewer",
            "type": "prior",
            "service": "http://www.ama-assn.org/go/cpt|72148",
            "reasons": ["not-medically-necessary"],
            "before": "information-requested",
            "after": "denied",
        }
    ]


async def test_the_task_names_the_persons_of_each_decision(server: Server) -> None:
    response = await pended(server, items=[*TWO, request_item(3, "97110", 12)])
    clinician = {"name": "clinician", "valueIdentifier": {"system": NPI, "value": "1987654328"}}
    await decide(server, response, ruling(1), clinician)
    first = "1: A1 by reviewer (reviewer, NPI 1987654328)"
    assert [output["valueString"] for output in (await task(server, response))["output"]] == [first]
    await decide(server, response, ruling(2, "deny", **DENIED), client="physician")
    second = "2: A3 (not-medically-necessary) by physician (physician)"
    assert [output["valueString"] for output in (await task(server, response))["output"]] == [first, second]
