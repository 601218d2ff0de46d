"""All of the payer's own records that fit a condition, page after page."""

from __future__ import annotations

from app.ports import AnyOf, Document, Documents, Position, Query

PAGE = 100


async def scan(documents: Documents, kind: str, condition: AnyOf) -> list[Document]:
    """Read every document of the kind that matches the condition, oldest first."""
    matches: list[Document] = []
    after: Position | None = None
    while True:
        page = await documents.find(Query(kind, (condition,), after=after, limit=PAGE))
        matches.extend(page)
        if len(page) < PAGE:
            return matches
        after = Position(page[-1].created, page[-1].id)
