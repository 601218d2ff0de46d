"""A reviewer's ruling on a pended item."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from app.domain.datatypes import Coding
from app.domain.span import Span

Action = Literal["certify", "partly-certify", "deny"]


class ItemRuling(Struct, frozen=True):
    """A ruling on the item with this `number`, such as `2`, or `2.1` for a detail.

    `quantity` and `code` replace the requested ones. `span` is the length of the grant, from the day of decision or the
    requested start, whichever is later. `reason` is the key of a decision reason; `note` is for the provider.
    """

    number: str
    action: Action
    quantity: Decimal | None = None
    code: Coding | None = None
    span: Span | None = None
    reason: str | None = None
    note: str | None = None
