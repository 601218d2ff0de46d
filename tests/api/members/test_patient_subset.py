"""A provider sees the member's identity in the payer's Patient, and no address, on every way to it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.access.grant import OF_PROVIDERS
from app.access.reach import REACH, SHOWN, Reach
from app.fhir.json import read, write
from app.fhir.outcome import FhirError
from app.records.shown import check_searched
from app.search.parameters import PARAMETERS, Search
from app.search.subset_elements import ALWAYS, ELEMENTS
from app.search.subsets import SUBSETTED, only
from app.search.values import Condition
from tests.api.reading import answered
from tests.support.samples import request_bundle
from tests.support.server import Server

Json = dict[str, Any]

HIDDEN = "Hidden Lane"
"""Stands in everything that the payer alone must know."""

PRIVATE: Json = {
    "address": [{"line": [f"12 {HIDDEN}"], "city": HIDDEN, "postalCode": "12345"}],
    "telecom": [{"system": "phone", "value": HIDDEN}],
    "maritalStatus": {"text": HIDDEN},
    "contact": [{"name": {"family": HIDDEN}}],
    "communication": [{"language": {"text": HIDDEN}}],
    "generalPractitioner": [{"display": HIDDEN}],
    "managingOrganization": {"reference": "#o", "display": HIDDEN},
    "deceasedBoolean": False,
    "multipleBirthBoolean": True,
    "extension": [
        {"url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace", "valueAddress": {"city": HIDDEN}}
    ],
    "text": {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{HIDDEN}</div>'},
    "contained": [{"resourceType": "Organization", "id": "o", "name": HIDDEN}],
    "photo": [{"title": HIDDEN}],
    "link": [{"other": {"display": HIDDEN}, "type": "seealso"}],
}

SEEN = {"resourceType", "id", "meta", "identifier", "name", "birthDate", "gender"}

WAYS = [
    "/Patient/{id}",
    "/Patient/{id}?_summary=false",
    "/Patient/{id}?_summary=true",
    "/Patient/{id}?_summary=data",
    "/Patient/{id}?_summary=text",
    "/Patient/{id}?_elements=address,telecom,contact,text,name",
    "/Patient/{id}/_history/1",
    "/Patient/{id}/_history/2",
    "/Patient/{id}/_history/2?_elements=address",
    "/Patient/{id}/_history/3",
    "/Patient/{id}/_history/3?_summary=true",
    "/Patient/{id}/_history",
    "/Patient/{id}/_history?_count=1",
    "/Patient/_history",
    "/Patient",
    "/Patient?_id={id}",
    "/Patient?family=Sample",
    "/Patient?identifier=M001&_summary=data",
    "/Patient?_elements=address,telecom",
    "/Patient?_summary=true",
    "/Patient?_summary=text",
    "/Claim?_include=Claim:patient",
    "/ClaimResponse?_include=ClaimResponse:patient",
    "/ClaimResponse?_include=ClaimResponse:patient&_summary=true",
    "/Coverage?_include=Coverage:beneficiary",
    "/Coverage?_include=Coverage:beneficiary&_elements=beneficiary",
]


@pytest.fixture
async def member(server: Server) -> str:
    """A member of whom the payer knows more than it was sent, and has said so in two versions."""
    answered(await server.post("/Claim/$submit", request_bundle()))
    [entry] = (await server.get("/Patient", "admin")).json()["entry"]
    person = entry["resource"]
    for version in (1, 2):
        written = await server.put(f"/Patient/{person['id']}", person | PRIVATE, **{"If-Match": f'W/"{version}"'})
        assert written.status_code == 200, written.text
    return str(person["id"])


def patients(answer: httpx.Response) -> list[Json]:
    """Return every Patient in an answer."""
    assert answer.status_code == 200, answer.text
    body = answer.json()
    entries = [entry.get("resource", {}) for entry in body.get("entry", [])]
    found = [one for one in (body, *entries) if one["resourceType"] == "Patient"]
    assert found
    return found


def is_part(person: Json) -> bool:
    tags: list[Json] = person["meta"].get("tag", [])
    return tags.count(SUBSETTED) == 1


@pytest.mark.parametrize("base", ["/fhir", "/2.0.1/fhir"])
@pytest.mark.parametrize("way", WAYS)
async def test_a_provider_sees_only_the_members_identity(server: Server, member: str, way: str, base: str) -> None:
    answer = await server.get(way.format(id=member), "ehr-a", base)
    for person in patients(answer):
        assert set(person) <= SEEN
        assert is_part(person)
    assert HIDDEN not in answer.text


@pytest.mark.parametrize("way", [way for way in WAYS if "_elements" not in way and "_summary" not in way])
@pytest.mark.parametrize("client", ["admin", "reviewer", "patient-1"])
async def test_staff_and_the_member_see_the_whole_patient(server: Server, member: str, way: str, client: str) -> None:
    whole = [one for one in patients(await server.get(way.format(id=member), client)) if not is_part(one)]
    newest = max(whole, key=lambda person: int(person["meta"]["versionId"]))
    assert newest.keys() >= PRIVATE.keys() or newest["meta"]["versionId"] == "1"
    assert not any(map(is_part, patients(await server.get(way.format(id=member), client))))


async def test_a_search_by_post_shows_a_provider_no_more(server: Server, member: str) -> None:
    headers = server.headers("ehr-a") | {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await server.http.post("/fhir/Patient/_search", content=f"_id={member}", headers=headers)
    [person] = patients(answer)
    assert set(person) == SEEN
    assert is_part(person)


async def test_a_part_of_a_patient_has_the_version_of_the_whole(server: Server, member: str) -> None:
    part = await server.get(f"/Patient/{member}", "ehr-a")
    whole = await server.get(f"/Patient/{member}", "admin")
    for header in ("ETag", "Last-Modified"):
        assert part.headers[header] == whole.headers[header]
    assert part.json()["meta"]["versionId"] == "3"
    assert {name: part.json()[name] for name in ("identifier", "name", "birthDate")} == {
        name: whole.json()[name] for name in ("identifier", "name", "birthDate")
    }


@pytest.mark.parametrize("parameter", ["address", "address-city", "telecom", "phone", "general-practitioner"])
@pytest.mark.usefixtures("member")
async def test_no_search_by_a_hidden_element_reveals_its_value(server: Server, parameter: str) -> None:
    right = await server.get(f"/Patient?{parameter}={HIDDEN}")
    wrong = await server.get(f"/Patient?{parameter}=Elsewhere")
    assert right.status_code == wrong.status_code
    assert right.text.replace(HIDDEN.replace(" ", "+"), "") == wrong.text.replace("Elsewhere", "")


NOT_SEARCHED = {"Patient": set[str](), "Task": {"owner", "business-status", "authorization-type", "item-code"}}
"""By type, the parameters that find elements which a provider does not see."""


@pytest.mark.parametrize("type_", SHOWN)
def test_a_caller_that_sees_some_elements_searches_only_by_these(type_: str) -> None:
    for role, elements in SHOWN[type_].items():
        assert role in REACH[type_]
        assert elements <= ELEMENTS[type_].names - ALWAYS
        reach = Reach({}, shown={type_: elements})
        refused = {row.name for row in PARAMETERS[type_] if not row.order and is_refused(reach, type_, row.name)}
        assert refused == NOT_SEARCHED[type_], role


def is_refused(reach: Reach, type_: str, name: str) -> bool:
    try:
        check_searched(reach, Search(type_, (Condition(name, ("x",)),)))
    except FhirError:
        return True
    return False


def test_a_part_keeps_its_modifiers_and_has_one_tag() -> None:
    changing = [{"url": "https://payer.example.org/modifier", "valueBoolean": True}]
    meta = {"versionId": "1", "tag": [{"code": "x"}, SUBSETTED]}
    body = {"resourceType": "Patient", "implicitRules": "urn:r", "modifierExtension": changing, "meta": meta}
    nameless = {"extension": [{"url": "urn:absent", "valueCode": "unknown"}]}
    whole = body | {"active": True, "birthDate": "1984", "_birthDate": nameless, "_active": nameless}
    part = read(only(frozenset({"birthDate"}), write(whole)).encode())
    assert part == body | {"birthDate": "1984", "_birthDate": nameless}


def test_only_providers_see_a_part_of_a_patient() -> None:
    assert set(SHOWN["Patient"]) == OF_PROVIDERS
