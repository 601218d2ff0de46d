"""The indexes, the way forward from older forms, and recomputing terms. The database is the driver's, unnamed here."""

from __future__ import annotations

from typing import Any

from pymongo import IndexModel, UpdateOne

from app.adapters.mongodb.document import INDEXES, PREFIX, from_stored, kind_of, to_stored_terms
from app.ports import TermTable

SCHEMA = 2
"""The schema's number. Schema 1 had one order of a search, by creation, and so one index."""

_BATCH = 200
_STORE = {"_id": "store"}


def refuse_a_standalone(hello: dict[str, Any]) -> None:
    """Raise RuntimeError for a server that has no transactions, by its own answer to `hello`."""
    if "setName" not in hello and hello.get("msg") != "isdbgrid":
        raise RuntimeError(
            "the MongoDB server is a standalone, which has no transactions: start it with `--replSet rs0`, run "
            "`rs.initiate()` in mongosh once, and start again"
        )


async def create_indexes(collection: Any) -> None:
    """Create the collection with its indexes; what is there already stays."""
    await collection.create_indexes([IndexModel(keys, name=name) for name, keys in INDEXES.items()])


async def bring_up_to_date(database: Any) -> None:
    """Take an older schema forward. Raises RuntimeError for a database that a newer program wrote."""
    found = (await database.meta.find_one(_STORE) or {}).get("schema", SCHEMA)
    if found > SCHEMA:
        raise RuntimeError(
            f"the database {database.name} has schema {found}, and this program knows schemas up to {SCHEMA}: start "
            "the newer program it was last used with, or restore a backup from before that"
        )
    if found < SCHEMA:
        for name in await _collections(database):
            await create_indexes(database[name])
    await database.meta.update_one(_STORE, {"$set": {"schema": SCHEMA}}, upsert=True)


async def reindex(database: Any, table: TermTable) -> None:
    """Recompute the terms of all documents, where the last program to do so had another table.

    How far it got is stored with each batch, and an interrupted reindex goes on from there.
    """
    store = await database.meta.find_one(_STORE)
    if store.get("terms") == table.hash:
        return
    reached = store.get("reindex", {})
    done = (reached["collection"], reached["id"]) if reached.get("hash") == table.hash else ("", "")
    for name in await _collections(database):
        if name >= done[0]:
            await _reindex_collection(database, name, done[1] if name == done[0] else "", table)
    await database.meta.update_one(_STORE, {"$set": {"terms": table.hash}, "$unset": {"reindex": ""}})


async def _reindex_collection(database: Any, name: str, after: str, table: TermTable) -> None:
    while True:
        # Until the last batch of the last collection is through, the terms are of no table.
        progress = {"hash": table.hash, "collection": name, "id": after}
        await database.meta.update_one(_STORE, {"$set": {"terms": "", "reindex": progress}})
        cursor = database[name].find({"_id": {"$gt": after}}).sort("_id", 1).limit(_BATCH)
        if not (rows := await cursor.to_list(None)):
            return
        documents = [from_stored(kind_of(name), row) for row in rows]
        computed = [{"terms": to_stored_terms(table.terms(one)), "created": table.created(one)} for one in documents]
        # A document that has changed since has its terms from whoever changed it.
        known = [{"_id": row["_id"], "version": row["version"]} for row in rows]
        await database[name].bulk_write(
            [UpdateOne(same, {"$set": new}) for same, new in zip(known, computed, strict=True)]
        )
        after = rows[-1]["_id"]


async def _collections(database: Any) -> list[str]:
    return sorted(name for name in await database.list_collection_names() if name.startswith(PREFIX))
