"""What was committed is kept whole, however large and whatever its names, and lasts: the same on every store."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from app.ports import AnyOf, Delete, Document, Documents, Insert, Query, Replace, StoreUnavailable
from app.settings import Settings
from tests.store.committing import CLAIM, assert_conflict, found
from tests.store.places import TABLE, MemoryPlace, MongoPlace, SqlitePlace

LARGEST = 15_000_000
"""The largest body that the server takes, in bytes, as the settings have it."""


@pytest.mark.parametrize("text", ["a", "Ärztliche Begründung; ", '"\\\n'], ids=["plain", "umlauts", "escaped"])
async def test_a_body_of_fifteen_megabytes_is_kept(store: Documents, text: str) -> None:
    body = text * (LARGEST // len(text.encode()))
    await store.commit(Insert(replace(CLAIM, body=body)))

    stored = await store.get("Claim", "c1")

    assert stored is not None
    assert stored.body == body


async def test_a_commit_of_two_bodies_of_fifteen_megabytes_is_kept_and_replaced_whole(store: Documents) -> None:
    """A request's evidence and the answer that repeats it are two rows of one commit."""
    rows = [replace(CLAIM, id=id_, body=id_ * (LARGEST // 2)) for id_ in ("c1", "c2")]
    await store.commit(*map(Insert, rows))
    stale = Replace(replace(CLAIM, version=9))

    await assert_conflict(store, stale, Replace(replace(rows[0], body="lost")), stale)
    await store.commit(Replace(replace(rows[1], body="3" * LARGEST)))

    assert [document.body for document in await store.get_many("Claim", ["c1", "c2"])] == [rows[0].body, "3" * LARGEST]


def test_the_largest_body_is_the_settings_largest() -> None:
    assert Settings().max_body_bytes == LARGEST


NAMES = [
    "$where",
    "a.b",
    "a$b.c",
    "Ünï-cödé-日本-🩺",
    "system.users",
    "per%cent",
    "sp ace",
    "it's",
    'quo"te',
    "new\nline",
]


@pytest.mark.parametrize("name", NAMES)
async def test_any_text_can_be_a_kind_a_key_or_a_term(store: Documents, name: str) -> None:
    document = Document(name, name, name, ((name, f"{name}=1"), (name, ""), ("other", name)), name, name)
    await store.commit(Insert(document))

    assert await store.get(name, name) == document
    assert await store.get_many(name, [name]) == [document]
    for term, value in document.terms:
        assert await store.find(Query(name, (AnyOf(term, (value,)),))) == [document]
    assert await store.find(Query(name, (AnyOf(name, ("1",)),))) == []


async def test_committed_documents_remain_after_reopening(lasting_place: SqlitePlace | MongoPlace) -> None:
    first = lasting_place.documents()
    await first.start(TABLE)
    await first.commit(Insert(CLAIM), Insert(replace(CLAIM, id="c2")))
    await first.commit(Replace(replace(CLAIM, body="2")), Delete("Claim", "c2", 1))
    await first.close()

    second = lasting_place.documents()
    await second.start(TABLE)

    assert await second.get("Claim", "c1") == replace(CLAIM, body="2", version=2)
    assert await found(second, "patient", "p1") == ["c1"]
    await second.close()


async def test_a_store_object_can_be_opened_again(place: MemoryPlace | SqlitePlace | MongoPlace) -> None:
    documents = place.documents()
    await documents.start(TABLE)
    await documents.commit(Insert(CLAIM))
    await documents.close()

    await documents.start(TABLE)

    assert await documents.get("Claim", "c1") == CLAIM
    await documents.close()


async def test_a_closed_store_is_unavailable(lasting_place: SqlitePlace | MongoPlace) -> None:
    documents = lasting_place.documents()
    await documents.start(TABLE)
    await documents.close()
    await documents.close()

    with pytest.raises(StoreUnavailable):
        await documents.get("Claim", "c1")
    with pytest.raises(StoreUnavailable):
        await documents.commit(Insert(CLAIM))
