"""What the business needs of the outside world. The docstrings are the contract; adapters keep it, one file each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

Term = tuple[str, str]
"""A name and a value by which a document is found."""


class Order(StrEnum):
    """The two orders a search may ask for; the values are FHIR's names of them."""

    CREATED = "created"
    UPDATED = "_lastUpdated"


# Structs, as a frozen dataclass takes ten times as long to make, and a request makes dozens of these.
class Document(Struct, frozen=True):
    """A row: `body` is UTF-8 text the store never looks into; `terms` are what `find` looks at.

    `created` and `updated` are the two order keys: instants as fixed-width UTC text (`fhir.instants.sortable`),
    compared as text. `version` counts from 1.
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
        """How many bytes the body has."""
        return len(self.body) if self.body.isascii() else len(self.body.encode())


class Insert(Struct, frozen=True):
    """A new document, at version 1. Uniqueness is this: a second Insert of the same (kind, id) conflicts."""

    document: Document


class Replace(Struct, frozen=True):
    """The document's next version; `document.version` is the version that was read, and is stored as one more."""

    document: Document


class Delete(Struct, frozen=True):
    """The document goes, if it is still at `version`."""

    kind: str
    id: str
    version: int


class Check(Struct, frozen=True):
    """Nothing changes, but the commit fails unless the document is still at `version` (0: does not exist)."""

    kind: str
    id: str
    version: int


Write = Insert | Replace | Delete | Check


class Conflict(Exception):  # noqa: N818 - the store's word for it, not an error of ours
    """Somebody else was first. `write` is the write that lost; nothing of the commit is stored."""

    def __init__(self, write: Write) -> None:
        self.write = write
        super().__init__(f"{type(write).__name__} lost")


class StoreUnavailable(Exception):  # noqa: N818
    """The store cannot answer now; the same call may go through later. Whether a commit went through is not known.

    The log names the exception that it was raised from, by class.
    """


class TooCostly(StoreUnavailable):
    """A search takes longer than the store allows; one that asks for less may be answered."""


class TooLarge(Exception):  # noqa: N818
    """A document is larger than the store takes; nothing of the commit is stored."""


class AnyOf(Struct, frozen=True):
    """The document has the term `name` with one of `values`."""

    name: str
    values: tuple[str, ...]


Bounds = tuple[str | None, str | None]
"""`low <= value < high`; None is open."""


class Range(Struct, frozen=True):
    """The document has a term `name` (or order key, by its Order value) within `low` and `high`, or one of `others`."""

    name: str
    low: str | None = None
    high: str | None = None
    others: tuple[Bounds, ...] = ()

    @property
    def spans(self) -> tuple[Bounds, ...]:
        """All bounds, of which one is enough."""
        return ((self.low, self.high), *self.others)


class Position(Struct, frozen=True):
    """Where a page ended: the order key and the id of its last document."""

    key: str
    id: str


class Query(Struct, frozen=True):
    """Documents of `kind` for which every condition holds: `limit` at most, in `order`, ties by id, behind `after`.

    At least one AnyOf; the most selective drives, the others and the ranges narrow it. `room` is for the bytes of the
    bodies: the page ends with the document that exceeds it, though not with the first.
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
    """How this program computes what documents are found by: a hash of the table, and the functions for older ones.

    A store asks them for the terms and the order key `created` of each document that it stored under another table.
    """

    hash: str
    terms: Callable[[Document], tuple[Term, ...]]
    created: Callable[[Document], str] = _as_stored


class Lookup(Protocol):
    """The least that a store does: look a document up."""

    async def get(self, kind: str, id: str) -> Document | None:  # noqa: A002
        """One document, or None."""
        ...


class Documents(Lookup, Protocol):
    """A database's narrow waist: reads, plus one atomic commit. Everything rich is written once above it."""

    async def start(self, table: TermTable) -> None:
        """Open: create or migrate the schema, and recompute the terms of documents stored under another table.

        Raises RuntimeError with a sentence for the operator where the store is of a newer schema or cannot do commits.
        """
        ...

    async def close(self) -> None:
        """Finish what is in flight and let go of files and connections."""
        ...

    async def get_many(self, kind: str, ids: Sequence[str]) -> list[Document]:
        """Those of `ids` that exist, in the order of `ids`."""
        ...

    async def find(self, query: Query) -> list[Document]:
        """Return a page of documents; less than `query.limit`, and than `query.room`, means that nothing follows.

        Raises TooCostly.
        """
        ...

    async def count(self, query: Query, cap: int) -> int:
        """How many match, counted to `cap` at most; order, page, limit and room of the query play no part.

        Raises TooCostly.
        """
        ...

    async def commit(self, *writes: Write) -> None:
        """All writes or none, durable when it returns.

        Raises Conflict or TooLarge, and then nothing of them is stored, or StoreUnavailable.
        """
        ...

    async def ping(self) -> None:
        """Show that a commit would go through, by writing something that nobody reads. Raises StoreUnavailable."""
        ...


class Clock(Protocol):
    """The time, passed in."""

    def now(self) -> datetime:
        """Now, in UTC with its zone."""
        ...


class Ids(Protocol):
    """Randomness, passed in: unguessable, so that an id tells nothing about another."""

    def new(self) -> str:
        """Make a fresh id: a lower-case UUID, version 7; what is made later sorts behind, to the millisecond."""
        ...

    def characters(self, count: int, alphabet: str) -> str:
        """Draw that many characters, each evenly from `alphabet`, which is ASCII."""
        ...
