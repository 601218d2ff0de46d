"""The document that the tests of commits begin with, and how they look at what became of it."""

from __future__ import annotations

import pytest

from app.ports import AnyOf, Conflict, Document, Documents, Query, Write

CLAIM = Document("Claim", "c1", '{"id": "c1"}', (("patient", "p1"), ("status", "active")), "2026-01-01", "2026-01-02")


async def found(store: Documents, name: str, value: str) -> list[str]:
    return [document.id for document in await store.find(Query("Claim", (AnyOf(name, (value,)),)))]


async def assert_conflict(store: Documents, lost: Write, *writes: Write) -> None:
    with pytest.raises(Conflict) as refused:
        await store.commit(*writes)
    assert refused.value.write == lost
