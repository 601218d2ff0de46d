"""The published example Bundles of both editions, posted to their edition's endpoints."""

from __future__ import annotations

import copy

import pytest

from app.fhir.json import write
from tests.api.reading import actions, answered, as_written, references, resources
from tests.support.official import examples, needs_packages, parameters
from tests.support.samples import PAS
from tests.support.server import Server

REQUESTS, INQUIRIES = parameters(inquiry=False), parameters(inquiry=True)
UPDATE = "Bundle-HomecareAuthorizationUpdateBundleExample"
PROFILES = {False: PAS + "profile-pas-request-bundle", True: PAS + "profile-pas-inquiry-request-bundle"}


@needs_packages
@pytest.mark.parametrize("version", ["2.2.1", "2.0.1"])
def test_the_profiles_of_the_examples_determine_their_kind(version: str) -> None:
    profiles = {name: bundle["meta"]["profile"] for name, bundle in examples(version).items()}
    assert profiles == {name: [PROFILES["Inquiry" in name]] for name in profiles}
    assert {one for [one] in profiles.values()} == set(PROFILES.values())


@pytest.mark.parametrize(("version", "name"), REQUESTS)
async def test_every_request_is_answered_item_by_item(server: Server, version: str, name: str) -> None:
    sent = examples(version)[name]
    answer = await server.post("/Claim/$submit", sent, base=f"/{version}/fhir")
    response = answered(answer)
    assert "error" not in response
    items = sent["entry"][0]["resource"]["item"]
    assert list(actions(response)) == [item["sequence"] for item in items]
    assert answer.json()["identifier"] == sent["identifier"]
    kept = await server.get(f"/ClaimResponse/{response['id']}", base=f"/{version}/fhir")
    assert kept.status_code == 200
    assert len(resources((await server.get("/Claim", base=f"/{version}/fhir")).json())) == 1


@pytest.mark.parametrize(("version", "name"), REQUESTS)
@pytest.mark.requirement("pas-2.2.1/spec-31")
@pytest.mark.requirement("pas-2.2.1/spec-33")
async def test_echoed_entries_of_an_example_are_unchanged(server: Server, version: str, name: str) -> None:
    text = write(examples(version)[name])
    answer = await server.post("/Claim/$submit", text, base=f"/{version}/fhir")
    before = {entry["fullUrl"]: entry for entry in as_written(text)["entry"]}
    echoed = as_written(answer.text)["entry"][1:]
    assert echoed
    assert [write(entry) for entry in echoed] == [write(before[entry["fullUrl"]]) for entry in echoed]
    urls = [entry["fullUrl"] for entry in answer.json()["entry"]]
    assert len(set(urls)) == len(urls)
    claim_response = answered(answer)
    assert set(references(claim_response)) - {claim_response["request"]["reference"]} <= set(urls)


@pytest.mark.parametrize(("version", "name"), [one for one in REQUESTS if one.id in {"none", f"2.2.1-{UPDATE}"}])
@pytest.mark.requirement("pas-2.2.1/spec-46")
async def test_the_update_example_changes_the_request_before_it(server: Server, version: str, name: str) -> None:
    before = answered(await server.post("/Claim/$submit", examples(version)[name.replace("Update", "")]))
    after = answered(await server.post("/Claim/$submit", examples(version)[name]))
    assert after["id"] == before["id"]
    assert (actions(before), actions(after)) == ({1: "A4", 2: "NA"}, {1: "A4", 2: "C", 3: "NA"})
    stored = (await server.get(f"/ClaimResponse/{before['id']}")).json()
    assert actions(stored) == actions(after)


@pytest.mark.parametrize(("version", "name"), INQUIRIES)
async def test_every_inquiry_gets_the_answer_of_its_edition(server: Server, version: str, name: str) -> None:
    answer = await server.post("/Claim/$inquire", examples(version)[name], base=f"/{version}/fhir")
    assert answer.status_code == 200
    assert answer.json()["resourceType"] == ("Parameters" if version == "2.2.1" else "Bundle")


@pytest.mark.parametrize(("version", "name"), INQUIRIES)
async def test_an_inquiry_for_its_service_finds_the_homecare_request(server: Server, version: str, name: str) -> None:
    base = f"/{version}/fhir"
    for each in ("Bundle-HomecareAuthorizationBundleExample", "Bundle-MedicalServicesAuthorizationBundleExample"):
        await server.post("/Claim/$submit", examples(version)[each], base=base)
    inquiry = copy.deepcopy(examples(version)[name])
    # Its second item asks for what was issued on a day of 2019.
    del inquiry["entry"][0]["resource"]["item"][1:]
    answer = (await server.post("/Claim/$inquire", inquiry, base=base)).json()
    bundles = [one["resource"] for one in answer["parameter"]] if version == "2.2.1" else [answer]
    found = [one for bundle in bundles for one in resources(bundle) if one["resourceType"] == "ClaimResponse"]
    homecare = examples(version)["Bundle-HomecareAuthorizationBundleExample"]["entry"][0]["resource"]
    assert [sorted(actions(one)) for one in found] == [[item["sequence"] for item in homecare["item"]]]
