"""`ClaimResponse/{id}/$decide`: a reviewer rules on pended items."""

from __future__ import annotations

import asyncio

import pytest

from tests.api.reading import (
    action,
    actions,
    administration_number,
    answered,
    extension,
    issues,
    notes,
    resources,
    review,
    sample,
)
from tests.api.reviewing import Json, decide, pended, ruling
from tests.api.worklist.worklist import task
from tests.support.samples import CPT, billing_claim, request_bundle, request_item
from tests.support.server import Server


async def test_a_certified_item_gets_a_number_and_names_a_person_as_its_reviewer(server: Server) -> None:
    response = await pended(server)
    server.clock.move(days=2)
    decided = await decide(server, response, ruling())
    assert decided.status_code == 200
    changed = decided.json()
    assert actions(changed) == {1: "A1"}
    assert extension(review(changed["item"][0]), "number")["valueString"] == changed["preAuthRef"]
    assert extension(changed["item"][0], "extension-itemPreAuthIssueDate")["valueDate"] == "2026-01-03"
    reviewer = extension(changed, "extension-claimResponseReviewer")
    assert extension(reviewer, "wasHumanReviewedFlag")["valueBoolean"] is True
    assert "processNote" not in changed


@pytest.mark.requirement("pas-2.2.1/spec-36")
@pytest.mark.requirement("pas-2.2.1/spec-37")
async def test_a_partly_certified_item_is_modified_and_an_added_item_has_the_change(server: Server) -> None:
    response = await pended(server)
    instead = {"system": CPT, "code": "72149"}
    decided = await decide(server, response, ruling(1, "partly-certify", quantity=1, code=instead, **{"for": "P30D"}))
    changed = decided.json()
    [item], [added] = changed["item"], changed["addItem"]
    assert (action(item), action(added), added["itemSequence"]) == ("A6", "A6", [1])
    assert added["quantity"]["value"] == 1
    assert added["productOrService"]["coding"] == [instead]
    assert changed["preAuthPeriod"] == {"start": "2026-12-01", "end": "2026-12-30"}


async def test_a_denied_item_carries_the_reason_and_the_reviewers_note_and_no_number(server: Server) -> None:
    response = await pended(server)
    note = "Please call us for a peer discussion."
    changed = (await decide(server, response, ruling(1, "deny", reason="not-medically-necessary", note=note))).json()
    assert actions(changed) == {1: "A3"}
    assert extension(review(changed["item"][0]), "reasonCode")["valueCodeableConcept"]["coding"][0]["code"] == "0F"
    _, second, *_ = notes(changed, changed["item"][0])
    assert second == note
    assert "preAuthRef" not in changed


async def test_a_certified_item_carries_the_reviewers_note_too(server: Server) -> None:
    note = "Ask for the same table at each visit."
    changed = (await decide(server, await pended(server), ruling(note=note))).json()
    assert (actions(changed), notes(changed, changed["item"][0])) == ({1: "A1"}, [note])


async def test_items_are_decided_one_by_one_under_one_number_until_none_is_pended(server: Server) -> None:
    items = [request_item(1, "72148", 2), request_item(2, "72148", 3), request_item(3, "97110", 12)]
    sent = answered(await server.post("/Claim/$submit", request_bundle(items=items)))
    first = (await decide(server, sent["id"], ruling(2))).json()
    assert actions(first) == {1: "A4", 2: "A1", 3: "A1"}
    assert first["preAuthRef"] == sent["preAuthRef"]
    assert administration_number(first) == administration_number(sent)
    assert (await task(server, sent["id"]))["status"] == "requested"
    second = (await decide(server, sent["id"], ruling(1, "deny", reason="not-covered"))).json()
    assert actions(second) == {1: "A3", 2: "A1", 3: "A1"}
    assert second["preAuthRef"] == sent["preAuthRef"]
    assert (await task(server, sent["id"]))["status"] == "completed"


async def test_several_items_are_decided_in_one_call(server: Server) -> None:
    response = await pended(server, items=[request_item(4, "72148", 2), request_item(9, "72148", 3)])
    decided = await decide(server, response, ruling(9), ruling(4, "deny", reason="not-covered"))
    assert actions(decided.json()) == {4: "A3", 9: "A1"}


async def test_the_submitter_reads_the_decision_and_the_history_has_both_versions(server: Server) -> None:
    response = await pended(server)
    server.clock.move(hours=1)
    decided = await decide(server, response, ruling())
    assert decided.headers["etag"] == 'W/"2"'
    current = await server.get(f"/ClaimResponse/{response}")
    assert current.json() == decided.json()
    first, second = [await server.get(f"/ClaimResponse/{response}/_history/{version}") for version in (1, 2)]
    assert (actions(first.json()), first.headers["etag"]) == ({1: "A4"}, 'W/"1"')
    assert second.content == current.content
    assert (await server.get(f"/ClaimResponse/{response}/_history/3")).status_code == 404


async def test_the_number_finds_the_response_once_it_is_decided(server: Server) -> None:
    response = await pended(server)
    number = (await decide(server, response, ruling())).json()["preAuthRef"]
    [found] = resources((await server.get(f"/ClaimResponse?pre-auth-ref={number}")).json())
    assert found["id"] == response


async def test_a_decision_applies_to_the_version_that_if_match_names(server: Server) -> None:
    response = await pended(server, items=[request_item(1, "72148", 2), request_item(2, "72148", 2)])
    assert (await decide(server, response, ruling(1), **{"If-Match": 'W/"1"'})).status_code == 200
    stale = await decide(server, response, ruling(2), **{"If-Match": 'W/"1"'})
    assert stale.status_code == 412
    assert issues(stale)[0]["code"] == "conflict"
    assert (await decide(server, response, ruling(2), **{"If-Match": 'W/"abc"'})).status_code == 412
    assert (await decide(server, response, ruling(2), **{"If-Match": 'W/"1", "2"'})).status_code == 200
    assert (await decide(server, response, ruling(2), **{"If-Match": "one"})).status_code == 400


@pytest.mark.acceptance("F69")
async def test_only_one_of_two_concurrent_decisions_succeeds(server: Server) -> None:
    response = await pended(server)
    calls = [decide(server, response, ruling()) for _ in range(4)]
    calls += [decide(server, response, ruling(1, "deny", reason="not-covered")) for _ in range(4)]
    decided = await asyncio.gather(*calls)
    assert sorted(one.status_code for one in decided) == [200] + [409] * 7
    assert (await server.get(f"/ClaimResponse/{response}")).headers["etag"] == 'W/"2"'


async def test_an_item_with_a_decision_is_not_decided_again(server: Server) -> None:
    response = await pended(server, items=[request_item(1, "72148", 2), request_item(2, "97110", 12)])
    refused = await decide(server, response, ruling(2))
    assert (refused.status_code, issues(refused)[0]["expression"]) == (409, ["Parameters.parameter[0]"])
    assert "not pended" in issues(refused)[0]["details"]["text"]


HOUR = {"value": 1, "unit": "hour", "system": "http://unitsofmeasure.org", "code": "h"}
IN_HOURS = ruling(1, "partly-certify")
IN_HOURS["part"].append({"name": "quantity", "valueQuantity": HOUR})


@pytest.mark.acceptance("F69")
@pytest.mark.parametrize(
    ("rulings", "says"),
    [
        ([ruling(1), ruling(8)], "no item 8"),
        ([ruling(1), ruling(1)], "once"),
        ([ruling(1, "approve")], "certify"),
        ([ruling(1, "deny")], "reason"),
        ([ruling(1, "deny", reason="because")], "reason"),
        ([ruling(1, "partly-certify")], "quantity"),
        ([ruling(1, quantity=1)], "partly-certify"),
        ([ruling(1, "partly-certify", quantity=0)], "greater than 0"),
        ([ruling(1, "partly-certify", quantity=3)], "must not exceed the requested quantity, 2"),
        ([IN_HOURS], "must have the requested unit units, not h"),
        ([ruling(1, **{"for": "sixty days"})], "P60D"),
        ([ruling(1, **{"for": "P91D"})], "must not be longer than requested. It would end on 2027-03-01"),
        ([ruling(1, **{"for": "P60D", "end": "2026-12-31"})], "`for` or `end`, not both"),
        ([ruling(1, start="2026-11-30")], "must not be before the requested first day, 2026-12-01"),
        ([ruling(1, "certify", **{"detail-sequence": 1})], "no item 1.1"),
        ([{"name": "item"}], "sequence"),
        ([{"name": "items", "valueCode": "certify"}], "item"),
        ([], "at least one"),
    ],
)
async def test_a_rejected_ruling_changes_no_response(server: Server, rulings: list[Json], says: str) -> None:
    items = [request_item(1, "72148", 2), request_item(2, "97110", 12)]
    response = await pended(server, items=items)
    refused = await decide(server, response, *rulings)
    assert refused.status_code == 422
    assert says in " ".join(issue["details"]["text"] for issue in issues(refused))
    assert all(issue["expression"] for issue in issues(refused))
    assert (await server.get(f"/ClaimResponse/{response}")).headers["etag"] == 'W/"1"'


@pytest.mark.parametrize(
    ("action", "reason", "kind"),
    [
        ("deny", "medical-necessity", "deny"),
        ("deny", "quantity-exceeded", "deny"),
        ("deny", None, "deny"),
        ("partly-certify", "not-covered", "less"),
        ("partly-certify", "additional-information", "less"),
    ],
)
async def test_a_reason_of_another_kind_is_refused_and_the_fitting_reasons_are_listed(
    server: Server, action: str, reason: str | None, kind: str
) -> None:
    response = await pended(server)
    parts = {"quantity": 1, "for": "P30D"} if action == "partly-certify" else {}
    refused = await decide(server, response, ruling(1, action, **parts, **({"reason": reason} if reason else {})))
    assert refused.status_code == 422
    [issue] = issues(refused)
    fitting = sorted(key for key, row in server.system.shipped.review_reasons.items() if kind in row.kinds)
    start = f"{action} must have a reason of kind {kind}" + (f", not {reason}: " if reason else ": ")
    assert issue["details"]["text"] == f"{start}one of {', '.join(fitting)}."
    assert issue["expression"] == ["Parameters.parameter[0]"]


async def test_an_unknown_reason_is_refused_as_unknown(server: Server) -> None:
    refused = await decide(server, await pended(server), ruling(1, "deny", reason="not-neccessary"))
    (issue,) = issues(refused)
    assert issue["details"]["text"].startswith(
        "deny must have a reason of kind deny, not an unknown one: one of age-limit"
    )


async def test_a_body_other_than_parameters_is_rejected(server: Server) -> None:
    response = await pended(server)
    refused = await server.post(f"/ClaimResponse/{response}/$decide", sample("request-pend"), "reviewer")
    assert refused.status_code == 400
    assert "Parameters" in issues(refused)[0]["details"]["text"]


async def test_the_answer_to_a_bill_is_not_decided(server: Server) -> None:
    await server.post("/Claim/$submit", request_bundle())
    bill = (await server.post("/Claim/$submit", billing_claim(), "biller")).json()
    assert bill["use"] == "claim"
    refused = await decide(server, bill["id"], ruling())
    assert refused.status_code == 422


@pytest.mark.parametrize("client", ["ehr-a", "ehr-b", "biller", "patient-1"])
async def test_only_the_payers_staff_decides(server: Server, client: str) -> None:
    response = await pended(server)
    refused = await decide(server, response, ruling(), client=client)
    assert refused.status_code == 403
    assert issues(refused)[0]["code"] == "forbidden"


async def test_an_administrator_of_the_payer_decides_too(server: Server) -> None:
    assert (await decide(server, await pended(server), ruling(), client="admin")).status_code == 200


async def test_a_reviewer_of_another_payer_cannot_decide_a_request(server: Server) -> None:
    response = await pended(server)
    refused = await decide(server, response, ruling(), client="reviewer-2")
    unknown = await decide(server, "0" * 8, ruling(), client="reviewer-2")
    assert refused.status_code == unknown.status_code == 404
    assert refused.content == unknown.content
