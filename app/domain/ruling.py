"""A reviewer's ruling on a pended item."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from app.domain.request import Coding
from app.domain.span import Span

Action = Literal["certify", "partly-certify", "deny"]


class ItemRuling(Struct, frozen=True):
    """A ruling on the item with this `sequence`.

    `quantity` and `code` replace the requested ones. `span` is the length of the grant, from the day of decision or the
    requested start, whichever is later. `reason` is the key of a decision reason; `note` is for the provider.
    """

    sequence: int
    action: Action
    quantity: Decimal | None = None
    code: Coding | None = None
    span: Span | None = None
    reason: str | None = None
    note: str | None = None
