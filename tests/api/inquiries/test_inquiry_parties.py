"""The answer to an inquiry has the providers of the request and its Claim, also if the inquiry repeats neither."""

from __future__ import annotations

from typing import Any

import pytest

from app.fhir.json import write
from app.workflow.requests import originals
from tests.api.inquiries.test_inquire_access import OF_B, inquiry, performed_by
from tests.api.reading import Json, answered, extension, references, resources
from tests.api.updating import THERAPY, sent, submitted, units, update_of
from tests.support.samples import CLIENT, RENDERING, REQUESTOR, inquiry_bundle, request_bundle
from tests.support.server import ROOT, Server

PROVIDER = "extension-itemAuthorizedProvider"


async def bundles(server: Server, body: Json, client: str = "ehr-a", base: str = "/fhir") -> list[Json]:
    """Return the Bundles of the answer."""
    answer = await server.post("/Claim/$inquire", body, client, base)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    named = [one["resource"] for one in found.get("parameter", []) if one["name"] == "return"]
    return named or [found]


def by_url(bundle: Json) -> dict[str, Json]:
    found = {one["fullUrl"]: one["resource"] for one in bundle["entry"]}
    assert len(found) == len(bundle["entry"])
    return found


def provider_of(bundle: Json) -> Any:
    [part] = extension(resources(bundle)[0]["item"][0], PROVIDER)["extension"]
    return part["valueReference"]


async def test_the_answer_has_the_providers_of_the_request(server: Server) -> None:
    request = request_bundle()
    await server.post("/Claim/$submit", request)
    [bundle] = await bundles(server, inquiry_bundle())
    entries = by_url(bundle)
    practitioner = f"{CLIENT}/Practitioner/practitioner-1"
    assert provider_of(bundle) == {"reference": practitioner}
    asked = {one["fullUrl"]: one["resource"] for one in request["entry"]}
    assert entries[practitioner] == asked[practitioner]


async def test_another_provider_gets_the_requestor_of_the_request(server: Server) -> None:
    await server.post("/Claim/$submit", performed_by(request_bundle(identifier="one"), OF_B))
    server.clock.move(seconds=1)
    elsewhere = f"{CLIENT}/Organization/clinic-2"
    body = write(performed_by(request_bundle(identifier="two"), OF_B)).replace("clinic-1", "clinic-2")
    await server.post("/Claim/$submit", body)
    first, second = await bundles(server, inquiry(OF_B), "ehr-b")
    # The inquiry has another organization under the URL of the first request.
    assert resources(first)[0]["requestor"]["identifier"]["value"] == REQUESTOR
    assert resources(second)[0]["requestor"] == {"reference": elsewhere}
    assert by_url(second)[elsewhere]["identifier"][0]["value"] == REQUESTOR


@pytest.mark.requirement("pas-2.2.1/spec-45")
async def test_the_owner_gets_the_claim_in_the_references_of_the_inquiry(server: Server) -> None:
    response = answered(await server.post("/Claim/$submit", request_bundle()))
    [bundle] = await bundles(server, inquiry_bundle())
    entries = by_url(bundle)
    claim = entries[resources(bundle)[0]["request"]["reference"]]
    assert claim["item"] == request_bundle()["entry"][0]["resource"]["item"]
    assert claim["patient"] == {"reference": f"{CLIENT}/Patient/patient-1"}
    assert {url if url.startswith("http") else f"{CLIENT}/{url}" for url in references(claim)} <= entries.keys()
    assert resources(bundle)[0]["id"] == response["id"]
    assert resources(bundle)[0]["resourceType"] == "ClaimResponse"


async def test_another_provider_gets_no_claim(server: Server) -> None:
    await server.post("/Claim/$submit", performed_by(request_bundle(), OF_B))
    [bundle] = await bundles(server, inquiry(OF_B), "ehr-b")
    reference = resources(bundle)[0]["request"]["reference"]
    assert reference.startswith(f"{ROOT}/fhir/Claim/")
    assert reference not in by_url(bundle)
    assert (await server.get(reference.removeprefix(f"{ROOT}/fhir"), "ehr-b")).status_code == 404
    [of_staff] = await bundles(server, inquiry(OF_B), "reviewer")
    assert resources(of_staff)[0]["request"]["reference"] in by_url(of_staff)


async def test_the_older_edition_has_the_parties_of_all_matches_once(server: Server) -> None:
    for identifier in ("one", "two"):
        await server.post("/Claim/$submit", request_bundle(identifier=identifier), base="/2.0.1/fhir")
    item = {"sequence": 1, "productOrService": THERAPY["productOrService"]}
    [bundle] = await bundles(server, inquiry_bundle(items=[item]), base="/2.0.1/fhir")
    types = [one["resourceType"] for one in by_url(bundle).values()]
    assert (types.count("ClaimResponse"), types.count("Claim"), types.count("Practitioner")) == (2, 2, 1)


async def test_an_inquiry_in_another_edition_gets_no_claim(server: Server) -> None:
    await server.post("/Claim/$submit", request_bundle(), base="/2.0.1/fhir")
    [bundle] = await bundles(server, inquiry_bundle())
    assert [one["resourceType"] for one in resources(bundle)].count("Claim") == 0


async def test_after_an_update_the_answer_has_its_parties_and_no_claim(server: Server) -> None:
    first = sent([THERAPY])
    await submitted(server, first)
    await submitted(server, update_of(first, [units(THERAPY, 13)]))
    [bundle] = await bundles(server, inquiry_bundle())
    assert provider_of(bundle) == {"reference": f"{CLIENT}/Practitioner/practitioner-1"}
    assert "Claim" not in {one["resourceType"] for one in resources(bundle)}


async def test_bundles_beyond_the_budget_are_not_read_again(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(originals, "MOST_BYTES", 1)
    await server.post("/Claim/$submit", request_bundle())
    [bundle] = await bundles(server, inquiry_bundle())
    assert provider_of(bundle)["identifier"]["value"] == RENDERING
    assert "Claim" not in {one["resourceType"] for one in resources(bundle)}


async def test_a_provider_that_leads_to_a_patient_is_named_by_identifier(server: Server) -> None:
    request = request_bundle()
    person = next(one["resource"] for one in request["entry"] if one["fullUrl"].endswith("practitioner-1"))
    about = {"url": "https://ehr.example.org/mentor", "valueReference": {"reference": "Patient/patient-1"}}
    person["extension"] = [about]
    assert (await server.post("/Claim/$submit", request)).status_code == 200
    [bundle] = await bundles(server, inquiry_bundle())
    assert provider_of(bundle)["identifier"]["value"] == RENDERING
