"""A caller sees only the resources of its organization, its payer or its patient; others read as not found."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.reading import answered, resources
from tests.api.reviewing import decide, pended, ruling
from tests.support.samples import billing_claim, request_bundle
from tests.support.server import Server

SECOND_PAYER = "1666666668"
CASE_FILE = ("Claim", "ClaimResponse", "Patient", "Coverage")


async def submitted(server: Server, client: str = "ehr-a", **asked: Any) -> dict[str, Any]:
    return answered(await server.post("/Claim/$submit", request_bundle(**asked), client))


async def seen(server: Server, client: str, type_: str) -> set[str]:
    """Return the ids of all that the caller finds; the total must be of the same."""
    bundle = (await server.get(f"/{type_}?_count=200&_total=accurate", client)).json()
    ids = {one["id"] for one in resources(bundle)}
    assert bundle["total"] == len(ids)
    return ids


def told(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    """Return all that an answer tells, but for the id of the request itself."""
    return answer.status_code, answer.content, {k: v for k, v in answer.headers.items() if k != "x-request-id"}


async def test_two_organizations_see_their_own_requests_only(server: Server) -> None:
    of_a = {(await submitted(server, "ehr-a", identifier=f"A-{number}"))["id"] for number in range(3)}
    of_b = {(await submitted(server, "ehr-b", identifier=f"B-{number}"))["id"] for number in range(2)}
    assert await seen(server, "ehr-a", "ClaimResponse") == of_a
    assert await seen(server, "biller", "ClaimResponse") == of_a
    assert await seen(server, "ehr-b", "ClaimResponse") == of_b
    assert await seen(server, "reviewer", "ClaimResponse") == of_a | of_b
    claims = [await seen(server, client, "Claim") for client in ("ehr-a", "ehr-b", "reviewer")]
    assert [len(found) for found in claims] == [3, 2, 5]
    assert claims[0].isdisjoint(claims[1])


async def test_two_payers_see_their_own_requests_only(server: Server) -> None:
    first = {(await submitted(server, member="M001"))["id"]}
    second = {(await submitted(server, member="M001", payer=SECOND_PAYER))["id"]}
    for type_ in CASE_FILE:
        of_first, of_second = await seen(server, "reviewer", type_), await seen(server, "reviewer-2", type_)
        assert len(of_first) == len(of_second) == 1, type_
        assert of_first.isdisjoint(of_second)
        assert await seen(server, "admin", type_) == of_first
        assert await seen(server, "admin-2", type_) == of_second
    assert (await seen(server, "reviewer", "ClaimResponse"), await seen(server, "reviewer-2", "ClaimResponse")) == (
        first,
        second,
    )
    assert await seen(server, "ehr-a", "ClaimResponse") == first | second


@pytest.mark.parametrize("other", ["ehr-b", "reviewer-2", "admin-2", "patient-1"])
@pytest.mark.parametrize("type_", CASE_FILE)
async def test_resources_out_of_reach_and_unknown_ones_look_alike(server: Server, type_: str, other: str) -> None:
    await submitted(server, "ehr-a", member="M002")
    [id_] = await seen(server, "ehr-a", type_)
    assert (await server.get(f"/{type_}/{id_}", "ehr-a")).status_code == 200
    unknown = told(await server.get(f"/{type_}/00000000-0000-4000-a000-000000000000", other))
    assert unknown[0] == 404
    for path in (f"/{type_}/{id_}", f"/{type_}/{id_}/_history/1", f"/{type_}/{id_}/_history/7"):
        assert told(await server.get(path, other)) == unknown


async def test_no_search_finds_a_resource_out_of_reach(server: Server) -> None:
    response = await submitted(server, "ehr-a")
    kept = (await server.get(f"/ClaimResponse/{response['id']}")).json()
    queries = [
        f"/ClaimResponse?_id={response['id']}",
        f"/ClaimResponse?pre-auth-ref={response['preAuthRef']}",
        f"/ClaimResponse?request={kept['request']['reference']}",
        f"/ClaimResponse?patient={kept['patient']['reference']}",
        "/ClaimResponse?use=preauthorization&status=active",
        "/ClaimResponse?_lastUpdated=ge2020",
        "/Claim?identifier=REQ-0001",
        "/Patient?identifier=M001",
        "/Patient?family=Sam",
        "/Coverage?identifier=M001",
    ]
    for query in queries:
        own = (await server.get(query + "&_total=accurate", "ehr-a")).json()
        other = (await server.get(query + "&_total=accurate", "ehr-b")).json()
        assert (own["total"], other["total"]) == (1, 0), query
        assert "entry" not in other


async def test_totals_and_pages_count_only_resources_in_reach(server: Server) -> None:
    for number in range(4):
        await submitted(server, "ehr-a", identifier=f"A-{number}")
        await submitted(server, "ehr-b", identifier=f"B-{number}")
        server.clock.move(minutes=1)
    page = (await server.get("/ClaimResponse?_count=2&_total=accurate", "ehr-b")).json()
    assert page["total"] == 4
    assert len(page["entry"]) == 2
    [following] = [link["url"] for link in page["link"] if link["relation"] == "next"]
    rest = (await server.http.get(following, headers=server.headers("ehr-b"))).json()
    assert len(rest["entry"]) == 2
    assert not [link for link in rest["link"] if link["relation"] == "next"]
    of_a = await seen(server, "ehr-a", "ClaimResponse")
    borrowed = (await server.http.get(following, headers=server.headers("ehr-a"))).json()
    assert {one["id"] for one in resources(borrowed)} <= of_a


async def test_both_organizations_that_treat_a_member_see_the_member(server: Server) -> None:
    await submitted(server, "ehr-a", member="M001")
    await submitted(server, "ehr-a", member="M002")
    await submitted(server, "ehr-b", member="M001")
    of_a, of_b = await seen(server, "ehr-a", "Patient"), await seen(server, "ehr-b", "Patient")
    assert (len(of_a), len(of_b)) == (2, 1)
    assert of_b < of_a
    assert len(await seen(server, "ehr-b", "Coverage")) == 1


async def test_access_for_another_organization_does_not_change_the_version(server: Server) -> None:
    await submitted(server, "ehr-a")
    [patient] = await seen(server, "ehr-a", "Patient")
    before = await server.get(f"/Patient/{patient}", "ehr-a")
    await submitted(server, "ehr-b")
    after = await server.get(f"/Patient/{patient}", "ehr-b")
    assert (after.content, after.headers["etag"]) == (before.content, 'W/"1"')


async def test_a_patient_sees_only_the_resources_of_that_patient(server: Server) -> None:
    own = {(await submitted(server, client, member="M001"))["id"] for client in ("ehr-a", "ehr-b")}
    await submitted(server, "ehr-a", member="M002")
    await submitted(server, "ehr-a", member="M001", payer=SECOND_PAYER)
    assert await seen(server, "patient-1", "ClaimResponse") == own
    assert len(await seen(server, "patient-1", "Claim")) == 2
    for type_ in ("Patient", "Coverage"):
        assert len(await seen(server, "patient-1", type_)) == 1
    [patient] = await seen(server, "patient-1", "Patient")
    for id_ in own:
        answer = await server.get(f"/ClaimResponse/{id_}", "patient-1")
        assert answer.json()["patient"] == {"reference": f"Patient/{patient}"}
    others = await seen(server, "reviewer", "ClaimResponse") - own
    for id_ in others:
        assert (await server.get(f"/ClaimResponse/{id_}", "patient-1")).status_code == 404


async def test_a_patient_without_a_payer_sees_no_resource(server: Server) -> None:
    await submitted(server, member="M002")
    await submitted(server, member="M001", payer=SECOND_PAYER)
    await submitted(server, member="M001", payer="1555555550")
    for type_ in (*CASE_FILE, "Organization"):
        assert await seen(server, "patient-1", type_) == set(), type_


async def test_only_the_submitter_sees_a_request_to_an_unknown_payer(server: Server) -> None:
    response = await submitted(server, payer="1555555550")
    assert await seen(server, "ehr-a", "ClaimResponse") == {response["id"]}
    for client in ("ehr-b", "reviewer", "reviewer-2", "admin", "patient-1"):
        assert await seen(server, client, "ClaimResponse") == set()


async def test_payers_are_in_the_directory_and_staff_see_their_payer(server: Server) -> None:
    assert await seen(server, "ehr-a", "Organization") == {"sample-payer", "second-payer"}
    assert await seen(server, "reviewer", "Organization") == {"sample-payer"}
    assert await seen(server, "reviewer-2", "Organization") == {"second-payer"}


async def test_access_to_bills_follows_the_rules_for_requests(server: Server) -> None:
    granted = await submitted(server, "ehr-a")
    bill = (await server.post("/Claim/$submit", billing_claim(number=granted["preAuthRef"]), "biller")).json()
    assert bill["id"] in await seen(server, "ehr-a", "ClaimResponse")
    assert await seen(server, "ehr-b", "ClaimResponse") == set()
    assert await seen(server, "reviewer-2", "ClaimResponse") == set()
    assert bill["id"] in await seen(server, "patient-1", "ClaimResponse")


async def test_earlier_versions_of_a_decided_request_keep_their_readers(server: Server) -> None:
    response = await pended(server, member="M001")
    await decide(server, response, ruling())
    for client, status in {"ehr-a": 200, "patient-1": 200, "reviewer": 200, "ehr-b": 404, "reviewer-2": 404}.items():
        for version in (1, 2):
            answer = await server.get(f"/ClaimResponse/{response}/_history/{version}", client)
            assert answer.status_code == status, (client, version)
