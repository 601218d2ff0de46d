"""The same request gets the same answer, byte for byte, also in a race, and is reviewed once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.adapters.memory import MemoryDocuments
from app.adapters.sqlite.store import SqliteDocuments
from app.fhir.json import write
from app.ports import Documents
from tests.api.reading import answered, resources, sample
from tests.api.reviewing import NEW
from tests.support.samples import request_bundle
from tests.support.server import SeededIds, Server, serving

COPIES = 48
STORES: dict[str, Callable[[Path], Documents]] = {
    "memory": lambda _: MemoryDocuments(),
    "sqlite": lambda folder: SqliteDocuments(folder / "raced.sqlite3"),
}


def claims(bundle: dict[str, Any]) -> set[str]:
    return {one["id"] for one in resources(bundle)}


@pytest.mark.acceptance("F61")
async def test_a_second_submit_of_a_bundle_gets_the_first_answer(server: Server) -> None:
    first = await server.post("/Claim/$submit", sample("request-approve"))
    server.clock.move(days=400)
    second = await server.post("/Claim/$submit", sample("request-approve"))
    assert second.status_code == first.status_code == 200
    assert second.content == first.content
    assert len(resources((await server.get("/Claim")).json())) == 1


async def test_elements_that_differ_between_copies_do_not_make_a_new_request(server: Server) -> None:
    sent = request_bundle()
    first = await server.post("/Claim/$submit", sent)
    again = {
        **sent,
        "id": "another",
        "timestamp": "2026-11-21T10:00:00Z",
        "meta": {"lastUpdated": "2026-11-21T10:00:00Z"},
    }
    assert (await server.post("/Claim/$submit", again)).content == first.content


async def test_spacing_and_the_order_of_names_do_not_make_a_new_request(server: Server) -> None:
    sent = request_bundle()
    first = await server.post("/Claim/$submit", sent)
    turned = dict(reversed(sent.items()))
    assert (await server.post("/Claim/$submit", write(turned).replace(":{", ": {\n"))).content == first.content


@pytest.mark.acceptance("F62")
@pytest.mark.parametrize("store", STORES)
async def test_copies_that_race_get_one_answer_and_make_one_authorization(tmp_path: Path, store: str) -> None:
    documents = STORES[store](tmp_path)
    async with serving(tmp_path, documents=documents) as server:
        answers = await asyncio.gather(
            *(server.post("/Claim/$submit", sample("request-approve")) for _ in range(COPIES))
        )
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1
        for type_ in ("Claim", "ClaimResponse", "Patient", "Coverage"):
            found = (await server.get(f"/{type_}?_total=accurate")).json()
            assert found["total"] == 1, type_
        assert await documents.get("number", f"sample-payer|{answered(answers[0])['preAuthRef']}") is not None


@pytest.mark.acceptance("F62")
@pytest.mark.parametrize("store", STORES)
async def test_copies_that_race_on_two_servers_of_one_store_get_one_answer(tmp_path: Path, store: str) -> None:
    shared = MemoryDocuments()
    one = shared if store == "memory" else SqliteDocuments(tmp_path / "raced.sqlite3")
    other = shared if store == "memory" else SqliteDocuments(tmp_path / "raced.sqlite3")
    async with (
        serving(tmp_path, documents=one) as left,
        serving(tmp_path, documents=other, ids=SeededIds(2)) as right,
    ):
        servers = [left, right] * (COPIES // 2)
        random.Random(1).shuffle(servers)
        answers = await asyncio.gather(*(each.post("/Claim/$submit", sample("request-approve")) for each in servers))
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1
        assert (await left.get("/ClaimResponse?_total=accurate")).json()["total"] == 1


async def test_different_requests_for_a_new_member_that_race_share_one_patient(server: Server) -> None:
    bundles = [request_bundle(member="M777", identifier=f"R-{number}") for number in range(12)]
    answers = await asyncio.gather(*(server.post("/Claim/$submit", bundle) for bundle in bundles))
    assert len({answered(answer)["preAuthRef"] for answer in answers}) == 12
    assert len(resources((await server.get("/Patient")).json())) == 1


async def test_the_same_claim_identifier_with_other_content_is_a_new_request(server: Server) -> None:
    first = answered(await server.post("/Claim/$submit", request_bundle(identifier="REQ-9")))
    second = answered(
        await server.post("/Claim/$submit", request_bundle(identifier="REQ-9", claim={"created": "2026-11-21"}))
    )
    assert first["id"] != second["id"]
    assert first["preAuthRef"] != second["preAuthRef"]


@pytest.mark.acceptance("F62")
async def test_another_organization_makes_its_own_request(server: Server) -> None:
    first = answered(await server.post("/Claim/$submit", request_bundle(), "ehr-a"))
    second = answered(await server.post("/Claim/$submit", request_bundle(), "ehr-b"))
    assert first["preAuthRef"] != second["preAuthRef"]


async def test_another_client_of_the_organization_gets_the_first_answer(server: Server) -> None:
    first = await server.post("/Claim/$submit", request_bundle(), "ehr-a")
    assert (await server.post("/Claim/$submit", request_bundle(), "house")).content == first.content


async def test_another_edition_is_another_request(server: Server) -> None:
    first = await server.post("/Claim/$submit", request_bundle())
    older = await server.post("/Claim/$submit", request_bundle(), base="/2.0.1/fhir")
    assert answered(first)["id"] != answered(older)["id"]
    assert (await server.post("/Claim/$submit", request_bundle(), base="/2.2.1/fhir")).content == first.content


async def test_the_first_answer_is_repeated_also_after_a_reviewer_decided(server: Server) -> None:
    first = await server.post("/Claim/$submit", sample("request-pend"))
    parts = [{"name": "sequence", "valuePositiveInt": 1}, {"name": "action", "valueCode": "certify"}]
    rulings = {"resourceType": "Parameters", "parameter": [{"name": "item", "part": parts}]}
    decided = await server.post(f"/ClaimResponse/{answered(first)['id']}/$decide", rulings, "reviewer", **NEW)
    assert decided.status_code == 200
    assert (await server.post("/Claim/$submit", sample("request-pend"))).content == first.content


async def test_a_refused_request_is_forgotten_and_may_be_sent_again_corrected(server: Server) -> None:
    broken = request_bundle(claim={"patient": None})
    assert (await server.post("/Claim/$submit", broken)).status_code == 422
    assert resources((await server.get("/Claim")).json()) == []
    assert answered(await server.post("/Claim/$submit", request_bundle()))["preAuthRef"]
