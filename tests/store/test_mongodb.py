"""What only MongoDB has: servers that do not fit, and networks that fail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pymongo
import pytest
from msgspec.structs import replace

from app.adapters.mongodb.store import MongoDocuments
from app.ports import AnyOf, Document, Insert, Query, Replace, StoreUnavailable, TooLarge
from tests.store.places import TABLE, MongoPlace
from tests.wire import wire_server

CLAIM = Document("Claim", "c1", "", (("patient", "p1"),))


async def test_a_standalone_server_is_refused_with_a_sentence_and_a_remedy(tmp_path: Path) -> None:
    with wire_server(tmp_path, "--standalone") as url:
        documents = MongoDocuments(url)
        with pytest.raises(RuntimeError, match=r"must be a replica set.*--replSet rs0.*rs\.initiate\(\)"):
            await documents.start(TABLE)
        await documents.close()


@pytest.mark.parametrize("url", ["mongodb://", "http://127.0.0.1", "mongodb://127.0.0.1:port", "127.0.0.1:1:2"])
async def test_an_address_that_cannot_be_read_is_refused_with_a_sentence(url: str) -> None:
    documents = MongoDocuments(url)

    with pytest.raises(RuntimeError, match="It must begin with mongodb://"):
        await documents.start(TABLE)

    await documents.close()


async def test_a_server_that_does_not_answer_makes_the_store_unavailable() -> None:
    documents = MongoDocuments("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50")

    with pytest.raises(StoreUnavailable):
        await documents.start(TABLE)

    await documents.close()


async def test_a_server_that_goes_away_makes_the_store_unavailable(tmp_path: Path) -> None:
    with wire_server(tmp_path) as url:
        documents = MongoDocuments(f"{url}?serverSelectionTimeoutMS=200")
        await documents.start(TABLE)
        await documents.commit(Insert(CLAIM))

    for attempt in (
        documents.get("Claim", "c1"),
        documents.get_many("Claim", ["c1"]),
        documents.find(Query("Claim", (AnyOf("patient", ("p1",)),))),
        documents.count(Query("Claim", (AnyOf("patient", ("p1",)),)), cap=1),
        documents.commit(Insert(Document("New", "n1", ""))),
        documents.commit(Insert(Document("Claim", "c2", ""))),
    ):
        with pytest.raises(StoreUnavailable):
            await attempt
    await documents.close()


async def test_a_commit_that_keeps_colliding_makes_the_store_unavailable(mongodb_place: MongoPlace) -> None:
    documents = MongoDocuments(mongodb_place.url, mongodb_place.database, patience=0.05)
    await documents.start(TABLE)
    await documents.commit(Insert(CLAIM))

    with pymongo.MongoClient[dict[str, Any]](mongodb_place.url) as client, client.start_session() as session:
        claims = client[mongodb_place.database]["documents.Claim"]
        session.start_transaction()
        claims.update_one({"_id": "c1"}, {"$set": {"body": "somebody's"}}, session=session)
        with pytest.raises(StoreUnavailable, match="did not finish"):
            await documents.commit(Replace(CLAIM))
        session.abort_transaction()

    await documents.commit(Replace(CLAIM))
    await documents.close()


@pytest.mark.parametrize("size", [16 * 1024 * 1024, 17_000_000], ids=["for the server", "for the driver"])
async def test_a_document_over_16_megabytes_fails_its_whole_commit(mongodb_place: MongoPlace, size: int) -> None:
    documents = mongodb_place.documents()
    await documents.start(TABLE)
    large = replace(CLAIM, id="c2", body="x" * size)

    with pytest.raises(TooLarge):
        await documents.commit(Insert(CLAIM), Insert(large))

    assert await documents.get_many("Claim", ["c1", "c2"]) == []
    await documents.commit(Insert(CLAIM))
    with pytest.raises(TooLarge):
        await documents.commit(Replace(replace(large, id="c1")))
    assert await documents.get("Claim", "c1") == CLAIM
    await documents.close()


async def test_each_kind_has_an_index_for_each_order(mongodb_place: MongoPlace) -> None:
    mongodb_place.fill_with_schema_1()
    documents = mongodb_place.documents()
    await documents.start(TABLE)
    await documents.commit(Insert(Document("Coverage", "v1", "")))
    await documents.close()

    with pymongo.MongoClient[dict[str, Any]](mongodb_place.url) as client:
        database = client[mongodb_place.database]
        for kind in ("Claim", "ClaimResponse", "Coverage"):
            indexes = database[f"documents.{kind}"].index_information()
            assert indexes["created"]["key"] == [("terms", 1), ("created", 1), ("_id", 1)]
            assert indexes["updated"]["key"] == [("terms", 1), ("updated", 1), ("_id", 1)]
