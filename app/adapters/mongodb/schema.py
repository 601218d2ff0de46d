"""Create indexes, migrate older schemas and recompute terms. Arguments are the driver's database objects."""

from __future__ import annotations

from typing import Any

from pymongo import IndexModel, UpdateOne

from app.adapters.mongodb.document import INDEXES, PREFIX, from_stored, kind_of, to_stored_terms
from app.ports import TermTable

SCHEMA = 2
"""The number of the schema. Schema 1 had one search order, by creation, and one index."""

_BATCH = 200
_STORE = {"_id": "store"}


def refuse_a_standalone(hello: dict[str, Any]) -> None:
    """Raise RuntimeError if the server's answer to `hello` shows that it has no transactions."""
    if "setName" not in hello and hello.get("msg") != "isdbgrid":
        raise RuntimeError(
            "The MongoDB server must be a replica set or a sharded cluster: a standalone has no transactions. Start it "
            "with `--replSet rs0`, run `rs.initiate()` once in mongosh, and start preauth again."
        )


async def create_indexes(collection: Any) -> None:
    """Create the collection and its indexes, unless they exist."""
    await collection.create_indexes([IndexModel(keys, name=name) for name, keys in INDEXES.items()])


async def bring_up_to_date(database: Any) -> None:
    """Migrate an older schema to the current one. Raises RuntimeError for a newer schema."""
    stored = (await database.meta.find_one(_STORE) or {}).get("schema", SCHEMA)
    if stored > SCHEMA:
        raise RuntimeError(
            f"The database {database.name} has schema {stored}; this version of preauth supports schemas up to "
            f"{SCHEMA}. Start the newer version, or restore an older backup."
        )
    if stored < SCHEMA:
        for name in await _collections(database):
            await create_indexes(database[name])
    await database.meta.update_one(_STORE, {"$set": {"schema": SCHEMA}}, upsert=True)


async def reindex(database: Any, table: TermTable) -> None:
    """Recompute the terms of all documents if the stored ones come from another table.

    Each batch stores its progress, so that an interrupted reindex continues from there.
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
        # Until the last batch is done, the terms belong to no table.
        progress = {"hash": table.hash, "collection": name, "id": after}
        await database.meta.update_one(_STORE, {"$set": {"terms": "", "reindex": progress}})
        cursor = database[name].find({"_id": {"$gt": after}}).sort("_id", 1).limit(_BATCH)
        if not (rows := await cursor.to_list(None)):
            return
        documents = [from_stored(kind_of(name), row) for row in rows]
        computed = [{"terms": to_stored_terms(table.terms(doc)), "created": table.created(doc)} for doc in documents]
        # A document with a newer version already has the terms of its writer.
        read = [{"_id": row["_id"], "version": row["version"]} for row in rows]
        pairs = zip(read, computed, strict=True)
        await database[name].bulk_write([UpdateOne(key, {"$set": new}) for key, new in pairs])
        after = rows[-1]["_id"]


async def _collections(database: Any) -> list[str]:
    return sorted(name for name in await database.list_collection_names() if name.startswith(PREFIX))
