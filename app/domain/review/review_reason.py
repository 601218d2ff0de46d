"""The reasons of a review: the kinds of decision that they explain, and the reasons that reviews use by name."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from app.domain.decision import Reason


class ReasonKind(StrEnum):
    """The kind of decision that a reason explains.

    A `pend` reason says what happens next, a `deny` reason why and what to do, a `less` reason how to get the rest.
    """

    PEND = "pend"
    DENY = "deny"
    LESS = "less"


class ReviewReason(Struct, frozen=True):
    """A reason, its kinds, and whether it is administrative. An administrative reason needs no clinician."""

    reason: Reason
    administrative: bool
    kinds: frozenset[ReasonKind]


class ReasonKey(StrEnum):
    """The reasons that a review gives without a rule that names them. Each has a row of its kind in reasons.yaml."""

    APPEAL = "appeal"
    LATE_APPEAL = "late-appeal"
    DELEGATED = "delegated"
    CODE_RANGE = "code-range"
    FACT_MISSING = "fact-missing"
    NO_RULE = "no-rule"
    NUMBER_NEEDED = "number-needed"
    ORDER_DIFFERS = "order-differs"
    RETROSPECTIVE = "retrospective"

    LIMIT_REACHED = "limit-reached"
    NOT_ELIGIBLE = "not-eligible"

    APPROVED_LESS = "approved-less"
    LESS_TIME = "less-time"
    COVERAGE_ENDS = "coverage-ends"

    @property
    def kind(self) -> ReasonKind:
        """The kind of decision for which reviews use this reason."""
        if self in {ReasonKey.LIMIT_REACHED, ReasonKey.NOT_ELIGIBLE}:
            return ReasonKind.DENY
        less = {ReasonKey.APPROVED_LESS, ReasonKey.LESS_TIME, ReasonKey.COVERAGE_ENDS}
        return ReasonKind.LESS if self in less else ReasonKind.PEND

    @property
    def unattended(self) -> bool:
        """True if the server denies an item, or a part of it, for this reason without a reviewer."""
        return self.kind is not ReasonKind.PEND and self is not ReasonKey.APPROVED_LESS


def keys_of(kind: ReasonKind, reasons: Mapping[str, ReviewReason]) -> str:
    """Return the keys of the reasons of one kind, sorted, for a message."""
    return ", ".join(sorted(key for key, reason in reasons.items() if kind in reason.kinds))
