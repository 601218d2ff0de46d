"""New documents and their keys: the same on every store."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from app.ports import AnyOf, Conflict, Delete, Documents, Insert, Query, Replace
from tests.store.committing import CLAIM, assert_conflict, found


async def test_an_inserted_document_is_read_back_unchanged(store: Documents) -> None:
    await store.commit(Insert(CLAIM))

    assert await store.get("Claim", "c1") == CLAIM
    assert await store.get("Claim", "c2") is None
    assert await store.get("ClaimResponse", "c1") is None


async def test_an_insert_starts_at_version_1(store: Documents) -> None:
    await store.commit(Insert(replace(CLAIM, version=7)))

    assert await store.get("Claim", "c1") == CLAIM


async def test_a_second_insert_of_a_key_conflicts(store: Documents) -> None:
    second = Insert(replace(CLAIM, body="second"))
    await store.commit(Insert(CLAIM))

    await assert_conflict(store, second, second)

    assert await store.get("Claim", "c1") == CLAIM


@pytest.mark.parametrize("position", range(4))
async def test_a_conflict_names_the_insert_with_the_key_in_use(store: Documents, position: int) -> None:
    await store.commit(Insert(CLAIM))
    writes = [Insert(replace(CLAIM, id=f"n{number}")) for number in range(3)]
    writes.insert(position, Insert(replace(CLAIM, body="second")))
    known = Replace(replace(CLAIM, body="replaced"))

    await assert_conflict(store, writes[position], known, *writes)

    assert await found(store, "patient", "p1") == ["c1"]


async def test_the_second_insert_of_a_key_in_one_commit_conflicts(store: Documents) -> None:
    second = Insert(replace(CLAIM, body="second"))

    await assert_conflict(store, second, Insert(replace(CLAIM, id="c2")), Insert(CLAIM), second)

    assert await store.get_many("Claim", ["c1", "c2"]) == []


async def test_one_of_two_concurrent_inserts_of_a_key_conflicts(store: Documents) -> None:
    first, second = Insert(replace(CLAIM, body="first")), Insert(replace(CLAIM, body="second"))

    outcomes = await asyncio.gather(store.commit(first), store.commit(second), return_exceptions=True)

    stored = await store.get("Claim", "c1")
    assert stored is not None
    lost = {"first": second, "second": first}[stored.body]
    assert [outcome.write for outcome in outcomes if isinstance(outcome, Conflict)] == [lost]
    assert outcomes.count(None) == 1


@pytest.mark.parametrize("count", [1, 31, 32, 33, 64, 100])
async def test_every_term_of_a_new_document_finds_it_once(store: Documents, count: int) -> None:
    terms = tuple(("code", f"{number}") for number in range(count))
    await store.commit(Insert(replace(CLAIM, terms=(*terms, *terms))), Insert(replace(CLAIM, id="c2", terms=terms)))

    for _, value in terms:
        assert await found(store, "code", value) == ["c1", "c2"]
    await store.commit(Delete("Claim", "c1", 1))
    assert await store.count(Query("Claim", (AnyOf("code", tuple(value for _, value in terms)),)), cap=10) == 1
