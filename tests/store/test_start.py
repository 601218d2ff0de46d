"""Opening what an older, a newer or another program left."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from msgspec.structs import replace

from app.ports import AnyOf, Conflict, Document, Documents, Insert, Order, Query, Replace, Term, TermTable
from tests.store.places import SCHEMA_2, TABLE, MemoryPlace, MongoPlace, SqlitePlace

P1 = (AnyOf("patient", ("Patient/p1",)),)
DOCUMENTS = [
    Document(kind, f"{number:03}", f"body {number}", (("old", "yes"),), f"{number:03}", f"{number:03}")
    for kind in ("Claim", "Coverage")
    for number in range(250)
]


async def _opened(place: MemoryPlace | SqlitePlace | MongoPlace, table: TermTable = TABLE) -> Documents:
    documents = place.documents()
    await documents.start(table)
    return documents


async def _filled(place: MemoryPlace | SqlitePlace | MongoPlace) -> None:
    documents = await _opened(place)
    for start in range(0, len(DOCUMENTS), 100):
        await documents.commit(*map(Insert, DOCUMENTS[start : start + 100]))
    await documents.close()


async def _count(documents: Documents, name: str) -> list[int]:
    return [
        await documents.count(Query(kind, (AnyOf(name, ("yes",)),)), cap=1000) for kind in ("Claim", "Coverage", "None")
    ]


class Recorded:
    """A table that makes one term of each document, and remembers of which; it fails at the one that is named."""

    def __init__(self, name: str, failing: tuple[str, str] | None = None) -> None:
        self.name = name
        self.failing = failing
        self.seen: list[tuple[str, str]] = []

    def table(self) -> TermTable:
        return TermTable(self.name, self._terms)

    def _terms(self, document: Document) -> tuple[Term, ...]:
        key = document.kind, document.id
        if key == self.failing:
            raise InterruptedError
        self.seen.append(key)
        return ((self.name, "yes"),)


@pytest.mark.acceptance("F70")
async def test_a_store_of_schema_1_is_migrated_with_all_documents(lasting_place: SqlitePlace | MongoPlace) -> None:
    lasting_place.fill_with_schema_1()

    documents = await _opened(lasting_place)

    by_change = await documents.find(Query("Claim", P1, order=Order.UPDATED, descending=True))
    assert [document.id for document in by_change] == ["c2", "c3", "c1"]
    assert [document.id for document in await documents.find(Query("Claim", P1))] == ["c1", "c2", "c3"]
    assert by_change[0] == Document(
        "Claim",
        "c2",
        '{"resourceType":"Claim","id":"c2","status":"cancelled"}',
        (("patient", "Patient/p1"), ("status", "cancelled")),
        "2026-01-06T09:00:00.000000Z",
        "2026-03-01T09:00:00.000000Z",
        2,
    )
    assert [document.id for document in await documents.find(Query("ClaimResponse", P1))] == ["r1"]
    await documents.commit(Replace(replace(by_change[0], updated="2026-01-01T09:00:00.000000Z")))
    by_change = await documents.find(Query("Claim", P1, order=Order.UPDATED))
    assert [document.id for document in by_change] == ["c2", "c1", "c3"]
    await documents.close()


async def test_a_file_of_schema_2_is_migrated_with_the_order_of_change(sqlite_place: SqlitePlace) -> None:
    sqlite_place.fill_with_schema_1(SCHEMA_2)

    documents = await _opened(sqlite_place)

    by_change = await documents.find(Query("Claim", P1, order=Order.UPDATED, descending=True))
    assert [document.id for document in by_change] == ["c2", "c3", "c1"]
    assert [document.id for document in await documents.find(Query("Claim", P1))] == ["c1", "c2", "c3"]
    await documents.commit(Replace(replace(by_change[0], updated="2026-01-01T09:00:00.000000Z")))
    by_change = await documents.find(Query("Claim", P1, order=Order.UPDATED))
    assert [document.id for document in by_change] == ["c2", "c1", "c3"]
    await documents.close()
    with closing(sqlite3.connect(sqlite_place.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def test_a_migrated_store_opens_again_without_a_change(lasting_place: SqlitePlace | MongoPlace) -> None:
    lasting_place.fill_with_schema_1()
    await (await _opened(lasting_place)).close()

    documents = await _opened(lasting_place)

    assert await documents.count(Query("Claim", P1), cap=10) == 3
    await documents.close()


@pytest.mark.acceptance("F70")
async def test_a_store_of_a_newer_schema_is_refused_with_a_sentence(lasting_place: SqlitePlace | MongoPlace) -> None:
    await (await _opened(lasting_place)).close()
    lasting_place.say_schema(99)

    documents = lasting_place.documents()
    with pytest.raises(RuntimeError, match=r"has schema 99; .* supports schemas up to \d\. Start the newer"):
        await documents.start(TABLE)
    await documents.close()

    lasting_place.say_schema(lasting_place.schema)
    await (await _opened(lasting_place)).close()


async def test_documents_stored_under_another_term_table_get_the_new_terms(
    place: MemoryPlace | SqlitePlace | MongoPlace,
) -> None:
    await _filled(place)
    new = Recorded("new")

    documents = await _opened(place, new.table())

    assert await _count(documents, "new") == [250, 250, 0]
    assert await _count(documents, "old") == [0, 0, 0]
    stored = await documents.get("Claim", "007")
    assert stored == replace(DOCUMENTS[7], terms=(("new", "yes"),))
    assert sorted(new.seen) == [(document.kind, document.id) for document in DOCUMENTS]
    await documents.close()


async def test_an_unchanged_term_table_causes_no_recomputation(place: MemoryPlace | SqlitePlace | MongoPlace) -> None:
    await _filled(place)
    await (await _opened(place, Recorded("new").table())).close()
    again = Recorded("new")

    documents = await _opened(place, again.table())

    assert again.seen == []
    await documents.close()


async def _interrupt(place: MemoryPlace | SqlitePlace | MongoPlace, key: tuple[str, str]) -> None:
    documents = place.documents()
    with pytest.raises(InterruptedError):
        await documents.start(Recorded("new", failing=key).table())
    await documents.close()


@pytest.mark.parametrize("key", [("Claim", "100"), ("Claim", "240"), ("Coverage", "240")])
async def test_an_interrupted_recomputing_is_finished_by_the_next_start(
    place: MemoryPlace | SqlitePlace | MongoPlace, key: tuple[str, str]
) -> None:
    await _filled(place)
    await _interrupt(place, key)

    documents = await _opened(place, Recorded("new").table())

    assert await _count(documents, "new") == [250, 250, 0]
    assert await _count(documents, "old") == [0, 0, 0]
    await documents.close()


async def test_an_interrupted_recomputing_resumes(lasting_place: SqlitePlace | MongoPlace) -> None:
    await _filled(lasting_place)
    await _interrupt(lasting_place, ("Coverage", "240"))
    rest = Recorded("new")

    documents = await _opened(lasting_place, rest.table())

    assert ("Coverage", "249") in rest.seen
    assert ("Claim", "000") not in rest.seen
    await documents.close()


async def test_going_back_to_the_old_table_after_an_interruption_leaves_no_new_term(
    place: MemoryPlace | SqlitePlace | MongoPlace,
) -> None:
    await _filled(place)
    await (await _opened(place, Recorded("old").table())).close()
    await _interrupt(place, ("Coverage", "240"))

    documents = await _opened(place, Recorded("old").table())

    assert await _count(documents, "old") == [250, 250, 0]
    assert await _count(documents, "new") == [0, 0, 0]
    await documents.close()


async def test_going_back_and_forth_between_tables_recomputes_all_each_time(
    place: MemoryPlace | SqlitePlace | MongoPlace,
) -> None:
    await _filled(place)
    for name in ("new", "old", "new"):
        await (await _opened(place, Recorded(name).table())).close()

    documents = await _opened(place, Recorded("new").table())

    assert await _count(documents, "new") == [250, 250, 0]
    assert await _count(documents, "old") == [0, 0, 0]
    await documents.close()


async def test_a_document_is_stored_with_its_terms_after_recomputing(lasting_place: SqlitePlace | MongoPlace) -> None:
    await _filled(lasting_place)
    documents = await _opened(lasting_place, Recorded("new").table())
    changed = replace(DOCUMENTS[7], terms=(("new", "no"),))

    await documents.commit(Replace(changed))

    assert await _count(documents, "new") == [249, 250, 0]
    with pytest.raises(Conflict):
        await documents.commit(Replace(changed))
    await documents.close()
