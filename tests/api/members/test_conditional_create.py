"""If-None-Exist: no create if a resource fits already, and a single one if several race."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.adapters.memory import MemoryDocuments
from app.ports import Document, Query
from tests.api.reading import issues, resources
from tests.support.samples import NPI, RENDERING, billing_claim, coverage, patient
from tests.support.server import Server, serving

Json = dict[str, Any]


def doctor(npi: str = RENDERING, **more: Any) -> Json:
    return {"resourceType": "Practitioner", "identifier": [{"system": NPI, "value": npi}], **more}


async def create(server: Server, body: Json, criteria: str, client: str = "admin") -> httpx.Response:
    return await server.post(f"/{body['resourceType']}", body, client, **{"If-None-Exist": criteria})


@pytest.mark.acceptance("F66")
async def test_a_missing_resource_is_created_and_an_existing_one_is_answered(server: Server) -> None:
    criteria = f"identifier={NPI}|{RENDERING}"
    made = await create(server, doctor(name=[{"family": "Rivera"}]), criteria)
    assert made.status_code == 201
    there = await create(server, doctor(name=[{"family": "Other"}]), criteria)
    assert (there.status_code, there.content) == (200, made.content)
    assert there.headers["etag"] == 'W/"1"'
    assert there.headers["location"] == made.headers["location"]
    by_other_words = await create(server, doctor(), f"?identifier={RENDERING}&_format=json")
    assert (by_other_words.status_code, by_other_words.json()["id"]) == (200, made.json()["id"])
    assert len(resources((await server.get("/Practitioner")).json())) == 1


async def test_each_maintained_type_is_created_under_a_condition(server: Server) -> None:
    person = patient("M900")
    made = await create(server, person, "identifier=M900")
    beneficiary = {"reference": f"Patient/{made.json()['id']}"}
    payor = [{"reference": "Organization/sample-payer"}]
    bodies: list[tuple[Json, str]] = [
        (person, "identifier=M900"),
        (coverage("M900") | {"beneficiary": beneficiary, "payor": payor}, f"beneficiary={beneficiary['reference']}"),
        ({"resourceType": "Organization", "name": "Riverside"}, "name=riverside"),
        (doctor(), f"identifier={RENDERING}"),
    ]
    for body, criteria in bodies:
        first, second = [await create(server, body, criteria) for _ in range(2)]
        assert first.status_code == (200 if body is person else 201), first.text
        assert (second.status_code, second.json()["id"]) == (200, first.json()["id"])


@pytest.mark.acceptance("F66")
async def test_several_matches_of_a_condition_are_an_error(server: Server) -> None:
    for family in ("Rivera", "Rivers"):
        assert (await server.post("/Practitioner", doctor(name=[{"family": family}]), "admin")).status_code == 201
    refused = await create(server, doctor(), "name=river")
    assert (refused.status_code, issues(refused)[0]["code"]) == (412, "multiple-matches")
    assert len(resources((await server.get("/Practitioner")).json())) == 2


async def test_another_payers_resources_do_not_count(server: Server) -> None:
    criteria = f"identifier={RENDERING}"
    first = await create(server, doctor(), criteria)
    second = await create(server, doctor(), criteria, "admin-2")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] != second.json()["id"]


async def test_a_resource_that_no_longer_fits_allows_another(server: Server) -> None:
    criteria = f"identifier={RENDERING}"
    made = (await create(server, doctor(), criteria)).json()
    changed = {**made, "identifier": [{"system": NPI, "value": "1987654328"}]}
    assert (await server.put(f"/Practitioner/{made['id']}", changed, **{"If-Match": 'W/"1"'})).status_code == 200
    again = await create(server, doctor(), criteria)
    assert again.status_code == 201
    assert again.json()["id"] != made["id"]
    assert (await create(server, doctor(), criteria)).json()["id"] == again.json()["id"]


class Unhurried(MemoryDocuments):
    """Lets everybody else go on before it answers, so that all who race have searched before anybody commits."""

    async def get(self, kind: str, id: str) -> Document | None:  # noqa: A002 - the contract's word
        found = await super().get(kind, id)
        await asyncio.sleep(0)
        return found

    async def find(self, query: Query) -> list[Document]:
        found = await super().find(query)
        await asyncio.sleep(0)
        return found


class Interrupted(MemoryDocuments):
    """Does something else, once, between a search for a Practitioner and its answer."""

    meanwhile: Callable[[], Awaitable[Any]] | None = None

    async def find(self, query: Query) -> list[Document]:
        found = await super().find(query)
        meanwhile = self.meanwhile
        if query.kind == "Practitioner" and meanwhile is not None:
            self.meanwhile = None
            await meanwhile()
        return found


async def create_and_rename(server: Server, body: Json, criteria: str) -> None:
    made = (await create(server, body, criteria)).json()
    other = {**made, "name": [{"family": "Other"}]}
    answer = await server.put(f"/Practitioner/{made['id']}", other, **{"If-Match": 'W/"1"'})
    assert answer.status_code == 200


@pytest.mark.acceptance("F66")
@pytest.mark.parametrize("before", [False, True], ids=["the first time", "after another that no longer fits"])
async def test_of_creates_under_one_condition_that_race_one_is_made(tmp_path: Path, *, before: bool) -> None:
    async with serving(tmp_path, documents=Unhurried()) as server:
        # The order of parameters and of values, and the case of a name, make no other condition.
        criteria = [f"identifier=1,{RENDERING}&name=rivera", f"name=Rivera&identifier={RENDERING},1"] * 4
        body = doctor(name=[{"family": "Rivera"}])
        if before:
            await create_and_rename(server, body, criteria[0])
        answers = await asyncio.gather(*(create(server, body, one) for one in criteria))
        assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
        assert len({answer.json()["id"] for answer in answers}) == 1
        assert len(resources((await server.get("/Practitioner?name=rivera")).json())) == 1


async def test_a_create_that_loses_the_race_finds_the_others_resource(tmp_path: Path) -> None:
    documents = Interrupted()
    async with serving(tmp_path, documents=documents) as server:
        criteria, others = f"identifier={RENDERING}", []

        async def first() -> None:
            others.append(await create(server, doctor(), criteria))

        documents.meanwhile = first
        late = await create(server, doctor(), criteria)
        assert [other.status_code for other in others] == [201]
        assert (late.status_code, late.json()["id"]) == (200, others[0].json()["id"])


@pytest.mark.parametrize(
    "criteria",
    [
        "",
        "?",
        "color=red",
        "identifier=",
        "_count=1",
        "name=a&_sort=_lastUpdated",
        "name=a&_elements=name",
        "name=a&_summary=true",
        "name=a&_page=x",
        "name=%ff",
        "&".join(["name=a"] * 51),
    ],
)
async def test_an_unusable_condition_is_rejected(server: Server, criteria: str) -> None:
    refused = await create(server, doctor(), criteria)
    assert refused.status_code == 400
    assert issues(refused)
    assert resources((await server.get("/Practitioner")).json()) == []


async def test_a_bill_is_not_created_under_a_condition(server: Server) -> None:
    refused = await create(server, billing_claim(), "identifier=BILL-0001", "biller")
    assert refused.status_code == 400
    assert "If-None-Exist" in issues(refused)[0]["details"]["text"]
    assert resources((await server.get("/Claim")).json()) == []


async def test_only_an_administrator_may_create_under_a_condition(server: Server) -> None:
    for client in ("ehr-a", "reviewer", "patient-1"):
        assert (await create(server, doctor(), f"identifier={RENDERING}", client)).status_code == 403
    assert resources((await server.get("/Practitioner")).json()) == []
