"""A denial is reviewed again: a new request names it, a person decides, and never one who decided before."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from app.codes import NPI
from app.workflow.due.perform import perform_due
from tests.api.reading import actions, administration_number, issues, notes
from tests.api.reviewing import decide, pended, ruling
from tests.api.trail import events
from tests.api.types.typed_items import billed, found_by_type, stored, typed_item, types_of
from tests.api.updating import cancelled, changed, sent, submitted, update_of
from tests.api.worklist.worklist import listed, task
from tests.support.racing import UnhurriedMemory
from tests.support.samples import Json, billed_line, extension, request_bundle, request_item
from tests.support.server import Server, serving

PLANNED = ("2026-01-05", "2026-02-28")


async def denied(server: Server, client: str = "reviewer", **changes: Any) -> Json:
    """Submit a request and deny it; returns its ClaimResponse."""
    response = await pended(server, **changes)
    answer = await decide(server, response, ruling(action="deny", reason="not-medically-necessary"), client=client)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def appeal_of(number: str | None, certification: str = "2", *, identifier: str = "APPEAL-1", **changes: Any) -> Json:
    """Build a request to review the denial with this case reference again."""
    named = None if number is None else [extension("extension-administrationReferenceNumber", valueString=number)]
    items = changes.pop("items", [typed_item("72148", 2, PLANNED, certification=certification)])
    return request_bundle(identifier=identifier, items=items, claim={"extension": named}, **changes)


@pytest.mark.parametrize(
    ("certification", "type_", "priority", "due"),
    [
        ("2", "appeal", "routine", "2026-01-08T15:00:00.000Z"),
        ("N", "reconsideration", "routine", "2026-01-08T15:00:00.000Z"),
    ],
)
async def test_an_appeal_waits_for_a_person_under_its_own_number(
    server: Server, certification: str, type_: str, priority: str, due: str
) -> None:
    first = await denied(server)
    number = administration_number(first)
    answer = await submitted(server, appeal_of(number, certification))
    assert actions(answer) == {1: "A4"}
    assert answer["id"] != first["id"]
    assert administration_number(answer) != number
    assert answer["disposition"].endswith(f"of a denial with reference {number}.")
    assert types_of(await stored(server, answer["id"])) == [type_]
    work = await task(server, answer["id"])
    assert (work["code"]["coding"][0]["code"], work["priority"], types_of(work)) == ("appeal", priority, [type_])
    assert work["reasonReference"] == {"reference": f"ClaimResponse/{first['id']}"}
    assert work["restriction"]["period"]["end"] == due
    assert [row["id"] for row in await listed(server, "code=appeal")] == [answer["id"]]
    assert await found_by_type(server, "ClaimResponse", type_, "ehr-a") == [answer["id"]]


async def test_an_expedited_appeal_is_urgent_although_its_priority_is_not(server: Server) -> None:
    number = administration_number(await denied(server))
    answer = await submitted(server, appeal_of(number, "1"))
    work = await task(server, answer["id"])
    assert (types_of(work), work["priority"]) == (["expedited-appeal"], "urgent")
    assert work["restriction"]["period"]["end"] == "2026-01-04T15:00:00.000Z"


async def test_a_reviewer_who_denied_the_request_does_not_decide_the_appeal(server: Server) -> None:
    first = await denied(server)
    appeal = await submitted(server, appeal_of(administration_number(first)))
    refused = await decide(server, appeal["id"], ruling())
    assert refused.status_code == 403
    assert "Another person must decide the appeal" in issues(refused)[0]["details"]["text"]
    overturned = await decide(server, appeal["id"], ruling(), client="physician")
    assert overturned.status_code == 200, overturned.text
    assert actions(overturned.json()) == {1: "A1"}
    line = billed_line(1, "72148", quantity=1, day="2026-01-05")
    paid = await billed(server, line, overturned.json()["preAuthRef"])
    assert (paid.benefit, paid.why) == (paid.submitted, None)
    assert [event["action"] for event in events(server, first["id"])] == ["submit", "decide"]


async def test_a_clinician_who_denied_the_request_does_not_decide_the_appeal_by_another_user(server: Server) -> None:
    def clinician(npi: str) -> Json:
        return {"name": "clinician", "valueIdentifier": {"system": NPI, "value": npi}}

    response = await pended(server)
    denial = ruling(action="deny", reason="not-medically-necessary")
    first = (await decide(server, response, denial, clinician("1987654328"))).json()
    appeal = await submitted(server, appeal_of(administration_number(first)))
    assert [
        (await decide(server, appeal["id"], ruling(), clinician(npi), client="physician")).status_code
        for npi in ("1987654328", "1234567893")
    ] == [403, 200]


async def test_an_act_of_the_clock_on_the_denied_request_does_not_stop_its_appeal(server: Server) -> None:
    response = await pended(server)
    server.clock.move(days=6, hours=1)
    await perform_due(server.system)
    await decide(server, response, ruling(action="deny", reason="not-medically-necessary"))
    first = (await server.get(f"/ClaimResponse/{response}")).json()
    assert [event["client"] for event in events(server, response)] == ["ehr-a", None, "reviewer"]
    appeal = await submitted(server, appeal_of(administration_number(first)))
    assert (await decide(server, appeal["id"], ruling())).status_code == 403
    assert (await decide(server, appeal["id"], ruling(), client="physician")).status_code == 200


async def test_an_appeal_that_is_upheld_is_appealed_under_its_own_reference_by_a_third_person(server: Server) -> None:
    first = await denied(server)
    appeal = await submitted(server, appeal_of(administration_number(first)))
    upheld = await decide(
        server, appeal["id"], ruling(action="deny", reason="not-medically-necessary"), client="physician"
    )
    again = await submitted(server, appeal_of(administration_number(first), identifier="APPEAL-2"))
    assert "Appeal that decision under its reference" in again["error"][0]["code"]["text"]
    second = await submitted(server, appeal_of(administration_number(upheld.json()), identifier="APPEAL-3"))
    assert actions(second) == {1: "A4"}
    assert [
        (await decide(server, second["id"], ruling(), client=client)).status_code
        for client in ("reviewer", "physician", "admin")
    ] == [403, 403, 200]


async def test_an_appeal_of_a_denial_by_a_rule_is_decided_by_any_reviewer(server: Server) -> None:
    excluded = typed_item("A9270", 1, PLANNED, system="http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets")
    first = await submitted(server, request_bundle(items=[excluded]))
    assert actions(first) == {1: "A3"}
    item = typed_item(
        "A9270", 1, PLANNED, certification="2", system="http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
    )
    appeal = await submitted(server, appeal_of(administration_number(first), items=[item]))
    assert actions(appeal) == {1: "A4"}
    assert (await decide(server, appeal["id"], ruling())).status_code == 200


async def test_an_appeal_may_name_the_denied_claim_as_related(server: Server) -> None:
    request = sent([request_item(1, "72148", 2)])
    response = (await submitted(server, request))["id"]
    await decide(server, response, ruling(action="deny", reason="not-medically-necessary"))
    item = typed_item("72148", 2, ("2026-12-01", "2027-02-28"), certification="2")
    appeal = await submitted(server, update_of(request, [item]))
    assert (actions(appeal), appeal["id"] == response) == ({1: "A4"}, False)


async def test_an_update_of_an_appeal_adds_to_the_same_appeal(server: Server) -> None:
    number = administration_number(await denied(server))
    first = sent(
        [typed_item("72148", 2, PLANNED, certification="2")],
        identifier="APPEAL-1",
        claim={"extension": [extension("extension-administrationReferenceNumber", valueString=number)]},
    )
    appeal = await submitted(server, first)
    one = changed(typed_item("72148", 1, PLANNED), quantity={"value": 1, "unit": "units"})
    answer = await submitted(server, update_of(first, [one]))
    assert (answer["id"], actions(answer)) == (appeal["id"], {1: "A4"})
    assert types_of(await stored(server, appeal["id"])) == ["appeal"]


async def test_a_late_appeal_waits_for_a_person_and_gives_the_reason(server: Server) -> None:
    number = administration_number(await denied(server))
    server.clock.move(days=70)
    late = typed_item("72148", 2, ("2026-04-05", "2026-04-28"), certification="2")
    answer = await submitted(server, appeal_of(number, items=[late]))
    assert actions(answer) == {1: "A4"}
    assert "The last day to ask for another review of the denial has passed." in " ".join(
        notes(answer, answer["item"][0])
    )


@pytest.mark.parametrize(
    ("items", "text"),
    [
        ([typed_item("97110", 2, PLANNED, certification="2")], "must name a service that the payer denied"),
        ([typed_item("72148", 3, PLANNED, certification="2")], "must ask for at most 2 units"),
        (
            [typed_item("72148", 2, PLANNED, certification="2"), {**typed_item("97110", 2, PLANNED), "sequence": 2}],
            "must have the same certification type",
        ),
    ],
    ids=["another service", "more units", "another type"],
)
async def test_an_appeal_of_something_else_is_refused(server: Server, items: list[Json], text: str) -> None:
    number = administration_number(await denied(server))
    answer = await submitted(server, appeal_of(number, items=items))
    assert (answer["outcome"], "item" in answer) == ("error", False)
    assert text in answer["error"][0]["code"]["text"]


@pytest.mark.parametrize("number", [None, "PA0000000000", "foreign"])
async def test_an_appeal_of_an_unknown_or_foreign_denial_gets_one_answer(server: Server, number: str | None) -> None:
    foreign = administration_number(await denied(server, identifier="REQ-B")) if number == "foreign" else number
    answer = await submitted(server, appeal_of(foreign), "ehr-b")
    assert answer["outcome"] == "error"
    assert (
        "The payer has no request from your organization that this appeal names." in answer["error"][0]["code"]["text"]
    )


async def test_an_appeal_of_a_pended_or_approved_request_is_refused(server: Server) -> None:
    response = await pended(server)
    number = administration_number(await stored(server, response))
    waiting = await submitted(server, appeal_of(number))
    await decide(server, response, ruling())
    approved = await submitted(server, appeal_of(number, identifier="APPEAL-2"))
    assert [answer["outcome"] for answer in (waiting, approved)] == ["error", "error"]


async def test_a_second_appeal_of_a_denial_is_refused_while_the_first_waits(server: Server) -> None:
    number = administration_number(await denied(server))
    await submitted(server, appeal_of(number))
    second = await submitted(server, appeal_of(number, "N", identifier="APPEAL-2"))
    assert "waits for a decision" in second["error"][0]["code"]["text"]


async def test_of_appeals_at_once_one_waits_and_the_others_are_refused(tmp_path: Path) -> None:
    async with serving(tmp_path, documents=UnhurriedMemory()) as server:
        number = administration_number(await denied(server))
        bodies = [appeal_of(number, identifier=f"APPEAL-{place}") for place in range(4)]
        answers = await asyncio.gather(*(submitted(server, body) for body in bodies))
        assert sorted(answer["outcome"] for answer in answers) == ["complete", "error", "error", "error"]
        assert len(await listed(server, "code=appeal")) == 1


async def test_a_denial_is_appealed_again_after_the_appeal_is_withdrawn(server: Server) -> None:
    number = administration_number(await denied(server))
    named = {"extension": [extension("extension-administrationReferenceNumber", valueString=number)]}
    item = typed_item("72148", 2, PLANNED, certification="2")
    first = sent([item], identifier="APPEAL-1", claim=named)
    await submitted(server, first)
    assert actions(await submitted(server, update_of(first, [cancelled(item)]))) == {1: "C"}
    assert actions(await submitted(server, appeal_of(number, identifier="APPEAL-2"))) == {1: "A4"}
