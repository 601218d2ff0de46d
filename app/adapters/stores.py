"""Open the store that the settings name, for a server or for reads beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from app.adapters.memory import MemoryDocuments
from app.adapters.sqlite.lookup import SqliteLookup
from app.adapters.sqlite.store import SqliteDocuments
from app.ports import Documents, Lookup
from app.safety.data_folder import DATABASE_FILE
from app.settings import Settings

if TYPE_CHECKING:
    from app.adapters.mongodb.store import MongoDocuments


def open_store(settings: Settings) -> Documents:
    """Return the store that the settings name: SQLite in the data folder, MongoDB, or memory."""
    if settings.store.startswith("mongodb"):
        return mongodb_store(settings.store)
    if settings.store == "memory":
        return MemoryDocuments()
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return SqliteDocuments(settings.data / DATABASE_FILE)


def mongodb_store(url: str) -> MongoDocuments:
    """Return the store at a URL. Its driver is imported here: most installations have none, and it takes 0.2 s."""
    from app.adapters.mongodb.store import MongoDocuments  # noqa: PLC0415

    return MongoDocuments(url)


@asynccontextmanager
async def opened_for_reads(settings: Settings) -> AsyncIterator[Lookup | None]:
    """Open the store for reads, while a server may be using it; yield None for a store in memory.

    Raises RuntimeError for an invalid URL of the store; a read raises StoreUnavailable.
    """
    if settings.store == "memory":
        yield None
    elif settings.store == "sqlite":
        yield SqliteLookup(settings.data / DATABASE_FILE)
    else:
        documents = mongodb_store(settings.store)
        documents.connect()
        try:
            yield documents
        finally:
            await documents.close()
