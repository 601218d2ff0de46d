"""A pended request is decided by the record's own terms, if its policy is gone or release 0.1.0 stored it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from app.adapters.memory import MemoryDocuments
from app.ports import Replace
from tests.api.reading import actions, administration_number, answered, extension, notes
from tests.api.requests.test_denials import APPEAL
from tests.api.reviewing import Json, decide, pended, ruling
from tests.support.samples import request_bundle, request_item
from tests.support.server import Server, serving


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
