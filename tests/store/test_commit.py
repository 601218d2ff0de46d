"""All writes of a commit, or none: the same on every store."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from app.ports import (
    AnyOf,
    Check,
    Conflict,
    Delete,
    Document,
    Documents,
    Insert,
    Query,
    Replace,
    StoreUnavailable,
    Write,
)
from app.settings import Settings
from tests.store.places import TABLE, MemoryPlace, MongoPlace, SqlitePlace

CLAIM = Document("Claim", "c1", '{"id": "c1"}', (("patient", "p1"), ("status", "active")), "2026-01-01", "2026-01-02")


async def _found(store: Documents, name: str, value: str) -> list[str]:
    return [document.id for document in await store.find(Query("Claim", (AnyOf(name, (value,)),)))]


async def _assert_conflict(store: Documents, lost: Write, *writes: Write) -> None:
    with pytest.raises(Conflict) as refused:
        await store.commit(*writes)
    assert refused.value.write == lost


async def test_an_inserted_document_is_read_as_it_was_given(store: Documents) -> None:
    await store.commit(Insert(CLAIM))

    assert await store.get("Claim", "c1") == CLAIM
    assert await store.get("Claim", "c2") is None
    assert await store.get("ClaimResponse", "c1") is None


async def test_an_insert_starts_at_version_1_whatever_the_document_says(store: Documents) -> None:
    await store.commit(Insert(replace(CLAIM, version=7)))

    assert await store.get("Claim", "c1") == CLAIM


async def test_a_second_insert_of_the_same_key_conflicts(store: Documents) -> None:
    second = Insert(replace(CLAIM, body="second"))
    await store.commit(Insert(CLAIM))

    await _assert_conflict(store, second, second)

    assert await store.get("Claim", "c1") == CLAIM


@pytest.mark.parametrize("position", range(4))
async def test_of_several_inserts_the_one_whose_key_is_taken_is_named(store: Documents, position: int) -> None:
    await store.commit(Insert(CLAIM))
    writes = [Insert(replace(CLAIM, id=f"n{number}")) for number in range(3)]
    writes.insert(position, Insert(replace(CLAIM, body="second")))
    known = Replace(replace(CLAIM, body="replaced"))

    await _assert_conflict(store, writes[position], known, *writes)

    assert await _found(store, "patient", "p1") == ["c1"]


async def test_of_two_inserts_of_the_same_key_in_one_commit_the_second_conflicts(store: Documents) -> None:
    second = Insert(replace(CLAIM, body="second"))

    await _assert_conflict(store, second, Insert(replace(CLAIM, id="c2")), Insert(CLAIM), second)

    assert await store.get_many("Claim", ["c1", "c2"]) == []


async def test_of_two_inserts_of_the_same_key_at_once_one_conflicts(store: Documents) -> None:
    first, second = Insert(replace(CLAIM, body="first")), Insert(replace(CLAIM, body="second"))

    outcomes = await asyncio.gather(store.commit(first), store.commit(second), return_exceptions=True)

    stored = await store.get("Claim", "c1")
    assert stored is not None
    lost = {"first": second, "second": first}[stored.body]
    assert [outcome.write for outcome in outcomes if isinstance(outcome, Conflict)] == [lost]
    assert outcomes.count(None) == 1


@pytest.mark.parametrize("count", [1, 31, 32, 33, 64, 100])
async def test_every_term_of_a_new_document_finds_it_and_one_given_twice_does_so_once(
    store: Documents, count: int
) -> None:
    terms = tuple(("code", f"{number}") for number in range(count))
    await store.commit(Insert(replace(CLAIM, terms=(*terms, *terms))), Insert(replace(CLAIM, id="c2", terms=terms)))

    for _, value in terms:
        assert await _found(store, "code", value) == ["c1", "c2"]
    await store.commit(Delete("Claim", "c1", 1))
    assert await store.count(Query("Claim", (AnyOf("code", tuple(value for _, value in terms)),)), cap=10) == 1


async def test_a_replace_stores_the_next_version_and_its_terms(store: Documents) -> None:
    await store.commit(Insert(CLAIM))
    changed = replace(CLAIM, body="2", terms=(("patient", "p1"), ("status", "cancelled")), updated="2026-02-01")

    await store.commit(Replace(changed))

    assert await store.get("Claim", "c1") == replace(changed, version=2)
    assert await _found(store, "status", "cancelled") == ["c1"]
    assert await _found(store, "patient", "p1") == ["c1"]
    assert await _found(store, "status", "active") == []


async def test_a_replace_may_move_a_document_to_another_creation_time(store: Documents) -> None:
    await store.commit(Insert(CLAIM))

    await store.commit(Replace(replace(CLAIM, created="2025-01-01")))

    assert await store.get("Claim", "c1") == replace(CLAIM, created="2025-01-01", version=2)
    assert await _found(store, "patient", "p1") == ["c1"]


async def test_a_replace_of_an_older_version_conflicts(store: Documents) -> None:
    await store.commit(Insert(CLAIM))
    await store.commit(Replace(replace(CLAIM, body="2")))
    stale = Replace(replace(CLAIM, body="stale"))

    await _assert_conflict(store, stale, stale)

    assert await store.get("Claim", "c1") == replace(CLAIM, body="2", version=2)


@pytest.mark.parametrize("version", [0, 1])
async def test_a_document_that_is_not_there_is_neither_replaced_nor_deleted(store: Documents, version: int) -> None:
    absent = Replace(replace(CLAIM, version=version))
    gone = Delete("Claim", "c1", version)

    await _assert_conflict(store, absent, absent)
    await _assert_conflict(store, gone, gone)

    assert await store.get("Claim", "c1") is None


async def test_a_deleted_document_is_not_read_or_found_and_its_key_is_free(store: Documents) -> None:
    await store.commit(Insert(CLAIM))

    await store.commit(Delete("Claim", "c1", 1))

    assert await store.get("Claim", "c1") is None
    assert await _found(store, "patient", "p1") == []
    await store.commit(Insert(replace(CLAIM, body="again")))
    assert await store.get("Claim", "c1") == replace(CLAIM, body="again")


async def test_a_delete_of_an_older_version_conflicts(store: Documents) -> None:
    await store.commit(Insert(CLAIM))
    await store.commit(Replace(replace(CLAIM, body="2")))
    stale = Delete("Claim", "c1", 1)

    await _assert_conflict(store, stale, stale)

    assert await _found(store, "patient", "p1") == ["c1"]


async def test_a_check_that_holds_changes_nothing(store: Documents) -> None:
    await store.commit(Insert(CLAIM))

    await store.commit(Check("Claim", "c1", 1), Check("Claim", "c2", 0))

    assert await store.get("Claim", "c1") == CLAIM
    assert await store.get("Claim", "c2") is None


@pytest.mark.parametrize("failing", [Check("Claim", "c1", 2), Check("Claim", "c1", 0), Check("Claim", "c2", 1)])
async def test_a_check_that_fails_conflicts(store: Documents, failing: Check) -> None:
    await store.commit(Insert(CLAIM))

    await _assert_conflict(store, failing, Insert(replace(CLAIM, id="c3")), failing)

    assert await store.get("Claim", "c3") is None


@pytest.mark.parametrize("version", [0, 1])
async def test_a_check_and_a_change_of_the_same_document_at_once_happen_one_after_the_other(
    store: Documents, version: int
) -> None:
    """Each commit checks what the other changes: had both gone through, neither would have been first."""
    keys = ["c1", "c2"]
    documents = [replace(CLAIM, id=key) for key in keys]
    if version:
        await store.commit(*map(Insert, documents))
    changes = [Replace(document) if version else Insert(document) for document in documents]

    outcomes = await asyncio.gather(
        store.commit(changes[0], Check("Claim", "c2", version)),
        store.commit(changes[1], Check("Claim", "c1", version)),
        return_exceptions=True,
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "NoneType"]


async def test_a_failed_commit_leaves_no_document_and_no_term(store: Documents) -> None:
    await store.commit(Insert(CLAIM), Insert(replace(CLAIM, id="c2")))
    stale = Replace(replace(CLAIM, id="c9"))

    await _assert_conflict(
        store,
        stale,
        Insert(replace(CLAIM, id="c3")),
        Replace(replace(CLAIM, body="2", terms=(("patient", "p2"),))),
        Delete("Claim", "c2", 1),
        stale,
        Insert(replace(CLAIM, id="c4")),
    )

    assert await store.get_many("Claim", ["c1", "c2", "c3", "c4"]) == [CLAIM, replace(CLAIM, id="c2")]
    assert await _found(store, "patient", "p1") == ["c1", "c2"]
    assert await _found(store, "patient", "p2") == []


async def test_the_writes_of_a_commit_happen_in_their_order(store: Documents) -> None:
    await store.commit(
        Check("Claim", "c1", 0),
        Insert(CLAIM),
        Replace(replace(CLAIM, terms=(("patient", "p2"),))),
        Check("Claim", "c1", 2),
        Insert(replace(CLAIM, id="c2")),
        Delete("Claim", "c2", 1),
    )

    assert await _found(store, "patient", "p2") == ["c1"]
    assert await _found(store, "patient", "p1") == []
    assert await store.get("Claim", "c2") is None


async def test_a_commit_without_writes_goes_through(store: Documents) -> None:
    await store.commit()


async def test_a_returned_commit_is_seen_by_every_read_behind_it(store: Documents) -> None:
    for number in range(30):
        await store.commit(Insert(replace(CLAIM, id=f"c{number}")))
        assert await store.get("Claim", f"c{number}") is not None
        assert await store.count(Query("Claim", (AnyOf("patient", ("p1",)),)), cap=100) == number + 1


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

    await _assert_conflict(store, stale, Replace(replace(rows[0], body="lost")), stale)
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
async def test_any_text_names_a_kind_a_key_or_a_term(store: Documents, name: str) -> None:
    document = Document(name, name, name, ((name, f"{name}=1"), (name, ""), ("other", name)), name, name)
    await store.commit(Insert(document))

    assert await store.get(name, name) == document
    assert await store.get_many(name, [name]) == [document]
    for term, value in document.terms:
        assert await store.find(Query(name, (AnyOf(term, (value,)),))) == [document]
    assert await store.find(Query(name, (AnyOf(name, ("1",)),))) == []


async def test_what_was_committed_is_there_after_reopening(lasting_place: SqlitePlace | MongoPlace) -> None:
    first = lasting_place.documents()
    await first.start(TABLE)
    await first.commit(Insert(CLAIM), Insert(replace(CLAIM, id="c2")))
    await first.commit(Replace(replace(CLAIM, body="2")), Delete("Claim", "c2", 1))
    await first.close()

    second = lasting_place.documents()
    await second.start(TABLE)

    assert await second.get("Claim", "c1") == replace(CLAIM, body="2", version=2)
    assert await _found(second, "patient", "p1") == ["c1"]
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


async def test_what_one_commit_inserts_replaces_and_deletes_is_found_as_it_is_left(store: Documents) -> None:
    other = replace(CLAIM, id="c2")

    await store.commit(
        Insert(CLAIM),
        Insert(other),
        Replace(replace(CLAIM, terms=(("patient", "p1"), ("status", "cancelled")))),
        Delete("Claim", "c2", 1),
    )

    assert await _found(store, "patient", "p1") == ["c1"]
    assert await _found(store, "status", "active") == []
    assert await _found(store, "status", "cancelled") == ["c1"]
