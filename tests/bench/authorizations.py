"""Fill a store with authorizations for searches: varied copies of one that the server made."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
from msgspec.structs import replace
from rich.progress import Progress

from app.access.reach import OWNER, PATIENT, PAYER
from app.adapters.memory import MemoryDocuments
from app.adapters.sqlite.store import SqliteDocuments
from app.domain.authorization import Authorization
from app.domain.authorization_number import mint
from app.ports import AnyOf, Insert, Query, Write
from app.records import authorizations, resources
from app.records.kinds import TERM_TABLE
from tests.support.samples import request_bundle
from tests.support.server import serving

EACH = 10
"""How many authorizations a patient has, in a small store and in a large one."""

BATCH = 2000
FIRST_DAY = datetime(2025, 1, 1, tzinfo=UTC)
DAYS = 365


@dataclass(frozen=True, slots=True)
class Filled:
    """A store with authorizations, and the values to search them by."""

    documents: SqliteDocuments
    patients: list[str]
    numbers: list[str]


@dataclass(frozen=True, slots=True)
class Original:
    """One authorization as the server has stored it, and the text of its ClaimResponse."""

    record: Authorization
    claim_response: str


async def original(folder: Path) -> Original:
    """Submit a request to a server in this process, and return the rows that it stores."""
    documents = MemoryDocuments()
    async with serving(folder, documents=documents) as server:
        answer = await server.post("/Claim/$submit", request_bundle(identifier="REQ-ORIGINAL"))
        answer.raise_for_status()
        query = Query("ClaimResponse", (AnyOf("status", ("active",)),))
        (response,) = await documents.find(query)
        stored = await authorizations.by_id(documents, response.id)
        assert stored is not None
    return Original(stored.authorization, response.body)


async def filled(file: Path, made_from: Original, size: int, progress: Progress) -> Filled:
    """Store `size` authorizations (record, number, ClaimResponse) by the store's own commit; open the store anew."""
    chance = random.Random(size)
    documents = SqliteDocuments(file)
    await documents.start(TERM_TABLE)
    task = progress.add_task(f"storing {size:,} authorizations", total=size)
    patients = [_id(chance) for _ in range(size // EACH)]
    numbers = _numbers(size, chance)
    for start in range(0, size, BATCH):
        batch = range(start, min(start + BATCH, size))
        records = [_varied(made_from.record, patients[at // EACH], numbers[at], chance) for at in batch]
        await documents.commit(*(write for record in records for write in _writes(made_from, record)))
        progress.advance(task, len(batch))
    await documents.close()
    await documents.start(TERM_TABLE)
    return Filled(documents, patients, numbers)


def _numbers(size: int, chance: random.Random) -> list[str]:
    """Return `size` different numbers: among a million random ones, two may be equal."""
    numbers: dict[str, None] = {}
    while len(numbers) < size:
        numbers[mint("PA", lambda count, alphabet: "".join(chance.choices(alphabet, k=count)))] = None
    return list(numbers)


def _varied(record: Authorization, patient: str, number: str, chance: random.Random) -> Authorization:
    moment = FIRST_DAY + timedelta(days=chance.uniform(0, DAYS))
    return replace(
        record,
        id=_id(chance),
        claim=_id(chance),
        patient=patient,
        member=msgspec.structs.replace(record.member, member_id=f"M{patient[:8]}"),
        identifier=msgspec.structs.replace(record.identifier, value=f"REQ-{chance.getrandbits(40):010X}"),
        number=number,
        created=moment,
        updated=moment,
    )


def _writes(made_from: Original, record: Authorization) -> Iterator[Write]:
    access = ((PAYER, record.payer), (OWNER, record.owner), (PATIENT, record.patient))
    claim_response = msgspec.json.decode(_copied(made_from.claim_response, made_from.record, record))
    yield Insert(resources.row(claim_response, access=access, now=record.created))
    yield Insert(authorizations.row(record))
    assert record.number is not None
    yield authorizations.number_insert(record.payer, record.number, record.id)


def _copied(text: str, old: Authorization, new: Authorization) -> str:
    """Replace the original's ids, patient, number, identifier and time by those of the copy."""
    assert old.number is not None
    assert new.number is not None
    for before, after in (
        (old.id, new.id),
        (old.claim, new.claim),
        (old.patient, new.patient),
        (old.number, new.number),
        (old.identifier.value, new.identifier.value),
        (f'"created":"{old.created:%Y-%m-%d}', f'"created":"{new.created:%Y-%m-%d}'),
    ):
        text = text.replace(before, after)
    return text


def _id(chance: random.Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))
