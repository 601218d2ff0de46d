"""What comes with the matches of a search: the resources they refer to, and those that refer to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.access.reach import Reach
from app.ports import AnyOf, Document, Documents, Order, Query
from app.records.paging import ENTRY_BYTES, PAGE_BYTES, Page, in_time, position
from app.records.shown import shown
from app.search.batches import batches
from app.search.includes import Include
from app.search.parsing import Search

MAX_REFERRING = 1_000
"""How many resources may refer to a page's matches and still come along; a Claim has one ClaimResponse."""


async def with_included(
    documents: Documents, reach: Reach, search: Search, page: Page, room: int = PAGE_BYTES
) -> tuple[Page, tuple[Document, ...]]:
    """Return the page, and what is asked for beside its matches: each once, and nothing that the caller may not see.

    Where both together exceed `room`, the page has fewer matches, down to one. Raises FhirError TOO_COSTLY.
    """
    while True:
        left = room - _size(page.documents)
        beside = await _included(documents, reach, search.includes, page.documents, left)
        if _size(beside) <= left or len(page.documents) <= 1:
            return page, tuple(shown(reach, document) for document in beside)
        fewer = page.documents[: len(page.documents) // 2]
        page = Page(fewer, position(fewer[-1], Order(search.order)), page.total)


async def _included(
    documents: Documents, reach: Reach, includes: Iterable[Include], matches: Sequence[Document], room: int
) -> tuple[Document, ...]:
    """Return what is asked for beside the matches; where that exceeds `room`, a part of it that does."""
    found: dict[tuple[str, str], Document] = {}
    for include in includes:
        gather = _referring if include.reverse else _referred_to
        for document in await gather(documents, reach, include, matches, room):
            found[document.kind, document.id] = document
        if len(matches) > 1 and _size(found.values()) > room:
            break
    return tuple(found.values())


async def _referred_to(
    documents: Documents, reach: Reach, include: Include, matches: Sequence[Document], room: int
) -> list[Document]:
    local = f"{include.target}/"
    references = (value for match in matches for name, value in match.terms if name == include.name)
    ids = list(dict.fromkeys(value.removeprefix(local) for value in references if value.startswith(local)))
    found: list[Document] = []
    for batch in batches(ids):
        read = await documents.get_many(include.target, batch)
        found += (document for document in read if reach.sees(include.target, document.terms))
        if len(matches) > 1 and _size(found) > room:
            break
    return found


async def _referring(
    documents: Documents, reach: Reach, include: Include, matches: Sequence[Document], room: int
) -> list[Document]:
    within = reach.terms(include.source)
    if within is None or not matches:
        return []
    references = AnyOf(include.name, tuple(f"{include.target}/{match.id}" for match in matches))
    terms = (references, *(AnyOf(name, values) for name, values in within))
    with in_time():
        return await documents.find(Query(include.source, terms, limit=MAX_REFERRING, room=max(0, room)))


def _size(documents: Iterable[Document]) -> int:
    return sum(document.size + ENTRY_BYTES for document in documents)
