"""The rows of a scenario: its steps, what they expect, and what the payer says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

import msgspec

from tests.api.bills.played.rows import Bill, Row


class Expected(Row, frozen=True):
    """The answer to a line. For unpaid units it has the group and CARC, the RARCs and the row of reasons.yaml.

    `why` has several values if several amounts are unpaid. `dollars` are those paid, if they are not 40 a unit.
    """

    paid: Decimal
    why: str | tuple[str, ...] | None = None
    remarks: tuple[str, ...] = ()
    reason: str | None = None
    note: str | None = None
    dollars: Decimal | None = None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Each group with its CARC."""
        return (self.why,) if isinstance(self.why, str) else self.why or ()


class Refused(Row, frozen=True):
    """A bill that is refused: the places of its faults as FHIRPath, and words of the first one."""

    at: tuple[str, ...]
    status: int = 422
    text: str = ""


class Decision(Row, frozen=True):
    """A reviewer's decision on the first item of a request."""

    request: str
    action: Literal["certify", "deny"] = "certify"
    reason: str | None = None
    units: Decimal | None = None
    by: Literal["reviewer", "physician"] = "reviewer"


class Updated(Row, frozen=True):
    """An update of the first item of a request: other units, or another last day; `extends`: the request extends it."""

    request: str
    units: Decimal | None = None
    to: date | None = None
    extends: bool = False


class Units(Row, frozen=True):
    """The units of the first item of an authorization, as `$units-remaining` tells them."""

    of: str
    authorized: Decimal
    used: Decimal
    remaining: Decimal
    usable: Decimal


class Coverage(Row, frozen=True):
    """The days of a coverage that the payer stores, and whether it is in force."""

    from_: date | None = msgspec.field(name="from", default=None)
    to: date | None = None
    status: str = "active"


class Step(Row, frozen=True):
    """What happens next. A step has one of `bill`, `reread`, `request`, `decide`, `update`, `cancel`, `clock`, `units`.

    `reread` names a bill, and `answer` is then what its answer says now. `says` are RARCs anywhere in the answer.
    `left` are the units left after the step.
    """

    bill: Bill | None = None
    reread: str | None = None
    request: str | None = None
    decide: Decision | None = None
    update: Updated | None = None
    cancel: str | None = None
    clock: date | None = None
    units: Units | None = None
    answer: tuple[Expected, ...] = ()
    refused: Refused | None = None
    says: tuple[str, ...] = ()
    outcome: str = "complete"
    left: dict[str, Decimal] = msgspec.field(default_factory=dict)


class Scenario(Row, frozen=True):
    """One scenario.

    `on_file` are registered members. A reviewer has granted the requests `approved`. Earlier bills have drawn `used`
    units of the first item; `left` are its units left at the end. `payer_says` is merged into the payer's policy;
    rows of a list are merged by their `id`. `covered` are the coverages on record when the bill comes.
    """

    id: str
    says: str
    bill: Bill | None = None
    answer: tuple[Expected, ...] = ()
    refused: Refused | None = None
    steps: tuple[Step, ...] = ()
    on_file: tuple[str, ...] = ()
    covered: dict[str, tuple[Coverage, ...]] = msgspec.field(default_factory=dict)
    payer_says: dict[str, Any] = msgspec.field(default_factory=dict)
    given: tuple[str, ...] = ()
    approved: tuple[str, ...] = ()
    used: dict[str, int] = msgspec.field(default_factory=dict)
    left: dict[str, Decimal] = msgspec.field(default_factory=dict)
    awaits: Literal["match", "plan", "ledger", "life", "views"] | None = None

    @property
    def acts(self) -> tuple[Step, ...]:
        """The steps; a scenario of one bill has one."""
        if self.bill is None:
            return self.steps
        return (Step(bill=self.bill, answer=self.answer, refused=self.refused),)
