"""The actions of a rule: certify, partly certify, pend or deny an item, or say that it needs no authorization."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from app.codes import valid_loinc
from app.domain.coding.shapes import report_type_like
from app.domain.ledger import LARGEST, countable
from app.domain.notice import AskedDocument
from app.domain.parts.period_cap import CapPeriod, PeriodCap, WeekStart
from app.domain.review.review_reason import ReasonKind, ReviewReason, keys_of
from app.domain.span import Span, parse_time
from app.policy.codes.code_sets import CodeOf
from app.policy.yaml.model import Code, Data, Number, Slug, Text


def _reason_of(kind: ReasonKind) -> BeforeValidator:
    """Read a review reason of this kind, given by its key in reasons.yaml."""

    def read(value: Any, info: ValidationInfo) -> ReviewReason:
        known: Mapping[str, ReviewReason] = info.context["reasons"] if info.context else {}
        reason = known.get(value) if isinstance(value, str) else None
        if reason is None or kind not in reason.kinds:
            raise ValueError(f"must be a reason of kind {kind} in reasons.yaml: {keys_of(kind, known)}")
        return reason

    return BeforeValidator(read)


PendReason = Annotated[ReviewReason, _reason_of(ReasonKind.PEND)]
DenyReason = Annotated[ReviewReason, _reason_of(ReasonKind.DENY)]
LessReason = Annotated[ReviewReason, _reason_of(ReasonKind.LESS)]

GrantLength = Annotated[Span, BeforeValidator(Span.parse)]
"""The length of a grant, as an ISO 8601 period."""


def _countable(units: Decimal) -> Decimal:
    if not countable(units):
        raise ValueError(f"must be greater than 0 and at most {LARGEST:,f}, with at most three decimals")
    return units


class GrantTime(Data):
    """The time that an action grants: the requested days, but at most `for` and at least `at-least`.

    Both lengths count from the first day of the grant. Without requested days, the grant has the length `for`.
    `network_exception`: a provider outside the plan's network may give the service.
    """

    for_: GrantLength
    at_least: GrantLength | None = None
    network_exception: bool = False

    @field_validator("at_least")
    @classmethod
    def _within(cls, at_least: Span | None, info: ValidationInfo) -> Span | None:
        longest: Span | None = info.data.get("for_")
        if at_least is not None and longest is not None and at_least.may_exceed(longest):
            raise ValueError("must not be longer than `for`")
        return at_least


class Cap(Data):
    """At most `units` in each day, week or month. A week starts on Monday, or on the day of `week-starts`."""

    units: Annotated[Number, AfterValidator(_countable)]
    per: CapPeriod
    week_starts: WeekStart = WeekStart.MONDAY

    @cached_property
    def terms(self) -> PeriodCap:
        """The cap, for the record of a grant."""
        return PeriodCap(self.units, self.per, self.week_starts)


class Certify(GrantTime):
    """Authorize the item as requested. `units: open` authorizes any number of units."""

    action: Literal["certify"]
    units: Literal["open"] | None = None
    cap: Cap | None = None


class PartlyCertify(GrantTime):
    """Authorize at most `quantity` units, or another `code` instead of the requested one, and give the reason."""

    action: Literal["partly-certify"]
    quantity: Annotated[Number, Field(gt=0)] | None = None
    code: CodeOf | None = None
    reason: LessReason
    cap: Cap | None = None

    @model_validator(mode="after")
    def _less(self) -> Self:
        if self.quantity is None and self.code is None:
            raise ValueError("must have a `quantity` or a `code` for partly-certify")
        return self


class NotRequired(Data):
    """Answer that the item needs no authorization. A bill for it needs no number."""

    action: Literal["not-required"]


class Deny(Data):
    """Deny the item."""

    action: Literal["deny"]
    reason: DenyReason


def _loinc(code: str) -> str:
    if not valid_loinc(code):
        raise ValueError('must be a LOINC code with its check digit, such as "11506-3"')
    return code


def _report_type(code: str) -> str:
    if not report_type_like(code):
        raise ValueError('must be a report type of X12 755 in quotes, such as "B3"')
    return code


class AskFor(Data):
    """A document to ask the provider for, by its LOINC code or its X12 report type, and a name for the provider."""

    loinc: Annotated[Code, AfterValidator(_loinc)] | None = None
    report_type: Annotated[Code, AfterValidator(_report_type)] | None = None
    name: Text

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.loinc is None) is (self.report_type is None):
            raise ValueError("must have either `loinc` or `report-type`")
        return self

    @cached_property
    def document(self) -> AskedDocument:
        """The document, for the record of a decision."""
        return AskedDocument(self.loinc or "", self.name, self.report_type or "")


class Pend(Data):
    """Leave the item to a reviewer. `within` shortens the time limit of the payer's clock."""

    action: Literal["pend"]
    reason: PendReason
    ask_for: tuple[AskFor, ...] = ()
    within: Annotated[timedelta, BeforeValidator(parse_time)] | None = None


class Forward(Data):
    """Send the provider to a delegated vendor, which decides for the payer. `to` is its key in `types: delegated`."""

    action: Literal["forward"]
    to: Slug


Action = Annotated[NotRequired | Certify | PartlyCertify | Deny | Pend | Forward, Field(discriminator="action")]
"""The action of a rule."""
