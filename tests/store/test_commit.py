"""All writes of a commit, or none: the same on every store."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from app.ports import AnyOf, Check, Delete, Documents, Insert, Query, Replace
from tests.store.committing import CLAIM, assert_conflict, found


async def test_a_replace_stores_the_next_version_and_its_terms(store: Documents) -> None:
    await store.commit(Insert(CLAIM))
    changed = replace(CLAIM, body="2", terms=(("patient", "p1"), ("status", "cancelled")), updated="2026-02-01")

    await store.commit(Replace(changed))

    assert await store.get("Claim", "c1") == replace(changed, version=2)
    assert await found(store, "status", "cancelled") == ["c1"]
    assert await found(store, "patient", "p1") == ["c1"]
    assert await found(store, "status", "active") == []


async def test_a_replace_may_move_a_document_to_another_creation_time(store: Documents) -> None:
    await store.commit(Insert(CLAIM))

    await store.commit(Replace(replace(CLAIM, created="2025-01-01")))

    assert await store.get("Claim", "c1") == replace(CLAIM, created="2025-01-01", version=2)
    assert await found(store, "patient", "p1") == ["c1"]


async def test_a_replace_of_an_older_version_conflicts(store: Documents) -> None:
    await store.commit(Insert(CLAIM))
    await store.commit(Replace(replace(CLAIM, body="2")))
    stale = Replace(replace(CLAIM, body="stale"))

    await assert_conflict(store, stale, stale)

    assert await store.get("Claim", "c1") == replace(CLAIM, body="2", version=2)


@pytest.mark.parametrize("version", [0, 1])
async def test_a_document_that_is_not_there_is_neither_replaced_nor_deleted(store: Documents, version: int) -> None:
    absent = Replace(replace(CLAIM, version=version))
    gone = Delete("Claim", "c1", version)

    await assert_conflict(store, absent, absent)
    await assert_conflict(store, gone, gone)

    assert await store.get("Claim", "c1") is None


async def test_a_deleted_document_is_not_read_or_found_and_its_key_is_free(store: Documents) -> None:
    await store.commit(Insert(CLAIM))

    await store.commit(Delete("Claim", "c1", 1))

    assert await store.get("Claim", "c1") is None
    assert await found(store, "patient", "p1") == []
    await store.commit(Insert(replace(CLAIM, body="again")))
    assert await store.get("Claim", "c1") == replace(CLAIM, body="again")


async def test_a_delete_of_an_older_version_conflicts(store: Documents) -> None:
    await store.commit(Insert(CLAIM))
    await store.commit(Replace(replace(CLAIM, body="2")))
    stale = Delete("Claim", "c1", 1)

    await assert_conflict(store, stale, stale)

    assert await found(store, "patient", "p1") == ["c1"]


async def test_a_successful_check_does_not_change_the_document(store: Documents) -> None:
    await store.commit(Insert(CLAIM))

    await store.commit(Check("Claim", "c1", 1), Check("Claim", "c2", 0))

    assert await store.get("Claim", "c1") == CLAIM
    assert await store.get("Claim", "c2") is None


@pytest.mark.parametrize("failing", [Check("Claim", "c1", 2), Check("Claim", "c1", 0), Check("Claim", "c2", 1)])
async def test_a_check_that_fails_conflicts(store: Documents, failing: Check) -> None:
    await store.commit(Insert(CLAIM))

    await assert_conflict(store, failing, Insert(replace(CLAIM, id="c3")), failing)

    assert await store.get("Claim", "c3") is None


@pytest.mark.parametrize("version", [0, 1])
async def test_a_concurrent_check_and_change_of_a_document_happen_in_turn(store: Documents, version: int) -> None:
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

    await assert_conflict(
        store,
        stale,
        Insert(replace(CLAIM, id="c3")),
        Replace(replace(CLAIM, body="2", terms=(("patient", "p2"),))),
        Delete("Claim", "c2", 1),
        stale,
        Insert(replace(CLAIM, id="c4")),
    )

    assert await store.get_many("Claim", ["c1", "c2", "c3", "c4"]) == [CLAIM, replace(CLAIM, id="c2")]
    assert await found(store, "patient", "p1") == ["c1", "c2"]
    assert await found(store, "patient", "p2") == []


async def test_the_writes_of_a_commit_happen_in_their_order(store: Documents) -> None:
    await store.commit(
        Check("Claim", "c1", 0),
        Insert(CLAIM),
        Replace(replace(CLAIM, terms=(("patient", "p2"),))),
        Check("Claim", "c1", 2),
        Insert(replace(CLAIM, id="c2")),
        Delete("Claim", "c2", 1),
    )

    assert await found(store, "patient", "p2") == ["c1"]
    assert await found(store, "patient", "p1") == []
    assert await store.get("Claim", "c2") is None


async def test_a_commit_without_writes_goes_through(store: Documents) -> None:
    await store.commit()


async def test_a_returned_commit_is_seen_by_every_read_behind_it(store: Documents) -> None:
    for number in range(30):
        await store.commit(Insert(replace(CLAIM, id=f"c{number}")))
        assert await store.get("Claim", f"c{number}") is not None
        assert await store.count(Query("Claim", (AnyOf("patient", ("p1",)),)), cap=100) == number + 1


async def test_a_commit_of_inserts_replaces_and_deletes_is_found_afterwards(store: Documents) -> None:
    other = replace(CLAIM, id="c2")

    await store.commit(
        Insert(CLAIM),
        Insert(other),
        Replace(replace(CLAIM, terms=(("patient", "p1"), ("status", "cancelled")))),
        Delete("Claim", "c2", 1),
    )

    assert await found(store, "patient", "p1") == ["c1"]
    assert await found(store, "status", "active") == []
    assert await found(store, "status", "cancelled") == ["c1"]


async def test_a_document_can_be_deleted_and_inserted_again_in_one_commit(store: Documents) -> None:
    await store.commit(Insert(CLAIM))
    again = replace(CLAIM, body="2", terms=(("status", "cancelled"),))

    await store.commit(Delete("Claim", "c1", 1), Insert(again))

    assert await store.get("Claim", "c1") == replace(again, version=1)
    assert await found(store, "status", "cancelled") == ["c1"]
    assert await found(store, "status", "active") == []
