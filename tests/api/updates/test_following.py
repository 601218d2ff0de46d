"""An update follows the request of its own organization; of another or an unknown request it is a first request."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.reading import actions, answered, issues
from tests.api.updating import MRI, THERAPY, WHOLE, added, cancelled, changed, sent, submitted, units, update_of
from tests.support.samples import CLIENT, Json, entry, extension, request_item, supporting_document
from tests.support.server import Server

UNKNOWN = "The payer has no request from your organization that this update follows, so it is a new request."


def told(claim_response: Json) -> bool:
    return any(UNKNOWN in note["text"] for note in claim_response.get("processNote", []))


async def test_the_sequence_of_the_industry_s_test_kit_answers_each_submitted_item(server: Server) -> None:
    """All versions have one identifier; only the fullUrl of the Claim differs."""
    same: Any = {"identifier": "111099"}
    moved = changed(THERAPY, servicedPeriod={"start": "2026-12-20", "end": "2027-02-28"})
    first = sent([THERAPY], **same)
    add = update_of(first, [THERAPY, added(MRI)], **same)
    modify = update_of(add, [moved, cancelled(MRI)], **same)
    cancel = update_of(modify, [moved, cancelled(MRI)], claim={"extension": [WHOLE]}, **same)
    answers = [await submitted(server, body) for body in (first, add, modify, cancel)]
    assert [actions(answer) for answer in answers] == [
        {1: "A1"},
        {1: "A1", 2: "A4"},
        {1: "A1", 2: "C"},
        {1: "C", 2: "C"},
    ]
    assert len({answer["id"] for answer in answers}) == 1


async def test_an_update_finds_its_request_among_others_with_the_same_identifier_and_url(server: Server) -> None:
    first = sent([THERAPY])
    before = await submitted(server, first)
    other = await submitted(server, sent([request_item(1, code="70553", quantity=1)]))
    after = await submitted(server, update_of(first, [THERAPY, added(MRI)]))
    assert (after["id"], after["id"] != other["id"]) == (before["id"], True)


async def test_the_identifier_distinguishes_requests_with_one_url_and_the_same_services(server: Server) -> None:
    requests = [sent([THERAPY], identifier=f"REQUEST-{number}") for number in range(3)]
    answers = [await submitted(server, request) for request in requests]
    for request, before in reversed(list(zip(requests, answers, strict=True))):
        update = update_of(request, [THERAPY, added(MRI)], identifier=f"NEXT-{before['id']}")
        assert (await submitted(server, update))["id"] == before["id"]


async def test_an_update_of_an_unknown_request_is_a_first_request(server: Server) -> None:
    answer = await submitted(server, update_of(sent([THERAPY]), [THERAPY, cancelled(MRI)]))
    assert (actions(answer), answer["outcome"], told(answer)) == ({1: "A1", 2: "C"}, "complete", True)


@pytest.mark.acceptance("B26")
async def test_an_update_by_another_organization_gets_the_answer_of_an_unknown_request(server: Server) -> None:
    first = sent([THERAPY])
    own = await submitted(server, first)
    update = update_of(first, [cancelled(THERAPY), added(MRI)])
    foreign = await submitted(server, update, "ehr-b")
    assert (actions(foreign), foreign["id"] != own["id"], told(foreign)) == ({1: "C", 2: "A4"}, True, True)
    kept = (await server.get(f"/ClaimResponse/{own['id']}")).json()
    assert (actions(kept), kept["meta"]["versionId"], kept["preAuthRef"]) == ({1: "A1"}, "1", own["preAuthRef"])
    after = await submitted(server, update)
    assert (after["id"], actions(after)) == (own["id"], {1: "C", 2: "A4"})


async def test_an_update_of_another_requestor_or_member_is_a_first_request(server: Server) -> None:
    first = sent([THERAPY])
    own = await submitted(server, first)
    others: list[Any] = [{"requestor": "1777777776"}, {"member": "M002"}]
    for other in others:
        answer = await submitted(server, update_of(first, [THERAPY, added(MRI)], **other))
        assert (answer["id"] != own["id"], told(answer)) == (True, True)


@pytest.mark.parametrize("named", ["reference", "number", "identifier"])
async def test_an_update_can_name_its_request_by_other_means_than_the_url(server: Server, named: str) -> None:
    first = sent([THERAPY])
    before = await submitted(server, first)
    update = update_of(first, [THERAPY, added(MRI)])
    stored = (await server.get(f"/ClaimResponse/{before['id']}")).json()
    claim, prior = update["entry"][0]["resource"], update["entry"][-1]
    known = stored["request"]["reference"] if named == "reference" else "Claim/of-another-name"
    prior["resource"] = {**prior["resource"], "id": known.partition("/")[2]}
    prior["fullUrl"] = f"{'http://preauth.test/fhir' if named == 'reference' else CLIENT}/{known}"
    claim["related"][0]["claim"]["reference"] = prior["fullUrl"]
    if named == "number":
        number = extension("extension-authorizationNumber", valueString=before["preAuthRef"].lower())
        claim["extension"] = [number]
    if named != "identifier":
        prior["resource"] = {**prior["resource"], "identifier": [{"system": "urn:other", "value": "OTHER"}]}
    assert (await submitted(server, update))["id"] == before["id"]


async def test_an_update_in_the_earlier_edition_names_a_claim_outside_its_bundle(server: Server) -> None:
    first = sent([THERAPY])
    base = "/2.0.1/fhir"
    before = answered(await server.post("/Claim/$submit", first, base=base))
    update = update_of(first, [THERAPY, added(MRI)])
    alone = {**update, "entry": update["entry"][:-1]}
    after = answered(await server.post("/Claim/$submit", alone, base=base))
    assert (after["id"], actions(after)) == (before["id"], {1: "A1", 2: "A4"})
    assert (await server.post("/Claim/$submit", alone)).status_code == 422


async def test_an_update_of_a_replaced_version_gets_a_conflict(server: Server) -> None:
    first = sent([THERAPY])
    await submitted(server, first)
    await submitted(server, update_of(first, [THERAPY, added(MRI)]))
    late = await server.post("/Claim/$submit", update_of(first, [cancelled(THERAPY)], identifier="LATE"))
    assert late.status_code == 409
    [issue] = issues(late)
    assert issue["code"] == "conflict"


@pytest.mark.requirement("pas-2.2.1/spec-68")
@pytest.mark.requirement("pas-2.2.1/prof-5")
async def test_an_update_must_repeat_all_items(server: Server) -> None:
    first = sent([THERAPY, MRI])
    await submitted(server, first)
    refused = await server.post("/Claim/$submit", update_of(first, [THERAPY]))
    assert refused.status_code == 422
    assert "must repeat all items" in str(issues(refused))


async def test_an_item_that_the_prior_claim_leaves_out_too_stays_and_is_named(server: Server) -> None:
    first = sent([THERAPY, MRI])
    before = await submitted(server, first)
    update = update_of(sent([THERAPY]), [THERAPY])
    answer = await submitted(server, update)
    assert (actions(answer), answer["id"]) == ({1: "A1"}, before["id"])
    assert any("leaves out items of the request, which stay as they are: 2." in note["text"] for note in noted(answer))
    kept = (await server.get(f"/ClaimResponse/{before['id']}")).json()
    assert actions(kept) == {1: "A1", 2: "A4"}


def noted(claim_response: Json) -> list[Json]:
    found: list[Json] = claim_response.get("processNote", [])
    return found


@pytest.mark.requirement("pas-2.2.1/spec-69")
@pytest.mark.requirement("pas-2.2.1/prof-6")
@pytest.mark.requirement("pas-2.2.1/prof-8")
async def test_a_withdrawn_document_does_not_count(server: Server) -> None:
    note: Json = {
        "resourceType": "DocumentReference",
        "status": "current",
        "type": {"coding": [{"system": "http://loinc.org", "code": "11506-3"}]},
        "subject": {"reference": "Patient/patient-1"},
        "content": [{"attachment": {"contentType": "text/plain", "data": "bm90ZQ=="}}],
    }
    attached = supporting_document("DocumentReference/note-1")
    item = request_item(1, code="62323", quantity=1, period=("2026-12-01", "2027-01-29"))
    documents: Any = {"entries": [entry("DocumentReference/note-1", note)]}
    first = sent([item], claim={"supportingInfo": [attached]}, **documents)
    assert actions(await submitted(server, first)) == {1: "A1"}
    [flag] = cancelled(item)["modifierExtension"]
    withdrawn = {**attached, "modifierExtension": [flag]}
    update = update_of(first, [units(item, 2)], claim={"supportingInfo": [withdrawn]}, **documents)
    assert actions(await submitted(server, update)) == {1: "A4"}
    silent = await submitted(server, update_of(update, [units(item, 3)], **documents))
    assert any("must repeat all supporting information" in note["text"] for note in noted(silent))


@pytest.mark.requirement("pas-2.2.1/spec-66")
async def test_an_update_names_the_claim_before_it_and_no_older_one(server: Server) -> None:
    first = sent([THERAPY])
    before = await submitted(server, first)
    second = update_of(first, [THERAPY, added(MRI)])
    await submitted(server, second)
    third = update_of(second, [THERAPY, cancelled(MRI)])
    assert all(one["fullUrl"] != first["entry"][0]["fullUrl"] for one in third["entry"])
    answer = await submitted(server, third)
    assert (answer["id"], actions(answer)) == (before["id"], {1: "A1", 2: "C"})
    older = update_of(third, [THERAPY, cancelled(MRI)])
    refused = await server.post("/Claim/$submit", {**older, "entry": [*older["entry"], second["entry"][0]]})
    assert refused.status_code == 422
    assert "must not have Claims older than" in str(issues(refused))
