"""What comes with the matches of a search: the resources they refer to, and those that refer to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.access.reach import Reach
from app.ports import AnyOf, Document, Documents, Query
from app.records.shown import shown
from app.search.includes import Include

MAX_REFERRING = 1_000
"""How many resources may refer to a page's matches and still come along; a Claim has one ClaimResponse."""


async def included(
    documents: Documents, reach: Reach, includes: Iterable[Include], matches: Sequence[Document]
) -> tuple[Document, ...]:
    """Return what is asked for beside the matches: each once, and nothing that the caller may not see."""
    found: dict[tuple[str, str], Document] = {}
    for include in includes:
        gather = _referring if include.reverse else _referred_to
        for document in await gather(documents, reach, include, matches):
            found[document.kind, document.id] = document
    return tuple(shown(reach, document) for document in found.values())


async def _referred_to(
    documents: Documents, reach: Reach, include: Include, matches: Sequence[Document]
) -> list[Document]:
    local = f"{include.target}/"
    references = (value for match in matches for name, value in match.terms if name == include.name)
    ids = dict.fromkeys(value.removeprefix(local) for value in references if value.startswith(local))
    read = await documents.get_many(include.target, tuple(ids)) if ids else []
    return [document for document in read if reach.sees(include.target, document.terms)]


async def _referring(
    documents: Documents, reach: Reach, include: Include, matches: Sequence[Document]
) -> list[Document]:
    within = reach.terms(include.source)
    if within is None or not matches:
        return []
    references = AnyOf(include.name, tuple(f"{include.target}/{match.id}" for match in matches))
    terms = (references, *(AnyOf(name, values) for name, values in within))
    return await documents.find(Query(include.source, terms, limit=MAX_REFERRING))
