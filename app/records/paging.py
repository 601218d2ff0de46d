"""The pages of searches and histories, and the token that continues at the next page."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec
from msgspec import Struct

from app.fhir.outcome import Fault, FhirError
from app.ports import Document, Order, Position, TooCostly
from app.search.parsing import COPY_UNCHANGED

PAGE_BYTES = 4_000_000
"""The most bytes of a page; a page with a single resource may be larger."""

ENTRY_BYTES = 512
"""The most bytes that an entry needs in addition to its resource."""


class Page(Struct, frozen=True):
    """A page. `next` is the position where the next page begins, None on the last page; `total` None is not counted."""

    documents: tuple[Document, ...]
    next: Position | None = None
    total: int | None = None


def position(document: Document, order: Order) -> Position:
    """Return the position of the document, at which a page may end."""
    return Position(document.created if order is Order.CREATED else document.updated, document.id)


def fitting(documents: Sequence[Document], room: int) -> tuple[Document, ...]:
    """Return the first documents that fit into `room` bytes, and at least one."""
    size = 0
    for count, document in enumerate(documents):
        size += document.size + ENTRY_BYTES
        if size > room and count:
            return tuple(documents[:count])
    return tuple(documents)


@contextmanager
def time_limited() -> Iterator[None]:
    """Turn the store's time limit into an answer for the caller. Raises FhirError TOO_COSTLY."""
    try:
        yield
    except TooCostly:
        text = "The search took too long and was stopped. Add a patient or an identifier, or use fewer conditions."
        raise FhirError(Fault.TOO_COSTLY, text) from None


def page_token(end: Position) -> str:
    """Write a position as the text in a next link; the token grants no access."""
    text = msgspec.json.encode((end.key, end.id))
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def position_after(token: str) -> Position:
    """Read a page token. Raises FhirError PARAMETER for a text that `page_token` did not write."""
    try:
        text = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        return Position(*msgspec.json.decode(text, type=tuple[str, str]))
    except (ValueError, msgspec.MsgspecError):
        raise invalid_page_token() from None


def invalid_page_token() -> FhirError:
    """Return the error for an invalid page token."""
    return FhirError(Fault.PARAMETER, f"_page: {COPY_UNCHANGED}")
