"""`$submit` rejects faults against the profiles and rules of the guide, with the place and the rule of each."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.codes import pas
from tests.api.reading import Json, issues
from tests.api.refusing import REQUEST, refused
from tests.api.requests.test_senders_duties import update, without
from tests.support.samples import entry, practitioner, request_bundle, request_item, supporting_document
from tests.support.server import Server


def without_category() -> Json:
    item = request_item()
    del item["category"]
    return request_bundle(items=[item])


def of_another_id() -> Json:
    sent = request_bundle()
    sent["entry"][4]["fullUrl"] = sent["entry"][4]["fullUrl"].replace("patient-1", "patient-2")
    sent["entry"][0]["resource"]["patient"] = {"reference": "Patient/patient-2"}
    return sent


def nameless_payer() -> Json:
    sent = request_bundle()
    payer = next(one["resource"] for one in sent["entry"] if one["fullUrl"].endswith("/payer-1"))
    del payer["name"]
    return sent


def unknown_modifier() -> Json:
    modifier = {"url": "https://ehr.example.org/not-really", "valueBoolean": True}
    return request_bundle(items=[request_item() | {"modifierExtension": [modifier]}])


def one_number_for_two() -> Json:
    return request_bundle(claim={"supportingInfo": [supporting_document("DocumentReference/document-1")] * 2})


@pytest.mark.parametrize(
    ("body", "place", "rule"),
    [
        pytest.param(without_category, f"{REQUEST}.item[0].category", "profile-claim min", id="spec-12"),
        pytest.param(of_another_id, "Bundle.entry[4].fullUrl", "spec-16", id="spec-16"),
        pytest.param(nameless_payer, "Bundle.entry[2].resource.name", "profile-insurer min", id="spec-23"),
        pytest.param(unknown_modifier, f"{REQUEST}.item[0].modifierExtension[0]", "modifier-extension", id="spec-25"),
        pytest.param(one_number_for_two, f"{REQUEST}.supportingInfo[1].sequence", "spec-22", id="spec-22"),
    ],
)
@pytest.mark.requirement("pas-2.2.1/spec-12")
@pytest.mark.requirement("pas-2.2.1/spec-16")
@pytest.mark.requirement("pas-2.2.1/spec-22")
@pytest.mark.requirement("pas-2.2.1/spec-23")
@pytest.mark.requirement("pas-2.2.1/spec-25")
async def test_the_server_rejects_each_fault_with_its_path_and_its_rule(
    server: Server, body: Callable[[], Json], place: str, rule: str
) -> None:
    answer = await server.post("/Claim/$submit", body())
    assert answer.status_code == 422
    found = [one for one in issues(answer) if one["severity"] == "error"]
    assert place in [one["expression"][0] for one in found]
    assert any(one["diagnostics"].endswith(rule) for one in found)
    assert (await refused(server, "/Claim/$submit", body())).status == 422


@pytest.mark.requirement("pas-2.2.1/spec-65")
@pytest.mark.requirement("pas-2.2.1/prof-4")
async def test_the_server_rejects_an_update_without_the_claim_that_it_updates(server: Server) -> None:
    found = await refused(server, "/Claim/$submit", without(update([request_item()]), "claim-0"))
    assert found.status == 422
    assert f"{REQUEST}.related[0].claim" in found.places


@pytest.mark.requirement("pas-2.2.1/spec-25")
async def test_the_server_ignores_an_unknown_extension(server: Server) -> None:
    unknown = {"url": "https://ehr.example.org/room", "valueString": "4b"}
    answer = await server.post("/Claim/$submit", request_bundle(claim={"extension": [unknown]}))
    assert answer.status_code == 200


async def test_all_faults_are_reported_together(server: Server) -> None:
    sent = without_category()
    sent["type"] = "batch"
    sent["entry"].append(entry("Practitioner/practitioner-9", practitioner() | {"gender": "neither"}))
    found = await refused(server, "/Claim/$submit", sent)
    assert {f"{REQUEST}.item[0].category", "Bundle.type", "Bundle.entry[7].resource.gender"} <= set(found.places)


async def test_a_request_rejected_in_one_edition_may_be_valid_in_the_other(server: Server) -> None:
    item = request_item()
    del item["locationCodeableConcept"]
    sent = request_bundle(items=[item])
    assert (await refused(server, "/Claim/$submit", sent)).places == (f"{REQUEST}.item[0].location",)
    answer = await server.post("/Claim/$submit", sent, base="/2.0.1/fhir")
    assert answer.json()["meta"]["profile"] == [pas("profile-pas-response-bundle")]
