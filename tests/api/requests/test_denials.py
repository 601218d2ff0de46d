"""A denial, in whole or in part: its notes have the criterion, the day and the appeal; a policy that is gone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from app.adapters.memory import MemoryDocuments
from app.ports import Replace
from tests.api.reading import actions, administration_number, answered, extension, notes
from tests.api.reviewing import Json, decide, pended, ruling
from tests.support.samples import concept, entry, request_bundle, request_item, supporting_document
from tests.support.server import Server, serving

EXCLUDED = request_item(code="A9270", quantity=1)
APPEAL = (
    "The last day to appeal {} is {}. "
    "Write to Sample Payer, Appeals, 1 Example Street, Albany NY 12207, or upload the appeal in the provider portal. "
    "If waiting could harm the patient, call 1-800-555-0100 for an answer within 72 hours."
)


@pytest.mark.parametrize("base", ["/fhir", "/2.0.1/fhir"])
async def test_the_notes_of_a_denial_say_why_since_when_and_how_to_appeal(server: Server, base: str) -> None:
    response = answered(await server.post("/Claim/$submit", request_bundle(items=[EXCLUDED]), base=base))
    assert actions(response) == {1: "A3"}
    reason, decided, appeal = notes(response, response["item"][0])
    assert reason.startswith("The member's plan does not cover this service")
    assert decided == "Decided on 2026-01-01 under: Items that no plan covers (Sample Payer Benefit Booklet 2.4)."
    assert appeal == APPEAL.format("the denial", "2026-03-07")


async def test_the_denied_part_of_an_item_may_be_appealed(server: Server) -> None:
    item = request_item(code="97110", quantity=20)
    response = answered(await server.post("/Claim/$submit", request_bundle(items=[item])))
    assert actions(response) == {1: "A6"}
    *_, decided, appeal = notes(response, response["item"][0])
    assert decided.startswith("Decided on 2026-01-01 under: Physical therapy is authorized for at most twelve units")
    assert appeal == APPEAL.format("the part that is not authorized", "2026-03-07")


@pytest.mark.parametrize("action", ["deny", "partly-certify"])
async def test_a_reviewers_denial_names_the_rule_that_pended_the_item(server: Server, action: str) -> None:
    response = await pended(server)
    server.clock.move(days=2)
    parts: dict[str, Any] = {"reason": "not-medically-necessary"}
    if action == "partly-certify":
        parts = {"quantity": 1, "reason": "fewer-units", "for": "P30D"}
    changed = (await decide(server, response, ruling(1, action, **parts))).json()
    *_, decided, appeal = notes(changed, changed["item"][0])
    assert decided == (
        "Decided on 2026-01-03 under: More than one lumbar MRI needs review (Sample Payer Medical Policy 7.1)."
    )
    assert "2026-03-09" in appeal


async def test_a_document_that_is_attached_is_not_requested_again(server: Server) -> None:
    document = {
        "resourceType": "DocumentReference",
        "status": "current",
        "type": concept("urn:oid:2.16.840.1.113883.6.1", "11506-3"),
        "subject": {"reference": "Patient/patient-1"},
        "content": [{"attachment": {"contentType": "text/plain", "data": "VGV4dA=="}}],
    }
    bundle = request_bundle(
        items=[request_item(code="72148", quantity=2)],
        claim={"supportingInfo": [supporting_document("DocumentReference/d-1")]},
        entries=[entry("DocumentReference/d-1", document)],
    )
    response = answered(await server.post("/Claim/$submit", bundle))
    texts = notes(response, response["item"][0])
    assert actions(response) == {1: "A4"}
    assert "Received: Progress note (LOINC 11506-3). A reviewer reads them and decides." in texts
    assert "send" not in " ".join(texts).lower()


def others(server: Server) -> dict[str, Any]:
    return {name: policy for name, policy in server.system.payers.items() if name != "sample-payer"}


async def test_a_pended_request_is_decided_after_its_policy_is_gone(tmp_path: Path) -> None:
    documents = MemoryDocuments()
    async with serving(tmp_path, documents=documents) as server:
        items = [request_item(1, "72148", 2), request_item(2, "72148", 3)]
        sent = answered(await server.post("/Claim/$submit", request_bundle(items=items)))
    async with serving(tmp_path, documents=documents, policies=others(server)) as server:
        # In New York it is still the second of January.
        server.clock.move(days=1, hours=12)
        rulings = ruling(1), ruling(2, "deny", reason="not-medically-necessary")
        decided = await decide(server, sent["id"], *rulings)
    assert decided.status_code == 200
    changed = decided.json()
    assert actions(changed) == {1: "A1", 2: "A3"}
    assert changed["preAuthRef"][:2] == administration_number(sent)[:2] == "PA"
    assert extension(changed["item"][0], "extension-itemPreAuthIssueDate")["valueDate"] == "2026-01-02"
    *_, day, appeal = notes(changed, changed["item"][1])
    assert day.startswith("Decided on 2026-01-02 under: More than one lumbar MRI needs review")
    assert appeal == APPEAL.format("the denial", "2026-03-08")


async def test_a_pended_request_of_release_0_1_0_is_decided_with_and_without_its_policy(tmp_path: Path) -> None:
    documents = MemoryDocuments()
    async with serving(tmp_path, documents=documents) as server:
        responses = [await pended(server), await pended(server, identifier="REQ-0002")]
    for response in responses:
        await made_old(documents, response)
    async with serving(tmp_path, documents=documents) as server:
        with_policy = await decide(server, responses[0], ruling(1, "deny", reason="not-covered"))
    async with serving(tmp_path, documents=documents, policies=others(server)) as server:
        without = await decide(server, responses[1], ruling(1, "deny", reason="not-covered"))
    _, *with_notes = notes(with_policy.json(), with_policy.json()["item"][0])
    assert with_notes == ["Decided on 2026-01-01.", APPEAL.format("the denial", "2026-03-07")]
    _, *without_notes = notes(without.json(), without.json()["item"][0])
    assert without_notes == ["Decided on 2026-01-01."]


async def made_old(documents: MemoryDocuments, response: str) -> None:
    """Store the record in the form of release 0.1.0: documents by their code only, and no terms of the policy."""
    document = await documents.get("authorization", response)
    assert document is not None
    record: Json = json.loads(document.body)
    record["policy"] = {name: record["policy"][name] for name in ("policy", "digest")}
    for item in record["items"]:
        item["decision"]["ask_for"] = [asked["loinc"] for asked in item["decision"]["ask_for"]]
        item["decision"].pop("criterion")
    await documents.commit(Replace(replace(document, body=json.dumps(record))))
