"""Included resources come with the matches of a search, within the reach of the caller."""

from __future__ import annotations

import dataclasses
from typing import Any

import msgspec
import pytest

from app.access.reach import OWNER
from app.ports import Replace
from tests.api.reading import answered, issues
from tests.support.samples import billing_claim, request_bundle
from tests.support.server import Server

Json = dict[str, Any]
Names = set[tuple[str, str]]


async def found(server: Server, path: str, client: str = "ehr-a") -> tuple[Names, Names]:
    """Return type and id of the matches, and of what came with them; nothing comes twice."""
    answer = await server.get(path, client)
    assert answer.status_code == 200, answer.text
    bundle = answer.json()
    by_mode: dict[str, Names] = {"match": set(), "include": set()}
    for entry in bundle.get("entry", []):
        key = (entry["resource"]["resourceType"], entry["resource"]["id"])
        assert key not in by_mode["match"] | by_mode["include"]
        assert entry["fullUrl"].endswith("/fhir/" + "/".join(key))
        by_mode[entry["search"]["mode"]].add(key)
    if "total" in bundle:
        assert bundle["total"] == len(by_mode["match"])
    return by_mode["match"], by_mode["include"]


async def case(server: Server, client: str = "ehr-a", **asked: Any) -> dict[str, tuple[str, str]]:
    """Submit a request; returns type and id of what is kept of it."""
    response = answered(await server.post("/Claim/$submit", request_bundle(**asked), client))
    kept = (await server.get(f"/ClaimResponse/{response['id']}", client)).json()
    claim = (await server.get("/" + kept["request"]["reference"], client)).json()
    references = {
        "Patient": kept["patient"]["reference"],
        "Coverage": claim["insurance"][0]["coverage"]["reference"],
        "Claim": f"Claim/{claim['id']}",
        "ClaimResponse": f"ClaimResponse/{response['id']}",
    }
    return {name: (reference.split("/")[0], reference.split("/")[1]) for name, reference in references.items()}


@pytest.mark.parametrize(
    ("query", "matched", "with_it"),
    [
        ("/ClaimResponse?_include=ClaimResponse:request", "ClaimResponse", ["Claim"]),
        ("/ClaimResponse?_include=ClaimResponse:request:Claim", "ClaimResponse", ["Claim"]),
        ("/ClaimResponse?_include=ClaimResponse:patient", "ClaimResponse", ["Patient"]),
        (
            "/ClaimResponse?_include=ClaimResponse:patient&_include=ClaimResponse:request",
            "ClaimResponse",
            ["Patient", "Claim"],
        ),
        ("/ClaimResponse?_include=*", "ClaimResponse", ["Patient", "Claim"]),
        ("/Claim?_include=Claim:*", "Claim", ["Patient", "Coverage"]),
        (
            "/Claim?_include=*&_include=Claim:patient&_revinclude=*",
            "Claim",
            ["Patient", "Coverage", "ClaimResponse"],
        ),
        ("/Claim?_include=Claim:patient", "Claim", ["Patient"]),
        ("/Claim?_include=Claim:coverage", "Claim", ["Coverage"]),
        ("/Claim?_include=Claim:coverage&_include=Claim:coverage", "Claim", ["Coverage"]),
        ("/Claim?_revinclude=ClaimResponse:request", "Claim", ["ClaimResponse"]),
        (
            "/Claim?_revinclude=ClaimResponse:request&_include=Claim:patient&_include=Claim:coverage",
            "Claim",
            ["ClaimResponse", "Patient", "Coverage"],
        ),
        ("/Coverage?_include=Coverage:beneficiary", "Coverage", ["Patient"]),
        ("/Claim", "Claim", []),
    ],
)
async def test_included_resources_come_with_the_matches(
    server: Server, query: str, matched: str, with_it: list[str]
) -> None:
    kept = await case(server)
    matches, included = await found(server, query + ("&" if "?" in query else "?") + "_total=accurate")
    assert matches == {kept[matched]}
    assert included == {kept[name] for name in with_it}


@pytest.mark.parametrize("include", ["_include=Claim:patient", "_revinclude=ClaimResponse:request"])
async def test_a_search_without_matches_includes_nothing(server: Server, include: str) -> None:
    await case(server)
    assert await found(server, f"/Claim?_id=unknown&{include}") == (set(), set())


async def test_a_resource_that_several_matches_share_is_included_once_and_not_counted(server: Server) -> None:
    first, second = [await case(server, identifier=f"REQ-{number}") for number in range(2)]
    query = "/Claim?_total=accurate&_include=Claim:patient&_include=Claim:coverage&_revinclude=ClaimResponse:request"
    matches, included = await found(server, query)
    assert matches == {first["Claim"], second["Claim"]}
    assert included == {first["Patient"], first["Coverage"], first["ClaimResponse"], second["ClaimResponse"]}


async def test_each_page_includes_the_resources_of_its_own_matches(server: Server) -> None:
    kept = []
    for number in range(3):
        kept.append(await case(server, identifier=f"REQ-{number}", member=f"M00{number}"))
        server.clock.move(minutes=1)
    path, seen = "/Claim?_count=1&_sort=_lastUpdated&_include=Claim:patient", []
    for _ in kept:
        bundle = (await server.get(path)).json()
        seen.append(await found(server, path))
        following = [link["url"] for link in bundle["link"] if link["relation"] == "next"]
        path = following[0].partition("/fhir")[2] if following else ""
    assert seen == [({one["Claim"]}, {one["Patient"]}) for one in kept]
    assert path == ""


async def test_a_bill_comes_with_its_answer(server: Server) -> None:
    await case(server)
    bill = (await server.post("/Claim", billing_claim(number=None), "biller")).json()
    matches, included = await found(server, "/Claim?use=claim&_revinclude=ClaimResponse:request")
    assert matches == {("Claim", bill["id"])}
    [(type_, response)] = included
    assert type_ == "ClaimResponse"
    assert (await server.get(f"/ClaimResponse/{response}")).json()["request"] == {"reference": f"Claim/{bill['id']}"}


async def test_no_resource_outside_the_reach_is_included(server: Server) -> None:
    of_a = await case(server, "ehr-a", member="M001")
    of_b = await case(server, "ehr-b", member="M002")
    queries = {
        "Claim": "/Claim?_include=Claim:patient&_include=Claim:coverage&_revinclude=ClaimResponse:request",
        "ClaimResponse": "/ClaimResponse?_include=ClaimResponse:patient&_include=ClaimResponse:request",
        "Coverage": "/Coverage?_include=Coverage:beneficiary",
    }
    for type_, query in queries.items():
        for client, own in (("ehr-a", of_a), ("patient-1", of_a), ("ehr-b", of_b)):
            matches, included = await found(server, query, client)
            assert matches == {own[type_]}
            assert included <= set(own.values())
            assert included
        assert await found(server, query, "reviewer-2") == (set(), set())
        staff = await found(server, query, "reviewer")
        assert staff[0] == {of_a[type_], of_b[type_]}


@pytest.mark.parametrize(
    ("type_", "include"),
    [
        ("Patient", "_include=Claim:patient"),
        ("Coverage", "_include=Claim:coverage"),
        ("ClaimResponse", "_revinclude=ClaimResponse:request"),
    ],
)
async def test_only_the_included_resources_in_reach_are_returned(server: Server, type_: str, include: str) -> None:
    kept = await case(server)
    document = await server.system.documents.get(*kept[type_])
    assert document is not None
    hidden = tuple(term for term in document.terms if term[0] != OWNER)
    await server.system.documents.commit(Replace(msgspec.structs.replace(document, terms=hidden)))
    assert await found(server, f"/Claim?{include}") == ({kept["Claim"]}, set())
    assert await found(server, f"/Claim?{include}", "reviewer") == ({kept["Claim"]}, {kept[type_]})


async def test_a_token_without_scopes_for_the_included_type_gets_matches_only(server: Server) -> None:
    await case(server)
    narrow = {"ehr-a": msgspec.structs.replace(server.clients["ehr-a"], scopes=("system/Claim.rs",))}
    scoped = dataclasses.replace(server, clients={**server.clients, **narrow})
    assert (await scoped.get("/Claim")).status_code == 200
    for query in ("_include=Claim:patient", "_revinclude=ClaimResponse:request"):
        refused = await scoped.get(f"/Claim?{query}")
        assert refused.status_code == 403
        assert issues(refused)[0]["code"] == "forbidden"


async def test_an_include_that_is_not_offered_is_rejected_or_ignored_and_reported(server: Server) -> None:
    kept = await case(server)
    path = "/Claim?_include=Claim:insurer&_include=Claim:patient&_include=Coverage:beneficiary"
    answer = await server.get(path, Prefer="handling=lenient")
    bundle = answer.json()
    modes = [entry["search"]["mode"] for entry in bundle["entry"]]
    assert modes == ["match", "include", "outcome"]
    assert bundle["entry"][1]["resource"]["id"] == kept["Patient"][1]
    [issue] = bundle["entry"][2]["resource"]["issue"]
    offered = "_include: The value must be one of Claim:patient, Claim:coverage, *."
    assert issue["details"]["text"] == f"{offered} Other values were ignored."
    [link] = bundle["link"]
    assert link["url"].endswith("/Claim?_include=Claim%3Apatient")
    refused = await server.get(path)
    assert refused.status_code == 400
    assert "Claim:patient, Claim:coverage" in issues(refused)[0]["details"]["text"]
