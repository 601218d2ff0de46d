"""The documents of a request are readable to those who sent them and to the payer, and to no others."""

from __future__ import annotations

from base64 import b64decode

import httpx
import pytest

from app.conformance.admission import base_validator
from app.conformance.strictness import Level
from tests.api.asking.asked import control_numbers
from tests.api.asking.attaching import TEXT, attach, note, parameters
from tests.api.asking.evidenced import HEIGHT, PAGE, with_evidence
from tests.api.reading import Json, answered
from tests.api.updating import MRI, update_of
from tests.support.evidence import SOMEBODY
from tests.support.samples import entry, request_bundle
from tests.support.server import Server

READERS = ("ehr-a", "reviewer", "physician", "admin")
OTHERS = ("ehr-b", "reviewer-2", "patient-1", "patient-2")


async def submitted(server: Server) -> tuple[str, list[str]]:
    response = await server.post("/Claim/$submit", with_evidence())
    return answered(response)["id"], control_numbers(response)


async def evidence(server: Server, id_: str, client: str = "reviewer") -> list[Json]:
    answer = await server.get(f"/ClaimResponse/{id_}/$evidence", client)
    assert answer.status_code == 200, answer.text
    bundle = answer.json()
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "searchset")
    found: list[Json] = bundle.get("entry", [])
    return found


def below(url: str) -> str:
    return "/" + url.partition("/fhir/")[2]


async def test_all_evidence_of_a_request_and_its_attachments_is_in_one_bundle(server: Server) -> None:
    id_, [number] = await submitted(server)
    await attach(server, parameters(number, note()))
    entries = await evidence(server, id_)
    types = [one["resource"]["resourceType"] for one in entries]
    assert types == ["DocumentReference", "QuestionnaireResponse", "Observation", "Communication", "DocumentReference"]
    patient = (await server.get(f"/ClaimResponse/{id_}", "reviewer")).json()["patient"]
    assert all(one["resource"]["subject"] == patient for one in entries)
    assert len({one["fullUrl"] for one in entries}) == 5
    for one in entries:
        assert base_validator().validate(one["resource"], level=Level.STANDARD) == ()
    assert "data" not in str(entries)


async def test_evidence_about_another_person_keeps_its_subject(server: Server) -> None:
    body = with_evidence()
    other = {**HEIGHT, "subject": {"reference": "Patient/patient-2"}}
    body["entry"] += [SOMEBODY, entry("Observation/height-2", other)]
    response = await server.post("/Claim/$submit", body)
    entries = await evidence(server, answered(response)["id"])
    *own, foreign = [one["resource"]["subject"] for one in entries if one["resource"]["resourceType"] == "Observation"]
    assert [subject["reference"].startswith("Patient/") for subject in own] == [True]
    assert (foreign["type"], foreign["identifier"]["value"], "reference" in foreign) == ("Patient", "M002", False)


@pytest.mark.parametrize("client", READERS)
async def test_a_document_is_read_by_its_url(server: Server, client: str) -> None:
    id_, _ = await submitted(server)
    first = (await evidence(server, id_, client))[0]
    read = await server.get(below(first["fullUrl"]), client)
    assert read.json() == first["resource"]
    assert read.json()["author"][0]["identifier"]["value"]
    url = read.json()["content"][0]["attachment"]["url"]
    binary = await server.get(below(url), client)
    assert (binary.status_code, binary.content) == (200, PAGE)
    assert binary.headers["content-type"] == "text/html"
    assert binary.headers["x-content-type-options"] == "nosniff"
    assert binary.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in binary.headers["content-security-policy"]
    assert binary.headers["cache-control"] == "no-store"


async def test_an_attachment_is_read_by_its_url(server: Server) -> None:
    id_, [number] = await submitted(server)
    await attach(server, parameters(number, note()))
    last = (await evidence(server, id_))[-1]
    binary = await server.get(below(last["resource"]["content"][0]["attachment"]["url"]), "reviewer")
    assert (binary.content, binary.headers["content-type"]) == (TEXT, "text/plain")


async def test_a_binary_is_fhir_for_a_client_that_asks_for_fhir(server: Server) -> None:
    id_, _ = await submitted(server)
    first = (await evidence(server, id_))[0]["resource"]
    path = below(first["content"][0]["attachment"]["url"])
    for answer in (
        await server.get(path, "reviewer", Accept="application/fhir+json"),
        await server.get(f"{path}?_format=json", "reviewer"),
    ):
        resource = answer.json()
        assert answer.headers["content-type"] == "application/fhir+json"
        assert (resource["resourceType"], resource["contentType"]) == ("Binary", "text/html")
        assert b64decode(resource["data"]) == PAGE
    assert (await server.get(path, "reviewer", Accept="application/pdf")).content == PAGE


async def test_the_evidence_of_an_update_is_beside_that_of_the_request(server: Server) -> None:
    id_, _ = await submitted(server)
    update = update_of(with_evidence(), [MRI], entries=[entry("Observation/height-1", HEIGHT)])
    assert answered(await server.post("/Claim/$submit", update))["id"] == id_
    ids = [one["resource"]["id"].removeprefix(id_) for one in await evidence(server, id_)]
    assert [one.split(".")[1] for one in ids] == ["0", "0", "0", "0", "1"]


@pytest.mark.parametrize("client", OTHERS)
async def test_a_foreign_document_is_answered_as_an_unknown_one(server: Server, client: str) -> None:
    id_, _ = await submitted(server)
    entries = await evidence(server, id_)
    unknown = "00000000-0000-4000-a000-000000000000"
    paths = [f"/ClaimResponse/{id_}/$evidence", *(below(one["fullUrl"]) for one in entries[:2])]
    paths.append(below(entries[0]["resource"]["content"][0]["attachment"]["url"]))
    for path in paths:
        foreign = await server.get(path, client)
        assert_same(foreign, await server.get(path.replace(id_, unknown), client))


def assert_same(foreign: httpx.Response, other: httpx.Response) -> None:
    assert foreign.status_code in {403, 404}
    assert (foreign.status_code, foreign.content) == (other.status_code, other.content)


@pytest.mark.parametrize(
    "path",
    [
        "/DocumentReference/{}.0.99",
        "/DocumentReference/{}.7.1",
        "/DocumentReference/{}.a0",
        "/DocumentReference/{}",
        "/QuestionnaireResponse/{}.0.7",
        "/Binary/{}.0.7.1",
        "/Binary/{}.0.7",
        "/Binary/{}.0.7.x",
        "/Binary/{}",
    ],
)
async def test_an_id_of_nothing_is_not_found(server: Server, path: str) -> None:
    id_, _ = await submitted(server)
    assert (await server.get(path.format(id_), "reviewer")).status_code == 404


async def test_a_request_without_evidence_has_an_empty_bundle(server: Server) -> None:
    response = await server.post("/Claim/$submit", request_bundle(items=[MRI]))
    assert await evidence(server, answered(response)["id"]) == []
