"""Search by each parameter of each type, and combinations of conditions."""

from __future__ import annotations

from typing import Any

import pytest

from app.search.parameters import COMMON, PARAMETERS
from tests.api.reading import answered, issues, resources
from tests.api.search.finds import FINDS
from tests.support.samples import NPI, billing_claim, member_type, patient, request_bundle, request_item
from tests.support.server import ROOT, Server
from tests.support.subscribing import create

Json = dict[str, Any]
World = dict[str, str]


@pytest.fixture
async def world(server: Server) -> World:
    """Submit two requests, a granted and a pended one, and a bill; returns the ids of what is kept, by a name."""
    granted = answered(await server.post("/Claim/$submit", request_bundle(identifier="REQ-1")))
    ids = await _kept(server, granted["id"], "1")
    server.clock.move(days=1)
    second = request_bundle(
        identifier="REQ-2",
        member="M002",
        items=[request_item(code="72148", quantity=2)],
        claim={"created": "2026-11-21"},
    )
    for entry in second["entry"]:
        if entry["resource"]["resourceType"] == "Patient":
            entry["resource"] |= {"name": [{"family": "Ölander"}], "birthDate": "1990-01-31"}
    pended = answered(await server.post("/Claim/$submit", second))
    ids |= await _kept(server, pended["id"], "2")
    server.clock.move(days=1)
    bill = (await server.post("/Claim", billing_claim(number=granted["preAuthRef"]), "biller")).json()["id"]
    [paid] = resources((await server.get(f"/ClaimResponse?request=Claim/{bill}")).json())
    return ids | {"bill": bill, "paid": paid["id"], "number": granted["preAuthRef"]} | await _directory(server)


async def _kept(server: Server, response: str, name: str) -> World:
    kept = (await server.get(f"/ClaimResponse/{response}")).json()
    claim = (await server.get("/" + kept["request"]["reference"])).json()
    references = {"patient": kept["patient"], "coverage": claim["insurance"][0]["coverage"]}
    ids = {kind: reference["reference"].partition("/")[2] for kind, reference in references.items()}
    return {f"{kind}{name}": id_ for kind, id_ in (ids | {"claim": claim["id"], "response": response}).items()}


async def _directory(server: Server) -> World:
    def body(type_: str, npi: str, name: Any, **more: Any) -> Json:
        return {"resourceType": type_, "identifier": [{"system": NPI, "value": npi}], "name": name, **more}

    bodies = {
        "clinic": body("Organization", "1987654328", "Riverside Therapy", alias=["The River"]),
        "doctor": body("Practitioner", "1777777776", [{"family": "Rivera", "given": ["Sam"]}]),
        "nurse": body("Practitioner", "1444444446", [{"text": "Kim Lee"}]),
    }
    made = {
        name: await server.post(f"/{resource['resourceType']}", resource, "admin") for name, resource in bodies.items()
    }
    made["hook"] = await create(server)
    return {name: answer.json()["id"] for name, answer in made.items()}


async def found(server: Server, world: World, query: str) -> set[str]:
    """Return the names of what a search finds; `{name}` in the query is the id of that name."""
    answer = await server.get(query.format(**world))
    assert answer.status_code == 200, answer.text
    bundle = answer.json()
    assert bundle["type"] == "searchset"
    assert {entry["search"]["mode"] for entry in bundle.get("entry", [])} <= {"match"}
    names = {id_: name for name, id_ in world.items()}
    return {names.get(str(one["id"]), str(one["id"])) for one in resources(bundle)}


@pytest.mark.parametrize(("query", "names"), FINDS, ids=[query for query, _ in FINDS])
async def test_a_search_finds_the_matches_of_its_condition(
    server: Server, world: World, query: str, names: set[str]
) -> None:
    known = world | {"second-payer": "second-payer"}
    assert await found(server, known, query) == names


ELSEWHERE = ("AuditEvent", "Task")
"""Their searches are shown in tests/security/audit and tests/api/worklist."""

BY_DAY = {("ClaimResponse", "active"), ("ClaimResponse", "units-low")}
"""These change with the day and with bills: tests/api/tracking shows them."""


def test_each_parameter_of_each_type_is_shown_to_find_and_not_to_find() -> None:
    def shown(*, finding: bool) -> set[tuple[str, str]]:
        asked = [query.removeprefix("/").partition("?") for query, names in FINDS if bool(names) is finding]
        return {
            (type_, condition.partition("=")[0].partition(":")[0])
            for type_, _, conditions in asked
            for condition in conditions.split("&")
            if conditions.count("&") == 0 and conditions
        }

    others = {type_: rows for type_, rows in PARAMETERS.items() if type_ not in ELSEWHERE}
    declared = {(type_, row.name) for type_, rows in others.items() for row in (*rows, *COMMON)} - BY_DAY
    assert shown(finding=True) == declared
    assert shown(finding=False) == declared


@pytest.mark.parametrize("typed", [str.lower, " ".join, lambda number: f"{number[:2]}-{number[2:]}"])
async def test_a_number_is_found_however_it_is_typed(server: Server, world: World, typed: Any) -> None:
    assert await found(server, world, f"/ClaimResponse?pre-auth-ref={typed(world['number'])}") == {"response1", "paid"}
    assert await found(server, world, f"/Claim?pre-auth-ref={typed(world['number'])}") == {"bill"}


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("/Claim?color=red", ["color"]),
        ("/Claim?color=red&taste=sweet&use=claim", ["color", "taste"]),
        ("/Claim?identifier:exact=1", ["identifier:exact"]),
        ("/Claim?patient:missing=true&_has:x=1", ["patient:missing", "_has:x"]),
        ("/Claim?patient.family=x", ["patient.family"]),
        ("/Claim?_include=Claim:insurer&_revinclude=Claim:patient", ["_include", "_revinclude"]),
        ("/Patient?_include=*&_include:iterate=Claim:patient", ["_include", "_include:iterate"]),
        ("/Claim?_summary=maybe", ["_summary"]),
        ("/Claim?_summary=true&_summary=data", ["_summary"]),
        ("/Claim?_summary=text&_include=Claim:patient", ["_summary"]),
        ("/Claim?_elements=status&_summary=true", ["_elements"]),
        ("/Claim?_elements=color", ["_elements"]),
        ("/Claim?_elements=", ["_elements"]),
        ("/Patient?use=claim", ["use"]),
        ("/Claim?created=yesterday&_count=many&color=red", ["created", "_count", "color"]),
        ("/Claim?created=ap2026", ["created"]),
        ("/Claim?status=", ["status"]),
        ("/Claim?identifier=a|b|c", ["identifier"]),
        ("/Claim?patient=not/a/reference", ["patient"]),
        ("/Claim?_sort=patient", ["_sort"]),
        ("/Patient?_sort=created", ["_sort"]),
        ("/Claim?_total=all", ["_total"]),
    ],
)
async def test_all_unsupported_parameters_are_rejected_by_name(server: Server, query: str, named: list[str]) -> None:
    answer = await server.get(query)
    assert answer.status_code == 400
    assert (await server.get(query, Prefer="handling=strict")).content == answer.content
    texts = [issue["details"]["text"] for issue in issues(answer)]
    assert len(texts) == len(named)
    for name in named:
        assert any(name in text for text in texts), name


async def test_a_lenient_search_ignores_unknown_parameters_and_reports_them(server: Server, world: World) -> None:
    headers = {"Prefer": "respond-async, handling=lenient"}
    answer = await server.get("/Claim?use=claim&color=red&taste:exact=x", **headers)
    bundle = answer.json()
    by_mode = {entry["search"]["mode"]: entry["resource"] for entry in bundle["entry"]}
    assert by_mode["match"]["id"] == world["bill"]
    assert {issue["severity"] for issue in by_mode["outcome"]["issue"]} == {"warning"}
    texts = " ".join(issue["details"]["text"] for issue in by_mode["outcome"]["issue"])
    assert "color" in texts
    assert "taste:exact" in texts
    [link] = bundle["link"]
    assert link == {"relation": "self", "url": f"{ROOT}/fhir/Claim?use=claim"}
    assert (await server.get("/Claim?created=never", **headers)).status_code == 400


@pytest.mark.acceptance("B22")
@pytest.mark.parametrize("headers", [{}, {"Prefer": "return=minimal"}, {"Prefer": "handling=strict"}])
@pytest.mark.parametrize("type_", ["Claim", "ClaimResponse", "Coverage", "Patient", "Organization", "Practitioner"])
@pytest.mark.parametrize(
    "name",
    [
        "color",
        "_has:Claim:patient:status",
        "_filter",
        "patient.organization.name",
        "provider.name",
        "_text",
        "status:not",
    ],
)
async def test_an_unsupported_parameter_is_rejected_by_name(
    server: Server, type_: str, name: str, headers: dict[str, str]
) -> None:
    answer = await server.get(f"/{type_}?{name}=x", **headers)
    assert answer.status_code == 400
    [issue] = issues(answer)
    assert name in issue["details"]["text"]


@pytest.mark.acceptance("B22")
@pytest.mark.parametrize("name", ["_has:Claim:patient:status", "_filter"])
async def test_a_selection_by_other_resources_is_rejected_even_if_the_client_prefers_lenient_handling(
    server: Server, name: str
) -> None:
    answer = await server.get(f"/Patient?{name}=active", Prefer="handling=lenient")
    assert answer.status_code == 400
    [issue] = issues(answer)
    assert name in issue["details"]["text"]


@pytest.mark.acceptance("B22")
@pytest.mark.parametrize("handling", ["strict", "lenient"])
@pytest.mark.parametrize("name", ["identifier:exact", "status:not", "patient:missing", "patient.family", "_id:above"])
async def test_a_modifier_that_would_be_ignored_is_refused_always(server: Server, handling: str, name: str) -> None:
    answer = await server.get(f"/Claim?{name}=true", Prefer=f"handling={handling}")
    assert answer.status_code == 400
    [issue] = issues(answer)
    assert issue["details"]["text"].startswith(f"{name}: ")


async def test_a_total_is_returned_despite_an_unknown_parameter(server: Server, world: World) -> None:
    bundle = (
        await server.get(f"/Claim?_id={world['bill']}&_totalMethod=count&_count=0", Prefer="handling=lenient")
    ).json()
    assert bundle["total"] == 1
    assert [entry["search"]["mode"] for entry in bundle["entry"]] == ["outcome"]


async def test_a_condition_given_again_counts_once_and_too_many_are_refused(server: Server, world: World) -> None:
    again = "&".join(["use=claim", "created=ge2026-01-01"] * 12)
    assert await found(server, world, f"/Claim?{again}") == {"bill"}
    conditions = "&".join(f"identifier=a{number}" for number in range(11))
    ranges = "&".join(f"created=ge2026-01-{number:02}" for number in range(1, 7))
    for query, most in ((conditions, "10"), (ranges, "5")):
        [issue] = issues(await server.get(f"/Claim?{query}"))
        assert most in issue["details"]["text"]


async def test_a_pended_request_is_found_by_its_administration_number(server: Server, world: World) -> None:
    [pended] = resources((await server.get(f"/ClaimResponse?_id={world['response2']}")).json())
    [number] = {
        one["valueString"]
        for item in pended["item"]
        for one in item["extension"]
        if one["url"].endswith("administrationReferenceNumber")
    }
    assert await found(server, world, f"/ClaimResponse?pre-auth-ref={number.lower()}") == {"response2"}


@pytest.mark.acceptance("D54")
async def test_no_issue_repeats_a_parameter_value(server: Server) -> None:
    answer = await server.get("/Patient?birthdate=1984-05-17x&identifier=a|M001|b")
    assert answer.status_code == 400
    assert "1984" not in answer.text
    assert "M001" not in answer.text
    assert member_type()["coding"][0]["system"] not in answer.text
    assert patient()["name"][0]["family"] not in answer.text


@pytest.mark.acceptance("D54")
@pytest.mark.parametrize("name", ["%00", "%01x", "", "Jane%20Canary", "x" * 65])
async def test_an_impossible_parameter_name_is_ignored_without_repeating_it(server: Server, name: str) -> None:
    [entry] = (await server.get(f"/Claim?{name}=1&%20{name}=1", Prefer="handling=lenient")).json()["entry"]
    texts = [issue["details"]["text"] for issue in entry["resource"]["issue"]]
    assert texts == ["A search parameter is not supported and was ignored."]
