"""The conditions of conditional creates: one row per condition, by which only one of several creates commits."""

from __future__ import annotations

from msgspec import Struct

from app.ports import Document, Documents, Insert, Replace

KIND = "condition"


class StoredCondition(Struct, frozen=True):
    """A condition as read; `document` is None where no create has used it yet."""

    key: str
    document: Document | None


async def read_condition(documents: Documents, key: str) -> StoredCondition:
    """Read the row of a condition."""
    return StoredCondition(key, await documents.get(KIND, key))


def condition_write(condition: StoredCondition) -> Insert | Replace:
    """Mark that a create used the condition; conflicts if another create did so since the row was read."""
    return Insert(Document(KIND, condition.key, "")) if condition.document is None else Replace(condition.document)
