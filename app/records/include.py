"""The resources that `_include` and `_revinclude` add to the matches of a search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.access.reach import Reach
from app.ports import AnyOf, Document, Documents, Order, Query
from app.records.paging import ENTRY_BYTES, PAGE_BYTES, Page, position, time_limited
from app.records.shown import shown
from app.search.batches import batches
from app.search.includes import Include
from app.search.parsing import Search

MAX_REFERRING = 1_000
"""The most referring resources that a page includes; a Claim has one ClaimResponse."""


async def with_included(
    documents: Documents, reach: Reach, search: Search, page: Page, room: int = PAGE_BYTES
) -> tuple[Page, tuple[Document, ...]]:
    """Return the page and its included resources: each once, and only those that the caller sees.

    If both together exceed `room` bytes, the page gets fewer matches, down to one. Raises FhirError TOO_COSTLY.
    """
    while True:
        left = room - _size(page.documents)
        included = await _included(documents, reach, search.includes, page.documents, left)
        if _size(included) <= left or len(page.documents) <= 1:
            return page, tuple(shown(reach, document) for document in included)
        fewer = page.documents[: len(page.documents) // 2]
        page = Page(fewer, position(fewer[-1], Order(search.order)), page.total)


async def _included(
    documents: Documents, reach: Reach, includes: Iterable[Include], matches: Sequence[Document], room: int
) -> tuple[Document, ...]:
    """Return the included resources; if they exceed `room`, only as many as show that they do."""
    included: dict[tuple[str, str], Document] = {}
    for include in includes:
        gather = _referring if include.reverse else _referred_to
        for document in await gather(documents, reach, include, matches, room):
            included[document.kind, document.id] = document
        if len(matches) > 1 and _size(included.values()) > room:
            break
    return tuple(included.values())


async def _referred_to(
    documents: Documents, reach: Reach, include: Include, matches: Sequence[Document], room: int
) -> list[Document]:
    local = f"{include.target}/"
    references = (value for match in matches for name, value in match.terms if name == include.name)
    ids = list(dict.fromkeys(value.removeprefix(local) for value in references if value.startswith(local)))
    targets: list[Document] = []
    for batch in batches(ids):
        stored = await documents.get_many(include.target, batch)
        targets += (document for document in stored if reach.sees(include.target, document.terms))
        if len(matches) > 1 and _size(targets) > room:
            break
    return targets


async def _referring(
    documents: Documents, reach: Reach, include: Include, matches: Sequence[Document], room: int
) -> list[Document]:
    within = reach.terms(include.source)
    if within is None or not matches:
        return []
    references = AnyOf(include.name, tuple(f"{include.target}/{match.id}" for match in matches))
    terms = (references, *(AnyOf(name, values) for name, values in within))
    with time_limited():
        return await documents.find(Query(include.source, terms, limit=MAX_REFERRING, room=max(0, room)))


def _size(documents: Iterable[Document]) -> int:
    return sum(document.size + ENTRY_BYTES for document in documents)
