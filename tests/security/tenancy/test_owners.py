"""The organization that a provider's identifiers name owns the submission; a client submits for its own only."""

from __future__ import annotations

import pytest

from tests.api.reading import answered, issues, resources, returned
from tests.api.refusing import everything
from tests.security.tenancy.parties import (
    OF_A,
    OF_B,
    OF_C,
    SENDER,
    Json,
    by_tin,
    seen,
    sent_by,
    submitted,
    with_more_clients,
)
from tests.support.samples import billing_claim, inquiry_bundle, request_bundle
from tests.support.server import Server


@pytest.mark.acceptance("B25")
@pytest.mark.parametrize(
    ("client", "body"),
    [
        ("ehr-a", request_bundle(requestor=OF_B)),
        ("ehr-a", request_bundle(requestor=OF_C)),
        ("house", request_bundle(requestor=OF_B)),
        ("ehr-a", by_tin()),
        ("ehr-a", sent_by(SENDER)),
        ("biller", billing_claim(billing_provider=OF_B)),
        ("house", billing_claim(billing_provider=OF_B)),
    ],
)
async def test_a_submission_for_a_foreign_provider_is_forbidden_and_nothing_is_stored(
    lenient: Server, client: str, body: Json
) -> None:
    before = everything(lenient)
    answer = await lenient.post("/Claim/$submit", body, client)
    assert answer.status_code == 403
    [issue] = issues(answer)
    assert issue["code"] == "forbidden"
    assert not any(name in answer.text for name in (OF_A, OF_B, OF_C, SENDER, "org-", "Claim/", "M001"))
    assert everything(lenient) == before


async def test_each_submission_of_a_clearing_house_belongs_to_the_organization_of_its_provider(server: Server) -> None:
    await with_more_clients(server)
    for_a = (await submitted(server, "house", requestor=OF_A, identifier="A"))["id"]
    for_c = (await submitted(server, "house", requestor=OF_C, identifier="C"))["id"]
    assert await seen(server, "house") == {for_a, for_c}
    assert await seen(server, "ehr-a") == {for_a}
    assert await seen(server, "ehr-c") == {for_c}
    assert await seen(server, "ehr-b") == set()
    for type_ in ("Claim", "Patient", "Coverage"):
        assert await seen(server, "house", type_) >= await seen(server, "ehr-c", type_) != set()


async def test_a_clearing_house_inquires_and_bills_for_all_of_its_organizations(server: Server) -> None:
    await with_more_clients(server)
    granted = await submitted(server, "ehr-c", requestor=OF_C)
    own = returned(await server.post("/Claim/$inquire", inquiry_bundle(requestor=OF_C), "house"))
    assert [one["id"] for one in own] == [granted["id"]]
    bill = billing_claim(number=granted["preAuthRef"], billing_provider=OF_C)
    paid = (await server.post("/Claim/$submit", bill, "house")).json()
    assert await seen(server, "ehr-c") == {granted["id"], paid["id"]}
    assert await seen(server, "ehr-a") == set()


@pytest.mark.acceptance("F62")
async def test_two_organizations_may_use_the_same_identifier(server: Server) -> None:
    await with_more_clients(server)
    ids = {
        (await submitted(server, client, requestor=requestor, identifier="SAME"))["id"]
        for client, requestor in (("ehr-a", OF_A), ("ehr-b", OF_B), ("ehr-c", OF_C))
    }
    assert len(ids) == 3


async def test_two_clients_of_an_organization_get_one_answer_to_the_same_request(server: Server) -> None:
    await with_more_clients(server)
    for requestor, other in ((OF_A, "ehr-a"), (OF_C, "ehr-c")):
        body = request_bundle(requestor=requestor, identifier=requestor)
        first = await server.post("/Claim/$submit", body, "house")
        assert answered(first)
        assert (await server.post("/Claim/$submit", body, other)).content == first.content


async def test_the_answer_to_another_organizations_request_is_not_repeated(server: Server) -> None:
    body = request_bundle(requestor=OF_C)
    assert answered(await server.post("/Claim/$submit", body, "house"))
    assert (await server.post("/Claim/$submit", body, "ehr-a")).status_code == 403
    bill = billing_claim(billing_provider=OF_C)
    assert (await server.post("/Claim/$submit", bill, "house")).status_code == 200
    assert (await server.post("/Claim/$submit", bill, "biller")).status_code == 403


async def test_a_tin_names_the_owner_of_a_provider_without_an_npi(lenient: Server) -> None:
    await with_more_clients(lenient)
    for_d = answered(await lenient.post("/Claim/$submit", by_tin(), "ehr-d"))["id"]
    assert await seen(lenient, "ehr-d") == {for_d}
    assert await seen(lenient, "ehr-c") == set()


async def test_a_registered_sender_may_send_for_its_providers(server: Server) -> None:
    await with_more_clients(server)
    for_c = answered(await server.post("/Claim/$submit", sent_by(SENDER, requestor=OF_C), "ehr-d"))["id"]
    assert await seen(server, "ehr-c") == {for_c}
    foreign = await server.post("/Claim/$submit", sent_by("OTHER", requestor=OF_C), "ehr-d")
    assert foreign.status_code == 403


async def test_the_trail_names_the_organization_that_owns_the_submission(server: Server) -> None:
    await submitted(server, "house", requestor=OF_C)
    events = [document.body for (kind, _), document in everything(server).items() if kind == "event"]
    assert events
    assert all('"organization":"org-c"' in body for body in events)


@pytest.mark.acceptance("B36")
@pytest.mark.parametrize(
    "claim",
    [
        {"id": "chosen-id"},
        {"meta": {"tag": [{"system": "owner", "code": "org-b"}], "security": [{"code": "reach:owner|org-b"}]}},
        {"meta": {"versionId": "99", "lastUpdated": "2000-01-01T00:00:00Z", "source": "urn:org-b"}},
        {"extension": [{"url": "https://preauth.example.org/owner", "valueString": "org-b"}]},
    ],
)
async def test_no_element_of_a_submission_sets_its_owner_or_its_version(lenient: Server, claim: Json) -> None:
    await submitted(lenient, "ehr-a", requestor=OF_A, claim=claim)
    [own] = resources((await lenient.get("/Claim", "ehr-a")).json())
    assert await seen(lenient, "ehr-b", "Claim") == set()
    assert own["id"] != "chosen-id"
    assert own["meta"]["versionId"] == "1"
    assert own["meta"]["lastUpdated"].startswith("2026-01-01")
