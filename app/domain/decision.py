"""The decision on a requested item: its outcome, its reasons and its grant."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from app.domain.datatypes import Coding, Period
from app.domain.notice import AppealRight, AskedDocument, Criterion
from app.domain.parts.period_cap import PeriodCap
from app.domain.parts.reviewer import Reviewer
from app.domain.units import Unit


class ReviewAction(StrEnum):
    """The outcome of reviewing an item, by its X12 306 code. `FORWARDED`: a delegated vendor decides."""

    CERTIFIED = "A1"
    NOT_CERTIFIED = "A3"
    PENDED = "A4"
    MODIFIED = "A6"
    CANCELLED = "C"
    NOT_REQUIRED = "NA"
    FORWARDED = "CT"


class Reason(Struct, frozen=True):
    """The reason of a decision: its key, its X12 886 code (None if no code fits) and its text for the provider.

    `carc`: the claim adjustment reason code that says the same to a biller, for a denial in whole or in part.
    """

    key: str
    code: str | None
    text: str
    carc: str | None = None


class Granted(Struct, frozen=True):
    """The grant of an item. `quantity` None means no limit; `service` is set if it replaces the requested code.

    `circumstance`: the event that ends the grant, in a reviewer's words. It may replace the last day.
    `cap`: the most units in each day, week or month.
    `network_exception`: a provider outside the plan's network may give the service.
    """

    period: Period
    quantity: Decimal | None = None
    unit: Unit | None = None
    service: Coding | None = None
    circumstance: str | None = None
    cap: PeriodCap | None = None
    network_exception: bool = False


class ItemDecision(Struct, frozen=True, omit_defaults=True):
    """The decision on one item: the rule (or reviewer) that made it, its day, its reason and its grant.

    `ask_for`: the documents that a reviewer still needs; records of release 0.1.0 have their LOINC codes only.
    `received`: the documents that the rule asks for and the request has.
    `criterion`: the rule's, or for a reviewer's decision that of the rule that pended the item.
    `missing`: in words, the facts that the request does not give and on which the decision hangs.
    `note`: a reviewer's sentence for the provider.
    `further_reasons`: a reviewer's reasons beside the main one.
    `by`: the person who decided; None for a rule. `signed_by`: the second person, if one had to sign.
    `late`: the decision came after it was due.
    """

    action: ReviewAction
    rule: str
    decided: date
    reason: Reason | None = None
    granted: Granted | None = None
    ask_for: tuple[AskedDocument | str, ...] = ()
    human: bool = False
    received: tuple[AskedDocument, ...] = ()
    criterion: Criterion | None = None
    appeal: AppealRight | None = None
    missing: tuple[str, ...] = ()
    note: str | None = None
    further_reasons: tuple[Reason, ...] = ()
    by: Reviewer | None = None
    signed_by: Reviewer | None = None
    late: bool = False

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """All reasons, the main one first."""
        return self.further_reasons if self.reason is None else (self.reason, *self.further_reasons)
