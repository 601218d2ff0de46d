"""The interfaces to the outside world. The docstrings are the contract that every adapter must meet."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

Term = tuple[str, str]
"""A name and a value that find a document in a search."""


class Order(StrEnum):
    """The two orders of a search, with FHIR's names as values."""

    CREATED = "created"
    UPDATED = "_lastUpdated"


class Document(Struct, frozen=True):
    """A row. The store never reads `body`, which is UTF-8 text; `find` searches by `terms`.

    `created` and `updated` are the two order keys: instants as UTC text of fixed width (`fhir.instants.sortable`),
    compared as text. `version` starts at 1.
    """

    kind: str
    id: str
    body: str
    terms: tuple[Term, ...] = ()
    created: str = ""
    updated: str = ""
    version: int = 1

    @property
    def size(self) -> int:
        """The size of the body in bytes."""
        return len(self.body) if self.body.isascii() else len(self.body.encode())


class Insert(Struct, frozen=True):
    """Insert a new document at version 1. A second Insert with the same kind and id conflicts."""

    document: Document


class Replace(Struct, frozen=True):
    """Replace a document. `document.version` is the version that was read; the store increments it."""

    document: Document


class Delete(Struct, frozen=True):
    """Delete a document that is still at `version`."""

    kind: str
    id: str
    version: int


class Check(Struct, frozen=True):
    """Change nothing, but fail the commit unless the document is still at `version` (0: does not exist)."""

    kind: str
    id: str
    version: int


Write = Insert | Replace | Delete | Check


class Conflict(Exception):  # noqa: N818 - a normal outcome of a commit
    """Another commit was first. `write` is the write that lost. The store keeps no part of the commit."""

    def __init__(self, write: Write) -> None:
        self.write = write
        super().__init__(f"{type(write).__name__} lost")


class StoreUnavailable(Exception):  # noqa: N818
    """The store cannot answer now; a later call may succeed. A commit may or may not have been stored.

    The log names the class of the exception that caused it.
    """


class TooCostly(StoreUnavailable):
    """A search takes longer than the store allows. A narrower search may succeed."""


class TooLarge(Exception):  # noqa: N818
    """A document exceeds the store's size limit. The store keeps no part of the commit."""


class AnyOf(Struct, frozen=True):
    """Match documents with the term `name` and one of `values`."""

    name: str
    values: tuple[str, ...]


Bounds = tuple[str | None, str | None]
"""`low <= value < high`; None means no bound."""


class Range(Struct, frozen=True):
    """Match documents with a value of `name` in `low` to `high` or in one of `others`.

    `name` is a term or an Order value.
    """

    name: str
    low: str | None = None
    high: str | None = None
    others: tuple[Bounds, ...] = ()

    @property
    def spans(self) -> tuple[Bounds, ...]:
        """All bounds. A value must be in one of them."""
        return ((self.low, self.high), *self.others)


class Position(Struct, frozen=True):
    """The end of a page: the order key and the id of its last document."""

    key: str
    id: str


class Query(Struct, frozen=True):
    """Find at most `limit` documents of `kind` that meet all conditions, in `order`, then by id, after `after`.

    A query must have at least one AnyOf. The store starts with the most selective one and filters by the rest.
    `room` limits the bytes of the bodies: the page ends with the document that exceeds it, but never with the first.
    """

    kind: str
    terms: tuple[AnyOf, ...]
    ranges: tuple[Range, ...] = ()
    order: Order = Order.CREATED
    descending: bool = False
    after: Position | None = None
    limit: int = 50
    room: int | None = None


def _as_stored(document: Document) -> str:
    return document.created


class TermTable(Struct, frozen=True):
    """The functions that compute a document's terms and its order key `created`, and a hash of the term table.

    A store recomputes both for documents that it stored under a table with another hash.
    """

    hash: str
    terms: Callable[[Document], tuple[Term, ...]]
    created: Callable[[Document], str] = _as_stored


class Lookup(Protocol):
    """Reads of single documents."""

    async def get(self, kind: str, id: str) -> Document | None:  # noqa: A002
        """Return a document, or None."""
        ...


class Documents(Lookup, Protocol):
    """The interface of a database: reads and one atomic commit."""

    async def start(self, table: TermTable) -> None:
        """Open the store: create or migrate the schema, and recompute terms that another table computed.

        Raises RuntimeError, with a sentence for the operator, if the schema is newer or the store lacks atomic commits.
        """
        ...

    async def close(self) -> None:
        """Finish running calls and close files and connections."""
        ...

    async def get_many(self, kind: str, ids: Sequence[str]) -> list[Document]:
        """Return the existing documents in the order of `ids`."""
        ...

    async def find(self, query: Query) -> list[Document]:
        """Return a page of documents. A page below both `query.limit` and `query.room` is the last one.

        Raises TooCostly.
        """
        ...

    async def count(self, query: Query, cap: int) -> int:
        """Count the matching documents up to `cap`. Order, page, limit and room of the query have no effect.

        Raises TooCostly.
        """
        ...

    async def commit(self, *writes: Write) -> None:
        """Store all writes or none. They are durable when it returns.

        Raises Conflict or TooLarge if nothing was stored, and StoreUnavailable if the outcome is unknown.
        """
        ...

    async def time(self) -> datetime | None:
        """Return the store's clock, or None if it is the clock of the server's machine. Raises StoreUnavailable."""
        ...

    async def ping(self) -> None:
        """Check that commits work by writing a row that has no readers. Raises StoreUnavailable."""
        ...


class Undeliverable(Exception):  # noqa: N818 - the fault is the other server's
    """The request had no complete answer in time, or must not be sent. The text is the same for every reason."""


class Notifier(Protocol):
    """The sender of notifications to the endpoints of subscribers."""

    async def post(self, url: str, headers: Sequence[tuple[str, str]], body: bytes, seconds: float) -> int:
        """Send a notification, and return the status of the answer; a redirect is an answer like others.

        It ends after `seconds` at the latest. Raises Undeliverable.
        """
        ...


class Clock(Protocol):
    """The source of the current time."""

    def now(self) -> datetime:
        """Return the current time in UTC, as an aware datetime."""
        ...


TimeSource = Callable[[], Awaitable[datetime]]
"""Asks another server for the time. Raises RuntimeError, with a sentence, if it does not answer."""


class Ids(Protocol):
    """The source of randomness. Values must be unguessable."""

    def new(self) -> str:
        """Make an id: a lower-case UUID, version 7. Ids sort by time of creation, to the millisecond."""
        ...

    def characters(self, count: int, alphabet: str) -> str:
        """Draw `count` characters, each uniformly from `alphabet`, which is ASCII."""
        ...
