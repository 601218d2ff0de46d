"""Mark a store with the mode of its first server, and refuse a store of the other mode."""

from __future__ import annotations

import contextlib

from app.ports import Conflict, Document, Documents, Insert, Lookup, Query
from app.records.kinds import all_of_type

KIND = "mode"

_WITHOUT_MARK = "demo"
"""The mode of a store of version 0.1.0, which had no mark. Every server stores its payers as Organizations."""


async def claim_store(documents: Documents, *, demo: bool) -> None:
    """Mark an unused store with the mode of this server.

    Raises RuntimeError, with a sentence for the operator, if the store has the other mode.
    """
    mode = "demo" if demo else "production"
    if (await mode_of(documents) or mode) == mode and await marked_mode(documents) is None:
        with contextlib.suppress(Conflict):  # another process was first
            await documents.commit(Insert(Document(KIND, KIND, mode)))
    await check_mode(documents, demo=demo)


async def check_mode(documents: Documents, *, demo: bool) -> None:
    """Raise RuntimeError, with a sentence for the operator, if the store has the other mode."""
    mode = "demo" if demo else "production"
    stored = await mode_of(documents)
    if stored not in (None, mode):
        raise RuntimeError(
            f"The store belongs to a server in mode {stored}, and this server is in mode {mode}. Use another"
            f" PREAUTH_STORE and data folder, or set PREAUTH_ENVIRONMENT={stored}."
        )


async def mode_of(documents: Documents) -> str | None:
    """Return the mode that the store carries; None for a store that no server has used."""
    marked = await marked_mode(documents)
    if marked is not None:
        return marked
    used = await documents.find(Query("Organization", (all_of_type("Organization"),), limit=1))
    return _WITHOUT_MARK if used else None


async def marked_mode(store: Lookup) -> str | None:
    """Return the mode that the store is marked with, or None."""
    document = await store.get(KIND, KIND)
    return None if document is None else document.body
