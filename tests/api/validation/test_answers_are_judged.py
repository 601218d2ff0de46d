"""Every test that talks to a server relies on this: an answer that is not conformant fails the test."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.fhir.json import write
from app.fhir.outcome import FhirError
from app.pas.edition import EDITIONS
from tests.support.judged import Judged, own_faults
from tests.support.samples import request_bundle
from tests.support.server import ROOT, Server

Json = dict[str, Any]

SUBMIT = "/fhir/Claim/$submit"


async def answered(server: Server, sent: Json) -> Json:
    answer: Json = (await server.post("/Claim/$submit", sent)).json()
    return answer


def places(answer: Json, sent: Json, path: str = SUBMIT) -> set[str]:
    body = write(sent).encode()
    return {fault.place for fault in own_faults(path, write(answer).encode(), body, [(next(iter(EDITIONS)), body)])}


async def test_an_unchanged_answer_has_no_fault(server: Server) -> None:
    sent = request_bundle()
    assert places(await answered(server, sent), sent) == set()


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("status", "draft", "Bundle.entry[0].resource.status"),
        ("outcome", "queued", "Bundle.entry[0].resource.outcome"),
        ("color", "blue", "Bundle.entry[0].resource.color"),
        ("patient", {"reference": "https://ehr.example.org/fhir/Patient/nobody"}, "Bundle.entry[0].resource.patient"),
        ("meta", {"profile": ["https://payer.example.org/own"]}, "Bundle.entry[0].resource"),
    ],
)
async def test_a_fault_in_an_answer_is_found(server: Server, path: str, value: Any, place: str) -> None:
    sent = request_bundle()
    answer = await answered(server, sent)
    answer["entry"][0]["resource"][path] = value
    assert any(found.startswith(place) for found in places(answer, sent))


async def test_a_quantity_without_a_unit_is_found(server: Server) -> None:
    sent = request_bundle()
    answer = await answered(server, sent)
    item = answer["entry"][0]["resource"]["item"][0]
    item["extension"].append(
        {
            "url": "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-itemAuthorizedDetail",
            "extension": [{"url": "quantity", "valueQuantity": {"value": 12}}],
        }
    )
    assert "Bundle.entry[0].resource" in places(answer, sent)


async def test_an_answer_without_a_profile_is_found(server: Server) -> None:
    sent = request_bundle()
    answer = await answered(server, sent)
    del answer["meta"]
    assert "Bundle" in places(answer, sent)


async def test_a_fault_of_the_request_does_not_count_as_a_fault_of_its_answer(server: Server) -> None:
    sent = request_bundle()
    patient = next(one["resource"] for one in sent["entry"] if one["resource"]["resourceType"] == "Patient")
    patient["managingOrganization"] = {"reference": "Organization/left-out"}
    answer = await answered(server, sent)
    assert places(answer, sent) == set()
    assert places(answer, request_bundle()) != set()
    repeated = next(one["resource"] for one in answer["entry"] if one["resource"]["resourceType"] == "Patient")
    repeated["color"] = "blue"
    assert places(answer, sent) != set()


@pytest.mark.parametrize(
    ("media_type", "body", "message"),
    [
        ("application/fhir+json", b'{"resourceType":"Patient","color":"blue"}', "Patient.color"),
        ("application/fhir+json; charset=utf-8", b'{"resourceType":"OperationOutcome"}', "OperationOutcome.issue"),
        ("application/json", b'{"resourceType":"Patient","active":true}', "is answered in"),
    ],
)
async def test_a_test_ends_at_an_answer_that_is_not_conformant(media_type: str, body: bytes, message: str) -> None:
    answer = httpx.Response(404, headers={"Content-Type": media_type}, content=body)
    way = Judged(httpx.MockTransport(lambda _: answer))
    async with httpx.AsyncClient(transport=way, base_url=ROOT) as http:
        with pytest.raises(AssertionError, match=message):
            await http.get("/fhir/Patient/1")


def test_a_text_that_is_not_json_is_not_an_answer() -> None:
    with pytest.raises(FhirError):
        own_faults(SUBMIT, b'{"resourceType":', b"", [])
