"""Store documents in dictionaries, for tests and for a server without persistence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from time import monotonic

from msgspec.structs import replace

from app.adapters.query import SEARCH_SECONDS, filled, is_empty, key_of, position
from app.ports import (
    Check,
    Conflict,
    Delete,
    Document,
    Insert,
    Order,
    Query,
    Range,
    Replace,
    TermTable,
    TooCostly,
    Write,
)

_Key = tuple[str, str]
_CLOCK_INTERVAL = 100
"""Documents that a search compares between two checks of its deadline."""


class MemoryDocuments:
    """Keep documents in this process. Implements `Documents`. No method awaits, so each commit is atomic."""

    def __init__(self, search_seconds: float = SEARCH_SECONDS) -> None:
        """Create an empty store whose searches may take `search_seconds`."""
        self._seconds = search_seconds
        self._documents: dict[_Key, Document] = {}
        self._index: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
        self._hash: str | None = None

    async def start(self, table: TermTable) -> None:
        """Recompute the terms of documents stored under another table."""
        if self._hash not in (None, table.hash):
            recomputed = {
                key: replace(row, terms=table.terms(row), created=table.created(row))
                for key, row in self._documents.items()
            }
            for key, document in recomputed.items():
                self._put(key, document)
        self._hash = table.hash

    async def close(self) -> None:
        """Do nothing: the store keeps its documents for the next start."""

    async def get(self, kind: str, id: str) -> Document | None:  # noqa: A002 - the contract's word
        """Return the document, or None."""
        return self._documents.get((kind, id))

    async def get_many(self, kind: str, ids: Sequence[str]) -> list[Document]:
        """Return those of `ids` that exist, in the order of `ids`."""
        return [self._documents[kind, id_] for id_ in ids if (kind, id_) in self._documents]

    async def find(self, query: Query) -> list[Document]:
        """Return a page of documents; fewer than `query.limit` and `query.room` mean the last page."""
        behind = [document for document in self._matching(query) if _is_behind(document, query)]
        behind.sort(key=lambda document: _place(document, query), reverse=query.descending)
        return filled(behind[: query.limit], query.room)

    async def count(self, query: Query, cap: int) -> int:
        """Return the number of matching documents, at most `cap`; ignores the query's order, page and limit."""
        return min(cap, len(self._matching(replace(query, limit=cap))))

    async def time(self) -> datetime | None:
        """Return None: the store has the clock of the server's machine."""
        return None

    async def ping(self) -> None:
        """Do nothing: memory is always writable."""

    async def commit(self, *writes: Write) -> None:
        """Do all writes in order, or none. Raises Conflict."""
        staged: dict[_Key, Document | None] = {}
        for write in writes:
            key = key_of(write)
            staged[key] = _after(write, staged[key] if key in staged else self._documents.get(key))
        for key, document in staged.items():
            self._put(key, document)

    def _put(self, key: _Key, document: Document | None) -> None:
        kind, id_ = key
        if (before := self._documents.pop(key, None)) is not None:
            for name, value in before.terms:
                self._index[kind, name, value].discard(id_)
        if document is not None:
            self._documents[key] = document
            for name, value in document.terms:
                self._index[kind, name, value].add(id_)

    def _matching(self, query: Query) -> list[Document]:
        if is_empty(query):
            return []
        ids = (
            set().union(*(self._index.get((query.kind, condition.name, value), ()) for value in condition.values))
            for condition in query.terms
        )
        documents = (self._documents[query.kind, id_] for id_ in self._in_time(set.intersection(*ids)))
        return [document for document in documents if all(_is_within(document, limits) for limits in query.ranges)]

    def _in_time(self, ids: Iterable[str]) -> Iterator[str]:
        deadline = monotonic() + self._seconds
        for number, id_ in enumerate(ids, 1):
            if number % _CLOCK_INTERVAL == 0 and monotonic() > deadline:
                raise TooCostly("the search took longer than allowed")
            yield id_


def _after(write: Write, stored: Document | None) -> Document | None:
    """Return the document after `write`; None if deleted. Raises Conflict."""
    version = stored.version if stored else 0
    match write:
        case Insert(document) if stored is None:
            return replace(document, version=1)
        case Replace(document) if stored is not None and document.version == version:
            return replace(document, version=version + 1)
        case Delete() if stored is not None and write.version == version:
            return None
        case Check() if write.version == version:
            return stored
    raise Conflict(write)


def _place(document: Document, query: Query) -> tuple[str, str]:
    place = position(document, query.order)
    return place.key, place.id


def _is_behind(document: Document, query: Query) -> bool:
    if query.after is None:
        return True
    here, end = _place(document, query), (query.after.key, query.after.id)
    return here < end if query.descending else here > end


def _is_within(document: Document, limits: Range) -> bool:
    if limits.name in set(Order):
        values = [position(document, Order(limits.name)).key]
    else:
        values = [value for name, value in document.terms if name == limits.name]
    return any(
        (low is None or low <= value) and (high is None or value < high)
        for low, high in limits.spans
        for value in values
    )
