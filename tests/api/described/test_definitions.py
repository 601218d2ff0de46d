"""The server serves every definition that it refers to, by id and by canonical URL."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, get_args

import pytest

from app.codes import AUTHORIZATION_TYPES
from app.conformance.capability import definitions
from app.conformance.strictness import Level
from app.domain.parts.authorization_type import AuthorizationType
from app.domain.parts.decision_clock import ExtensionReason
from app.domain.parts.origin import Channel
from app.domain.parts.ruling import Action
from app.domain.urgency import Urgency
from app.policy.loading import shipped_tables
from app.search.canonicals import DEFINED
from tests.api.described.declaring import BASES, statement
from tests.api.reading import issues, resources
from tests.api.reviewing import NEW, pended
from tests.conformance.engine import validator
from tests.support.server import Server

Json = dict[str, Any]

OWN = "https://preauth.example.org/fhir/"
GUIDE = "http://hl7.org/fhir/us/davinci-pas/"


def canonicals(value: Any) -> Iterator[str]:
    """Give every text in a resource that may be a canonical."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from canonicals(inner)


@pytest.mark.parametrize("base", BASES)
async def test_every_named_definition_of_this_server_is_served_at_its_url(server: Server, base: str) -> None:
    files = [*definitions(BASES[base])]
    named = {url for url in canonicals([await statement(server, base), files]) if url.startswith(OWN)}
    named = {url for url in named if url.removeprefix(OWN).partition("/")[0] in DEFINED}
    assert len(named) >= len([one for one in files if one["url"].startswith(OWN)])
    for url in sorted(named):
        answer = await server.http.get(f"{base}/{url.removeprefix(OWN)}")
        assert (answer.status_code, answer.json()["url"]) == (200, url)


@pytest.mark.parametrize("base", BASES)
async def test_every_profile_of_the_guide_that_is_named_is_found_by_its_url(server: Server, base: str) -> None:
    [rest] = (await statement(server, base))["rest"]
    named = [profile for resource in rest["resource"] for profile in resource.get("supportedProfile", [])]
    profiles = [profile for profile in named if profile.startswith(GUIDE)]
    assert profiles
    for profile in profiles:
        for url in (profile, f"{profile}|{BASES[base]}"):
            answer = await server.http.get(f"{base}/StructureDefinition", params={"url": url})
            [found] = resources(answer.json())
            assert (found["url"], found["version"]) == (profile, BASES[base])
            assert (await server.http.get(f"{base}/StructureDefinition/{found['id']}")).json() == found


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("type_", DEFINED)
async def test_all_definitions_of_a_type_are_listed_page_by_page(server: Server, base: str, type_: str) -> None:
    expected = sorted(one["id"] for one in definitions(BASES[base]) if one["resourceType"] == type_)
    address, listed = f"{base}/{type_}?_count=7", list[str]()
    for _ in range(len(expected) + 1):
        bundle = (await server.http.get(address)).json()
        assert bundle["total"] == len(expected)
        listed += [resource["id"] for resource in resources(bundle)]
        following = [link["url"] for link in bundle["link"] if link["relation"] == "next"]
        if not following:
            break
        address = following[0]
    assert listed == expected


@pytest.mark.parametrize("edition", ["2.2.1", "2.0.1"])
def test_every_definition_is_valid_r4(edition: str) -> None:
    for definition in definitions(edition):
        assert validator(edition).validate(definition, level=Level.STRICT) == (), definition["url"]


async def test_a_missing_definition_is_not_found_by_id_or_url(server: Server) -> None:
    answer = await server.http.get("/fhir/StructureDefinition/unknown")
    assert answer.status_code == 404
    assert "unknown" not in issues(answer)[0]["details"]["text"]
    found = await server.http.get("/fhir/StructureDefinition?url=http://example.org/x")
    assert (found.status_code, found.json()["total"], resources(found.json())) == (200, 0, [])


@pytest.mark.parametrize("query", ["url:below=http://hl7.org", "_sort=created", "_page=x", "_count=x"])
async def test_an_unsupported_search_for_definitions_is_rejected(server: Server, query: str) -> None:
    assert (await server.http.get(f"/fhir/ValueSet?{query}")).status_code == 400


async def test_a_request_for_a_part_of_a_definition_returns_the_whole(server: Server) -> None:
    whole = (await server.http.get("/fhir/CodeSystem/ruling")).json()
    [found] = resources((await server.http.get("/fhir/CodeSystem?_id=ruling&_summary=true&_elements=url")).json())
    assert found == whole


@pytest.mark.parametrize("type_", DEFINED)
async def test_a_client_cannot_write_a_definition(server: Server, type_: str) -> None:
    assert (await server.post(f"/{type_}", {"resourceType": type_}, "admin")).status_code == 405


async def test_a_client_can_call_decide_from_its_definition(server: Server) -> None:
    definition = (await server.http.get("/fhir/OperationDefinition/ClaimResponse-decide")).json()
    [example] = re.findall(r"```json\n(.*?)\n```", definition["comment"], re.DOTALL)
    response = await pended(server)
    decided = await server.post(f"/ClaimResponse/{response}/$decide", json.loads(example), "reviewer", **NEW)
    assert decided.status_code == 200


@pytest.mark.parametrize(
    ("operation", "parameter", "codes"),
    [
        ("decide", "action", get_args(Action)),
        ("decide", "reason", shipped_tables().review_reasons),
        ("extend", "reason", ExtensionReason),
        ("set-urgency", "urgency", Urgency),
        ("import", "channel", Channel),
    ],
)
async def test_the_codes_of_a_parameter_are_those_that_the_server_reads(
    server: Server, operation: str, parameter: str, codes: Iterable[str]
) -> None:
    definition = (await server.http.get(f"/fhir/OperationDefinition/ClaimResponse-{operation}")).json()
    parameters = [part for outer in definition["parameter"] for part in (outer, *outer.get("part", ()))]
    bound = {part["name"]: part["binding"]["valueSet"] for part in parameters if "binding" in part}
    assert await _codes_of(server, bound[parameter].replace("ValueSet", "CodeSystem")) == set(codes)


async def test_the_types_of_authorization_are_those_of_the_server(server: Server) -> None:
    assert await _codes_of(server, AUTHORIZATION_TYPES) == set(AuthorizationType)


async def _codes_of(server: Server, code_system: str) -> set[str]:
    [found] = resources((await server.http.get("/fhir/CodeSystem", params={"url": code_system})).json())
    return {concept["code"] for concept in found["concept"]}


async def test_the_code_system_of_reasons_has_the_shipped_texts_and_kinds(server: Server) -> None:
    found = (await server.http.get("/fhir/CodeSystem/review-reason")).json()
    assert found["count"] == len(found["concept"])
    defined = {concept["code"]: (concept["definition"], *_kinds(concept)) for concept in found["concept"]}
    shipped = {key: (row.reason.text, *sorted(row.kinds)) for key, row in shipped_tables().review_reasons.items()}
    assert defined == shipped


def _kinds(concept: dict[str, Any]) -> list[str]:
    return [part["valueCode"] for part in concept["property"] if part["code"] == "kind"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/fhir", "GET /fhir/metadata"),
        ("/fhir/", "GET /fhir/metadata"),
        ("/2.0.1/fhir", "GET /2.0.1/fhir/metadata"),
        ("/fhir/claim", "Use /fhir/Claim:"),
        ("/fhir/Claim/", "Use /fhir/Claim:"),
        ("/2.0.1/fhir/claimresponse/12345", "Use /2.0.1/fhir/ClaimResponse, then the rest of the path:"),
        ("/fhir/PATIENT/12345/", "Use /fhir/Patient, then the rest of the path:"),
        ("/fhir/structuredefinition", "Use /fhir/StructureDefinition:"),
        ("/fhir/Metadata", "Use /fhir/metadata:"),
        ("/FHIR/metadata", "Use /fhir/metadata:"),
        ("/fhir/Device/12345", "GET /fhir/metadata"),
        ("/fhir/Claim/12345/67890", "GET /fhir/metadata"),
        ("/nothing/12345", "GET /fhir/metadata"),
    ],
)
async def test_a_path_with_a_typo_gets_a_suggestion(server: Server, path: str, expected: str) -> None:
    answer = await server.get(path, base="")
    assert answer.status_code == 404
    assert expected in issues(answer)[0]["details"]["text"]
    assert "12345" not in answer.text
