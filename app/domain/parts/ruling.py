"""A reviewer's rulings on pended items."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from app.domain.datatypes import Coding
from app.domain.notice import AskedDocument
from app.domain.parts.period_cap import PeriodCap
from app.domain.span import Span
from app.domain.units import Unit

Action = Literal["certify", "partly-certify", "deny", "cancel", "ask", "sign", "undo"]

LONGEST_NOTE = 4000
"""The most characters of a note. Each stays in the record, which every bill reads."""

ALL = ""
"""The number of a ruling on every pended item that no other ruling names."""


class ItemRuling(Struct, frozen=True):
    """A ruling on the item with this `number`, such as `2`, or `2.1` for a detail.

    `quantity` and `code` replace the requested ones. `unit`: the unit of the quantity; None: the requested unit.
    `start`: the first day of the grant. None: the requested first day, but not before the day of receipt.
    `end`: the last day of the grant. `span`: its length. Neither: the grant ends with the requested days.
    `circumstance`: the event that ends the grant. It may replace the last day.
    `cap`: the most units of the grant in each day, week or month.
    `network_exception`: a provider outside the plan's network may give the service.
    `reason`: the key of a decision reason; `further_reasons` are others. `note`: a sentence for the provider.
    `ask_for`: the documents to ask for.
    `place`: the position of the ruling in the decision.
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
    circumstance: str | None = None
    network_exception: bool = False
    further_reasons: tuple[str, ...] = ()
    ask_for: tuple[AskedDocument, ...] = ()
    place: int = 0
    cap: PeriodCap | None = None

    @property
    def is_as_requested(self) -> bool:
        """Whether the ruling leaves the service, its units and its days as they were requested."""
        return all(part is None for part in (self.quantity, self.code, self.start, self.end, self.span))

    @property
    def has_terms(self) -> bool:
        """Whether the ruling sets terms of a grant that no request has."""
        return self.circumstance is not None or self.cap is not None or self.network_exception

    @property
    def reasons(self) -> tuple[str, ...]:
        """The keys of all reasons, the main one first."""
        return self.further_reasons if self.reason is None else (self.reason, *self.further_reasons)


class Rulings(Struct, frozen=True):
    """The rulings of one decision, with the NPI of the clinician who made it and a note for the payer's staff only.

    `draft`: the decision waits until a person decides again.
    """

    items: tuple[ItemRuling, ...]
    draft: bool = False
    clinician: str | None = None
    internal_note: str | None = None
