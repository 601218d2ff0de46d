"""A reviewer's ruling on a pended item."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from app.domain.datatypes import Coding
from app.domain.span import Span
from app.domain.units import Unit

Action = Literal["certify", "partly-certify", "deny"]


class ItemRuling(Struct, frozen=True):
    """A ruling on the item with this `number`, such as `2`, or `2.1` for a detail.

    `quantity` and `code` replace the requested ones. `unit`: the unit of the quantity; None: the requested unit.
    `start`: the first day of the grant. None: the requested first day, but not before the day of receipt.
    `end`: the last day of the grant. `span`: its length. Neither: the grant ends with the requested days.
    `reason`: the key of a decision reason. `note`: a sentence for the provider.
    """

    number: str
    action: Action
    quantity: Decimal | None = None
    code: Coding | None = None
    start: date | None = None
    end: date | None = None
    span: Span | None = None
    reason: str | None = None
    note: str | None = None
    unit: Unit | None = None

    @property
    def is_as_requested(self) -> bool:
        """Whether the ruling leaves the service, its units and its days as they were requested."""
        return all(part is None for part in (self.quantity, self.code, self.start, self.end, self.span))
