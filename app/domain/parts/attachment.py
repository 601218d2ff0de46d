"""A document that came after its request, as an attachment."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from app.domain.datatypes import Coding


class Attachment(Struct, frozen=True, omit_defaults=True):
    """A document: the id of its stored content, its tracking number, and the time at which it came.

    `type`: the type of its resource. `codes`: the types of the document. `lines`: the numbers of the items that it is
    for; empty if it is for all.
    """

    content: str
    tracking: str
    received: datetime
    codes: tuple[Coding, ...] = ()
    lines: tuple[str, ...] = ()
    type: str = "DocumentReference"


def attachment_id(authorization_id: str, number: int) -> str:
    """Return the id under which both sides read the attachment with this position in its record."""
    return f"{authorization_id}.a{number}"
