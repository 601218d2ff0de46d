"""All of the payer's own records that fit a condition, page after page."""

from __future__ import annotations

from collections.abc import AsyncIterator

from msgspec.structs import replace

from app.ports import AnyOf, Document, Documents, Position, Query

PAGE = 100

COUNTED_PAGE = 25
"""The rows of a page that figures are counted from: the work on a page is short, and others come between two pages."""


async def scan(documents: Documents, kind: str, condition: AnyOf) -> list[Document]:
    """Read every document of the kind that matches the condition, oldest first."""
    return [document async for document in pages(documents, Query(kind, (condition,), limit=PAGE))]


async def pages(documents: Documents, query: Query) -> AsyncIterator[Document]:
    """Yield every document that matches the query, oldest first; `query.limit` is the size of a page."""
    while True:
        page = await documents.find(query)
        for document in page:
            yield document
        if len(page) < query.limit:
            return
        query = replace(query, after=Position(page[-1].created, page[-1].id))
