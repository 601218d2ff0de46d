"""The pages of searches and histories, and the token that says where the next one begins."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec

from app.fhir.outcome import Fault, FhirError
from app.ports import Document, Order, Position, TooCostly

PAGE_BYTES = 4_000_000
"""How large the text of a page may be; a page of one resource may be larger."""

ENTRY_BYTES = 512
"""What an entry takes beside its resource, at most."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page. `next` is where the next one begins, None on the last; `total` None is not counted."""

    documents: tuple[Document, ...]
    next: Position | None = None
    total: int | None = None


def position(document: Document, order: Order) -> Position:
    """Return where a page that ends with the document ends."""
    return Position(document.created if order is Order.CREATED else document.updated, document.id)


def fitting(documents: Sequence[Document], room: int) -> tuple[Document, ...]:
    """Return the first documents that fit a page with that room, at least one of them."""
    size = 0
    for count, document in enumerate(documents):
        size += document.size + ENTRY_BYTES
        if size > room and count:
            return tuple(documents[:count])
    return tuple(documents)


@contextmanager
def in_time() -> Iterator[None]:
    """Tell the caller that a search takes too long. Raises FhirError TOO_COSTLY."""
    try:
        yield
    except TooCostly:
        text = "The search takes too long and was stopped. Ask for less: a patient, an identifier or fewer conditions."
        raise FhirError(Fault.TOO_COSTLY, text) from None


def page_token(end: Position) -> str:
    """Write a position as the text that a next link carries; it gives no right to see anything."""
    text = msgspec.json.encode((end.key, end.id))
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def position_after(token: str) -> Position:
    """Read a page token. Raises FhirError PARAMETER for anything that `page_token` did not write."""
    try:
        text = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        return Position(*msgspec.json.decode(text, type=tuple[str, str]))
    except (ValueError, msgspec.MsgspecError):
        raise refused_token() from None


def refused_token() -> FhirError:
    """Refuse a page token that is not one of ours."""
    return FhirError(Fault.PARAMETER, "_page: The next link of a page is accepted, as it stands.")
