"""Duties of the submitter: the server insists on those that a decision needs, and tolerates lapses in the others."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.api.reading import actions, answered, issues
from tests.support.samples import (
    PAS,
    Json,
    concept,
    entry,
    extension,
    request_bundle,
    request_claim,
    request_item,
    supporting_document,
)
from tests.support.server import Server

NEEDED = {
    "Patient": ".patient",
    "Coverage": ".insurance[0].coverage",
    "Organization/clinic-1": ".provider",
    "Organization/payer-1": ".insurer",
}
NOT_NEEDED = ("PractitionerRole", "Practitioner/")


def update(items: list[Json]) -> Json:
    """Build an update of a request for one item of twelve units."""
    earlier = entry("Claim/claim-0", request_claim("REQ-0000", [request_item()]))
    prior = concept("http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship", "prior")
    related = [{"relationship": prior, "claim": {"reference": "Claim/claim-0"}}]
    claim = {"meta": {"profile": [PAS + "profile-claim-update"]}, "related": related}
    return request_bundle(identifier="REQ-0001", items=items, entries=[earlier], claim=claim)


BODIES = {"request": request_bundle(), "update": update([request_item()])}


def without(bundle: Json, name: str) -> Json:
    """Leave the resources out whose URL says so."""
    return {**bundle, "entry": [one for one in bundle["entry"] if f"/{name}" not in one["fullUrl"]]}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("name", NEEDED)
@pytest.mark.requirement("pas-2.2.1/spec-13")
@pytest.mark.requirement("pas-2.2.1/spec-67")
async def test_resources_that_a_decision_needs_must_be_in_the_bundle(server: Server, body: str, name: str) -> None:
    refused = await server.post("/Claim/$submit", without(BODIES[body], name))
    assert refused.status_code == 422
    assert any(NEEDED[name] in place for issue in issues(refused) for place in issue["expression"])


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("name", NOT_NEEDED)
@pytest.mark.requirement("pas-2.2.1/spec-13")
@pytest.mark.requirement("pas-2.2.1/spec-67")
async def test_resources_that_no_decision_needs_may_be_missing(server: Server, body: str, name: str) -> None:
    assert actions(answered(await server.post("/Claim/$submit", without(BODIES[body], name)))) == {1: "A1"}


INJECTION = [request_item(code="62323", quantity=1, period=("2026-12-01", "2027-01-29"))]
"""Approved where a progress note comes with it, and pended otherwise."""


def note(**changes: Any) -> Json:
    """Build a progress note; `changes` replace its elements."""
    written = {
        "resourceType": "DocumentReference",
        "status": "current",
        "type": concept("http://loinc.org", "11506-3"),
        "category": [
            concept("http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category", "clinical-note")
        ],
        "subject": {"reference": "Patient/patient-1"},
        "content": [{"attachment": {"contentType": "text/plain", "data": "QQ=="}}],
    }
    return entry("DocumentReference/note-1", {**written, **changes})


def pointing() -> Json:
    """Build the Claim's part that points to the note."""
    return {"supportingInfo": [supporting_document("DocumentReference/note-1")]}


@pytest.mark.requirement("pas-2.2.1/spec-18")
async def test_a_document_counts_even_if_the_bundle_lacks_its_author(server: Server) -> None:
    alone = note(author=[{"reference": "Practitioner/somebody-else"}])
    answer = await server.post("/Claim/$submit", request_bundle(items=INJECTION, entries=[alone], claim=pointing()))
    assert actions(answered(answer)) == {1: "A1"}


@pytest.mark.requirement("pas-2.2.1/spec-20")
async def test_a_document_does_not_count_if_the_claim_does_not_refer_to_it(server: Server) -> None:
    answer = await server.post("/Claim/$submit", request_bundle(items=INJECTION, entries=[note()]))
    assert actions(answered(answer)) == {1: "A4"}


@pytest.mark.parametrize("flag", [None, "added", "changed"])
@pytest.mark.requirement("pas-2.2.1/spec-71")
@pytest.mark.requirement("pas-2.2.1/spec-72")
@pytest.mark.requirement("pas-2.2.1/prof-9")
@pytest.mark.requirement("pas-2.2.1/prof-10")
async def test_the_server_reviews_the_items_of_an_update_with_each_flag(server: Server, flag: str | None) -> None:
    changed, added = request_item(quantity=40), request_item(2, code="72148", quantity=2)
    unflagged = await server.post("/Claim/$submit", request_bundle(identifier="alone", items=[changed, added]))
    items = copy.deepcopy([changed, added])
    for item in items if flag else ():
        item["extension"].append(extension("extension-infoChanged", valueCode=flag))
    answer = await server.post("/Claim/$submit", update(items))
    assert actions(answered(answer)) == actions(answered(unflagged)) == {1: "A6", 2: "A4"}
