"""A foreign resource is an unknown one: the same bytes after the same reads, on every way to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.codes import PDEX_PRIOR_AUTHORIZATION
from app.search.includes import INCLUDES, REVINCLUDES
from app.search.parameters import COMMON, PARAMETERS
from tests.api.inquiries.test_inquiry_reads import CountingDocuments
from tests.api.reading import issues, resources
from tests.api.refusing import everything
from tests.security.tenancy.matrix import UNKNOWN
from tests.security.tenancy.parties import OF_A, OF_B, Json, submitted
from tests.support.samples import NPI, billing_claim, patient, request_bundle
from tests.support.server import Server, serving

CASE_FILE = ("Claim", "ClaimResponse", "ExplanationOfBenefit", "Coverage", "Patient")
DATES = ("_lastUpdated", "created", "due", "preauth-start", "preauth-end")
OTHERS = ("ehr-b", "patient-2", "reviewer-2", "auditor", "admin-2")
OF_THE_REQUEST = ("date", "x-request-id")


@pytest.fixture
def documents() -> CountingDocuments:
    return CountingDocuments()


@pytest.fixture
async def counted(tmp_path: Path, documents: CountingDocuments) -> AsyncIterator[Server]:
    async with serving(tmp_path, documents=documents, requestor_client_bound=True) as running:
        yield running


async def case(server: Server) -> dict[str, Json]:
    """Store a request of org-a; return its resources by type."""
    await submitted(server, "ehr-a", requestor=OF_A, member="M001")
    return {type_: resources((await server.get(f"/{type_}")).json())[0] for type_ in CASE_FILE}


def comparable(answer: httpx.Response) -> tuple[Any, ...]:
    headers = {name: value for name, value in answer.headers.items() if name not in OF_THE_REQUEST}
    return answer.status_code, headers, answer.content


@pytest.mark.acceptance("B19")
@pytest.mark.parametrize("other", ["ehr-b", "patient-2", "reviewer-2"])
async def test_a_foreign_read_is_an_unknown_one_byte_for_byte_after_the_same_reads(
    counted: Server, documents: CountingDocuments, other: str
) -> None:
    kept = await case(counted)
    for number in range(20):
        await submitted(counted, "ehr-b", requestor=OF_B, member=f"M1{number:02}", identifier=f"B-{number}")
    for type_, resource in kept.items():
        for below in ("", "/_history", "/_history/1", "?_summary=true"):
            answers = []
            for id_ in (resource["id"], UNKNOWN):
                await counted.get("/Claim?_count=0", other)  # the caller's registration is fresh
                before = documents.read
                answer = await counted.get(f"/{type_}/{id_}{below}", other)
                answers.append((comparable(answer), documents.read - before))
            assert answers[0] == answers[1]
            assert answers[0][0][0] == 404


@pytest.mark.acceptance("B20", "B21")
@pytest.mark.parametrize("type_", CASE_FILE)
async def test_no_supported_parameter_finds_a_foreign_resource(server: Server, type_: str) -> None:
    queries = [f"/{type_}?{query}&_total=accurate" for query in naming(await case(server), type_)]
    assert max([(await server.get(query)).json()["total"] for query in queries]) == 1
    for query in queries:
        bundle = (await server.get(query, "ehr-b")).json()
        assert (bundle["total"], resources(bundle)) == (0, []), query
        assert [link["relation"] for link in bundle["link"]] == ["self"]


def naming(kept: dict[str, Json], type_: str) -> list[str]:
    """Return queries of a type that name the case, by every supported parameter and include."""
    person = f"Patient/{kept['Patient']['id']}"
    values = {
        "_id": kept[type_]["id"],
        **dict.fromkeys(DATES, "ge2020"),
        "status": "active",
        "use": "preauthorization",
        "authorization-type": "prior",
        "review-action": "A1,A4",
        **dict.fromkeys(("active", "units-low"), "true"),
        "priority": "routine",
        "item-code": "97110,72148",
        "outcome": "complete,queued",
        "identifier": "REQ-0001,M001",
        "pre-auth-ref": kept["ClaimResponse"]["preAuthRef"],
        "birthdate": kept["Patient"]["birthDate"],
        "family": kept["Patient"]["name"][0]["family"],
        **dict.fromkeys(("patient", "beneficiary"), person),
        **dict.fromkeys(("request", "claim"), f"Claim/{kept['Claim']['id']}"),
        "authorization": f"ClaimResponse/{kept['ClaimResponse']['id']}",
        "_profile": PDEX_PRIOR_AUTHORIZATION,
        "coverage": f"Coverage/{kept['Coverage']['id']}",
        **dict.fromkeys(("insurer", "payor"), "Organization/sample-payer"),
        **dict.fromkeys(("provider", "requestor"), f"{NPI}|{OF_A}"),
    }
    carried = {"provider", "requestor"}
    names = [row.name for row in (*PARAMETERS[type_], *COMMON)]
    queries = [f"{name}{':identifier' if name in carried else ''}={values[name]}" for name in names]
    includes = [f"_include={row}" for row in INCLUDES.get(type_, ())]
    return [*queries, "_summary=count", *includes, *(f"_revinclude={row}" for row in REVINCLUDES.get(type_, ()))]


@pytest.mark.acceptance("B21")
@pytest.mark.parametrize("other", OTHERS)
async def test_no_include_reaches_a_foreign_resource(server: Server, other: str) -> None:
    kept = await case(server)
    await submitted(server, "ehr-b", requestor=OF_B, member="M003", identifier="B", payer="1666666668")
    own = {one["id"] for one in kept.values()} if other == "auditor" else set()
    foreign = {one["id"] for one in kept.values()} - own
    for type_ in CASE_FILE:
        for path in (f"/{type_}?_include=*", f"/{type_}?_revinclude=*", f"/{type_}/_history"):
            answer = await server.get(path, other, Prefer="handling=lenient")
            assert answer.status_code == 200
            assert foreign.isdisjoint(one.get("id") for one in resources(answer.json()))


async def test_an_include_that_iterates_is_not_supported(server: Server) -> None:
    for name in ("_include:iterate", "_include:recurse", "_revinclude:iterate"):
        answer = await server.get(f"/Claim?{name}=Claim:patient")
        assert answer.status_code == 400
        assert name in issues(answer)[0]["details"]["text"]


@pytest.mark.acceptance("B21")
async def test_a_conditional_create_does_not_match_a_foreign_resource(server: Server) -> None:
    member = patient("M900")
    first = await server.post("/Patient", member, "admin", **{"If-None-Exist": "identifier=M900"})
    other = await server.post("/Patient", member, "admin-2", **{"If-None-Exist": "identifier=M900"})
    again = await server.post("/Patient", member, "admin", **{"If-None-Exist": "identifier=M900"})
    assert (first.status_code, other.status_code, again.status_code) == (201, 201, 200)
    assert first.json()["id"] == again.json()["id"] != other.json()["id"]


@pytest.mark.acceptance("B26")
async def test_an_update_of_a_foreign_authorization_is_one_of_an_unknown_authorization(server: Server) -> None:
    kept = await case(server)
    before = {place: one for place, one in everything(server).items() if place[0] in ("Claim", "ClaimResponse")}
    answers = []
    for claim in (kept["Claim"]["id"], UNKNOWN):
        related = [{"claim": {"reference": f"http://preauth.test/fhir/Claim/{claim}"}}]
        body = request_bundle(requestor=OF_B, claim={"related": related})
        answers.append(await server.post("/Claim/$submit", body, "ehr-b"))
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].content == answers[1].content
    assert {place: everything(server)[place] for place in before} == before


@pytest.mark.acceptance("B33")
async def test_a_reference_to_a_foreign_resource_of_this_server_joins_nothing(server: Server) -> None:
    await submitted(server, "ehr-b", requestor=OF_B, member="M002", identifier="B")
    [theirs] = resources((await server.get("/Patient", "ehr-b")).json())
    answers = []
    for id_ in (theirs["id"], UNKNOWN):
        bill = billing_claim(patient={"reference": f"Patient/{id_}"}, billing_provider=OF_A)
        answers.append(await server.post("/Claim", bill, "biller"))
    assert answers[0].status_code == 422
    assert answers[0].content == answers[1].content
    body = request_bundle(
        requestor=OF_A, claim={"patient": {"reference": f"http://preauth.test/fhir/Patient/{theirs['id']}"}}
    )
    refused = await server.post("/Claim/$submit", body, "ehr-a")
    assert refused.status_code == 422
    assert "M002" not in refused.text
    assert resources((await server.get("/Claim", "ehr-a")).json()) == []
