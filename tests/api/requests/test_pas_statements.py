"""Single statements of PAS that no other test shows."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from app.codes import OUR_BASE
from app.fhir.json import write
from tests.api.reading import SUBMITTED, actions, answered, issues, resources, returned, sample
from tests.api.reviewing import decide, ruling
from tests.support.samples import (
    CLIENT,
    PAS,
    Json,
    concept,
    entry,
    extension,
    inquiry_bundle,
    patient,
    practitioner,
    practitioner_role,
    request_bundle,
    request_item,
    supporting_document,
)
from tests.support.server import Server


def of_type(bundle: Json, type_: str) -> Json:
    """Return the first resource of a type."""
    return next(one for one in resources(bundle) if one["resourceType"] == type_)


@pytest.mark.parametrize("operation", ["submit", "inquire"])
@pytest.mark.requirement("pas-2.2.1/spec-14")
async def test_the_server_rejects_a_duplicate_resource(server: Server, operation: str) -> None:
    bundle = request_bundle() if operation == "submit" else inquiry_bundle()
    twice = {**bundle, "entry": [*bundle["entry"], bundle["entry"][-1]]}
    refused = await server.post(f"/Claim/${operation}", twice)
    assert refused.status_code == 422
    [issue] = issues(refused)
    assert issue["code"] == "duplicate"
    assert issue["expression"] == [f"Bundle.entry[{len(bundle['entry'])}].fullUrl"]


@pytest.mark.requirement("pas-2.2.1/spec-15")
async def test_two_copies_of_a_practitioner_count_as_one_provider(server: Server) -> None:
    role = practitioner_role() | {"practitioner": {"reference": "Practitioner/practitioner-2"}}
    again = [entry("PractitionerRole/role-2", role), entry("Practitioner/practitioner-2", practitioner())]
    second = {
        "extension": [extension("extension-careTeamClaimScope", valueBoolean=True)],
        "sequence": 2,
        "provider": {"reference": "PractitionerRole/role-2"},
    }
    team = request_bundle()["entry"][0]["resource"]["careTeam"]
    response = answered(await server.post("/Claim/$submit", request_bundle(entries=again)))
    assert actions(response) == {1: "A1"}
    both = request_bundle(entries=again, claim={"careTeam": [*team, second]})
    assert actions(answered(await server.post("/Claim/$submit", both))) == {1: "A1"}


def by_guid(bundle: Json) -> str:
    """Give the entries GUIDs in place of URLs, by their place: the same ones in every Bundle."""
    text = write(bundle)
    for number, one in enumerate(bundle["entry"]):
        guid = f"urn:uuid:3f2c9a10-0000-4000-8000-{number:012}"
        for known_as in (one["fullUrl"], one["fullUrl"].removeprefix(f"{CLIENT}/")):
            text = text.replace(f'"{known_as}"', f'"{guid}"')
    return text


@pytest.mark.requirement("pas-2.2.1/spec-17")
async def test_a_reused_guid_does_not_mix_two_resources(server: Server) -> None:
    first = by_guid(request_bundle(member="M001"))
    bundle = request_bundle(member="M002")
    second = by_guid({**bundle, "entry": [bundle["entry"][0], *reversed(bundle["entry"][1:])]})
    ids = [answered(await server.post("/Claim/$submit", one))["id"] for one in (first, second)]
    kept = [(await server.get(f"/ClaimResponse/{one}")).json() for one in ids]
    assert [actions(one) for one in kept] == [{1: "A1"}, {1: "A1"}]
    people = [(await server.get("/" + one["patient"]["reference"])).json() for one in kept]
    assert [one["identifier"][0]["value"] for one in people] == ["M001", "M002"]
    assert len({write(one["insurer"]) for one in kept}) == 1


PDF = base64.b64encode(b"%PDF-1.7\n" + bytes(range(256))).decode()


def scan(data: str) -> Json:
    """Build a progress note as a scanned PDF."""
    note = concept("http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category", "clinical-note")
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "type": concept("http://loinc.org", "11506-3"),
        "category": [note],
        "subject": {"reference": "Patient/patient-1"},
        "content": [{"attachment": {"contentType": "application/pdf", "data": data}}],
    }


@pytest.mark.requirement("pas-2.2.1/spec-21")
async def test_a_scanned_report_counts_as_a_document_and_is_stored_unchanged(server: Server) -> None:
    injection = [request_item(code="62323", quantity=1, period=("2026-12-01", "2027-01-29"))]
    without = answered(await server.post("/Claim/$submit", request_bundle(items=injection)))
    documented = request_bundle(
        items=injection,
        entries=[entry("DocumentReference/report-1", scan(PDF))],
        claim={"supportingInfo": [supporting_document("DocumentReference/report-1")]},
    )
    response = answered(await server.post("/Claim/$submit", documented))
    assert (actions(without), actions(response)) == ({1: "A4"}, {1: "A1"})
    kept = await server.system.documents.get("submission", response["id"])
    assert kept is not None
    assert PDF in kept.body


@pytest.mark.parametrize("name", SUBMITTED)
@pytest.mark.requirement("pas-2.2.1/spec-32")
async def test_the_answer_contains_each_party_once(server: Server, name: str) -> None:
    submitted = (await server.post("/Claim/$submit", sample(f"request-{name}"))).json()
    inquired = (await server.post("/Claim/$inquire", sample("inquiry"))).json()
    for bundle in (submitted, *(one["resource"] for one in inquired["parameter"] if one["name"] == "return")):
        named = Counter(
            (one["resourceType"], number.get("system"), number["value"])
            for one in resources(bundle)
            if one["resourceType"] != "ClaimResponse"
            for number in one.get("identifier", [])
        )
        assert set(named.values()) == {1}


@pytest.mark.parametrize(("rulings", "action"), [([ruling()], "A1"), ([], "A4")], ids=["decided", "pended"])
@pytest.mark.requirement("pas-2.2.1/spec-73")
async def test_an_inquiry_finds_a_pended_request_six_months_after_the_service(
    server: Server, rulings: list[Json], action: str
) -> None:
    items = [request_item(code="72148", quantity=2, period=("2026-02-01", "2026-06-30"))]
    response = answered(await server.post("/Claim/$submit", request_bundle(items=items)))
    assert actions(response) == {1: "A4"}
    for one in rulings:
        assert (await decide(server, response["id"], one)).status_code == 200
    server.clock.move(days=366)
    [found] = returned(await server.post("/Claim/$inquire", inquiry_bundle()))
    assert (found["id"], actions(found)) == (response["id"], {1: action})


def extension_urls(value: Any, name: str = "") -> Iterator[str]:
    """Go through JSON for the URLs of extensions that stand by themselves, not of the parts of complex ones."""
    if isinstance(value, dict):
        for inner_name, inner in value.items():
            yield from extension_urls(inner, inner_name)
    elif isinstance(value, list):
        for inner in value:
            if name in {"extension", "modifierExtension"} and ":" in inner["url"]:
                yield inner["url"]
            yield from extension_urls(inner)


@pytest.mark.parametrize("name", SUBMITTED)
@pytest.mark.requirement("pas-2.2.1/conf-15")
async def test_the_answer_has_only_extensions_of_pas(server: Server, name: str) -> None:
    response = answered(await server.post("/Claim/$submit", sample(f"request-{name}")))
    [found] = returned(await server.post("/Claim/$inquire", sample("inquiry")))
    kept = (await server.get(f"/ClaimResponse/{response['id']}")).json()
    for one, known in ((response, PAS), (found, PAS), (kept, (PAS, OUR_BASE))):
        urls = set(extension_urls(one))
        assert PAS + "extension-reviewAction" in urls
        assert all(url.startswith(known) for url in urls)


@pytest.mark.requirement("pas-2.2.1/prof-ben-1")
@pytest.mark.requirement("pas-2.2.1/prof-sub-1")
async def test_a_nine_digit_zip_code_keeps_its_dash(server: Server) -> None:
    insured = {"meta": {"profile": [PAS + "profile-subscriber"]}, "address": [{"postalCode": "92101-1234"}]}
    subscriber = {**patient("M009"), **insured}
    bundle = request_bundle(entries=[entry("Patient/subscriber-1", subscriber)])
    of_type(bundle, "Patient")["address"] = [{"postalCode": "10001-4321"}]
    of_type(bundle, "Coverage")["subscriber"] = {"reference": "Patient/subscriber-1"}
    extra = {"url": "https://ehr.example.org/coverage", "valueReference": {"reference": "Coverage/coverage-1"}}
    of_type(bundle, "Patient")["extension"] = [extra]
    answer = await server.post("/Claim/$submit", bundle)
    assert actions(answered(answer)) == {1: "A1"}
    echoed = [one for one in resources(answer.json()) if one["resourceType"] == "Patient"]
    assert [one["address"][0]["postalCode"] for one in echoed] == ["10001-4321", "92101-1234"]


@pytest.mark.requirement("pas-2.2.1/profile-sequence")
async def test_items_keep_their_sequences_through_request_update_and_inquiry(server: Server) -> None:
    items = [request_item(7), request_item(3, code="72148", quantity=2)]
    asked = request_bundle(identifier="before", items=items)
    before = answered(await server.post("/Claim/$submit", asked))
    prior = concept("http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship", "prior")
    related = [{"relationship": prior, "claim": {"reference": "Claim/claim-0"}}]
    earlier = entry("Claim/claim-0", asked["entry"][0]["resource"])
    added = request_item(12)
    added["extension"].append(extension("extension-infoChanged", valueCode="added"))
    update = request_bundle(
        identifier="after",
        items=[*items, added],
        entries=[earlier],
        claim={"meta": {"profile": [PAS + "profile-claim-update"]}, "related": related},
    )
    after = answered(await server.post("/Claim/$submit", update))
    assert [set(actions(one)) for one in (before, after)] == [{7, 3}, {7, 3, 12}]
    found = {one["id"]: one for one in returned(await server.post("/Claim/$inquire", inquiry_bundle()))}
    assert actions(found[after["id"]]) == actions(after)
