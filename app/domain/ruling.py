"""What a reviewer rules on a pended item."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from app.domain.request import Coding
from app.domain.span import Span

Action = Literal["certify", "partly-certify", "deny"]


class ItemRuling(Struct, frozen=True):
    """A ruling on the item of that sequence.

    `quantity` and `code` are what is certified in place of what was asked; `span` is for how long, from the later of
    the day of decision and the requested start; `reason` is the key of a decision reason; `note` is for the provider.
    """

    sequence: int
    action: Action
    quantity: Decimal | None = None
    code: Coding | None = None
    span: Span | None = None
    reason: str | None = None
    note: str | None = None
