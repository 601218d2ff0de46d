"""A client that contradicts a member's record five times a day gets the answer of an unknown member."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from app.adapters.memory import MemoryDocuments
from app.domain.member.identity import MOST_CONTRADICTIONS
from app.ports import AnyOf, Query, Write
from tests.api.reading import Json, answered, resources, returned
from tests.support.samples import (
    REQUESTOR,
    billing_claim,
    bundle,
    coverage,
    entry,
    inquiry_bundle,
    parties,
    patient,
    request_bundle,
)
from tests.support.server import Server, serving, shipped_system

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
RIGHT, WRONG = ("Sample", "1984-05-17"), ("Nosy", "1984-05-17")
WRONG_DAY = ("Sample", "1990-01-01")


def about(body: Json, person: tuple[str, str]) -> Json:
    """Say who the patient is."""
    for one in resources(body):
        if one["resourceType"] == "Patient":
            one |= {"name": [{"family": person[0]}], "birthDate": person[1]}
    return body


def bill_about(person: tuple[str, str], name: str, member: str) -> Json:
    """Bill for the patient that comes with the Claim."""
    claim = billing_claim(number=None, control_number=name, patient={"reference": "Patient/patient-1"})
    claim["insurance"][0]["coverage"] = {"reference": "Coverage/coverage-1"}
    return about(bundle("profile-pas-request-bundle", [entry("Claim/claim-1", claim), *parties(member)]), person)


async def said(
    server: Server, door: str, person: tuple[str, str], name: str, *, client: str = "ehr-b", member: str = "M001"
) -> str:
    """Say of the member's id who that is, through one of the doors; return the answer and what is kept, without ids."""
    if door == "submit":
        body = about(request_bundle(identifier=name, member=member), person)
        answer = await server.post("/Claim/$submit", body, client)
    elif door == "inquire":
        inquiry = inquiry_bundle(member=member)
        inquiry["identifier"]["value"] = name
        answer = await server.post("/Claim/$inquire", about(inquiry, person), client)
    else:
        answer = await server.post("/Claim/$submit", bill_about(person, name, member), client)
    assert answer.status_code == 200, answer.text
    text = "\n".join([answer.text, *await kept(server, answer.json(), client)])
    return ID.sub("ID", text.replace(member, "MEMBER").replace(name, "NAME"))


async def kept(server: Server, answer: Json, client: str) -> list[str]:
    """Read back the ClaimResponse that an answer has, and its Claim."""
    if answer["resourceType"] == "Parameters":
        return []
    [response] = [one for one in (answer, *resources(answer)) if one["resourceType"] == "ClaimResponse"]
    found = await server.get(f"/ClaimResponse/{response['id']}", client)
    return [found.text, (await server.get(f"/{found.json()['request']['reference']}", client)).text]


DOORS = ["submit", "inquire", "bill"]


async def guessed(server: Server, times: int = MOST_CONTRADICTIONS, client: str = "ehr-b", door: str = "") -> None:
    """Contradict the member's record, by name and by birth date, through one door or through all in turn."""
    for number in range(times):
        person = (WRONG, WRONG_DAY)[number % 2]
        await said(server, door or DOORS[number % 3], person, f"guess {number}", client=client)


async def registered(server: Server, member: str) -> None:
    """Let the payer's administrator store a member and its coverage."""
    created = await server.post("/Patient", patient(member) | {"name": [{"family": "Sample"}]}, "admin")
    assert created.status_code == 201, created.text
    beneficiary = {"reference": f"Patient/{created.json()['id']}"}
    payor = [{"reference": "Organization/sample-payer"}]
    stored = await server.post("/Coverage", coverage(member) | {"beneficiary": beneficiary, "payor": payor}, "admin")
    assert stored.status_code == 201, stored.text


@pytest.fixture
async def known(tmp_path: Path) -> AsyncIterator[Server]:
    """A payer that answers for registered members only, with one member, whom organization A treats."""
    payers = dict(shipped_system().payers)
    payers["sample-payer"] = payers["sample-payer"].model_copy(update={"members": "registered-only"})
    async with serving(tmp_path, policies=payers) as server:
        await registered(server, "M001")
        answered(await server.post("/Claim/$submit", about(request_bundle(), RIGHT), "ehr-a"))
        yield server


@pytest.mark.parametrize("door", DOORS)
async def test_after_five_contradictions_the_member_reads_as_unknown(known: Server, door: str) -> None:
    before = await said(known, door, RIGHT, "before")
    nobody = await said(known, door, RIGHT, "nobody", member="M999")
    assert (before == nobody) == (door == "inquire")  # organization B has nothing to find
    await guessed(known)
    for person in (RIGHT, WRONG, WRONG_DAY):
        nobody = await said(known, door, person, f"nobody {person}", member="M999")
        assert await said(known, door, person, f"somebody {person}") == nobody


async def test_an_inquiry_finds_its_authorizations_until_the_client_guesses_too_often(known: Server) -> None:
    mine = about(inquiry_bundle(requestor=REQUESTOR), RIGHT)
    await guessed(known, MOST_CONTRADICTIONS - 1, "ehr-a")
    assert len(returned(await known.post("/Claim/$inquire", mine, "ehr-a"))) == 1
    await guessed(known, MOST_CONTRADICTIONS, "ehr-a")
    assert returned(await known.post("/Claim/$inquire", mine, "ehr-a")) == []


@pytest.mark.parametrize("door", DOORS)
async def test_contradictions_in_all_operations_count_together_and_the_fifth_is_still_reported(
    known: Server, door: str
) -> None:
    await guessed(known, MOST_CONTRADICTIONS - 1, door=door)
    assert '"73"' in await said(known, "submit", WRONG, "the fifth")
    assert '"75"' in await said(known, "submit", WRONG, "the sixth")


@pytest.mark.parametrize("door", DOORS)
async def test_a_repeated_body_counts_once(known: Server, door: str) -> None:
    for _ in range(MOST_CONTRADICTIONS + 1):
        await said(known, door, WRONG, "again")
    assert '"75"' not in await said(known, "submit", RIGHT, "right")


@pytest.mark.parametrize("other", ["ehr-a", "house"])
async def test_another_client_is_answered_as_before(known: Server, other: str) -> None:
    await guessed(known)
    assert '"preAuthRef"' in await said(known, "submit", RIGHT, "of another client", client=other)


async def test_another_member_is_answered_as_before(known: Server) -> None:
    await registered(known, "M002")
    await guessed(known)
    assert '"preAuthRef"' in await said(known, "submit", RIGHT, "of another member", member="M002")


async def test_the_next_day_begins_anew(known: Server) -> None:
    await guessed(known)
    known.clock.move(hours=9)
    assert '"preAuthRef"' in await said(known, "submit", RIGHT, "the next day")
    await guessed(known, MOST_CONTRADICTIONS - 1)
    assert '"preAuthRef"' in await said(known, "submit", RIGHT, "later that day")


async def test_the_payers_staff_may_be_wrong_as_often_as_they_like(known: Server) -> None:
    for number in range(MOST_CONTRADICTIONS + 1):
        await said(known, "inquire", WRONG, f"guess {number}", client="reviewer")
    mine = await known.post("/Claim/$inquire", about(inquiry_bundle(), RIGHT), "reviewer")
    assert len(returned(mine)) == 1


async def test_a_member_that_was_registered_by_its_first_request_is_withheld_too(server: Server) -> None:
    await said(server, "submit", RIGHT, "registers", client="ehr-a")
    await guessed(server)
    assert '"75"' in await said(server, "submit", RIGHT, "right")
    assert resources((await server.get("/Patient", "ehr-b")).json()) == []


async def test_the_trail_has_the_contradictions_and_the_withheld_answers(known: Server) -> None:
    await guessed(known)
    await said(known, "inquire", RIGHT, "right")
    [person] = resources((await known.get("/Patient", "admin")).json())
    rows = await known.system.documents.find(Query("event", (AnyOf("subject", (person["id"],)),)))
    events = [msgspec.json.decode(row.body) for row in rows]
    told = [(one["action"], one.get("about"), one["client"]) for one in events if one["client"] == "ehr-b"]
    wrong = [("contradict", ("name", "birth date")[number % 2], "ehr-b") for number in range(MOST_CONTRADICTIONS)]
    assert sorted(told, key=str) == sorted([*wrong, ("withhold", None, "ehr-b")], key=str)
    assert "Nosy" not in str(events)


class UnhurriedMemory(MemoryDocuments):
    """Lets everybody else go on between a read and a commit, as a database does."""

    async def commit(self, *writes: Write) -> None:
        await asyncio.sleep(0)
        await super().commit(*writes)


async def test_concurrent_guesses_reveal_no_more_than_guesses_in_turn(tmp_path: Path) -> None:
    async with serving(tmp_path, documents=UnhurriedMemory()) as server:
        await said(server, "submit", RIGHT, "registers", client="ehr-a")
        guesses = [said(server, "submit", WRONG, f"guess {number}") for number in range(4 * MOST_CONTRADICTIONS)]
        told = ['"73"' in answer for answer in await asyncio.gather(*guesses)]
    assert told.count(True) == MOST_CONTRADICTIONS
