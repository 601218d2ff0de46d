"""A decision that the payer made outside of FHIR, as an administrator reports it, and the items that it decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.covered import Covered
from app.domain.datatypes import Coding
from app.domain.decision import ItemDecision, ReviewAction
from app.domain.notice import AppealTerms
from app.domain.parts.origin import Origin
from app.domain.parts.ruling import ItemRuling
from app.domain.request import Party, RequestedItem
from app.domain.review.decide import decided
from app.domain.review.grounds import Grounds
from app.domain.review.recourse import ruled_with_recourse
from app.domain.review.review_reason import ReviewReason

IMPORTED = "import"
"""The value of a decision's `rule` if the payer made the decision outside of this server."""


class ReportedItem(Struct, frozen=True):
    """A service of the decision, and the ruling on it."""

    requested: RequestedItem
    ruling: ItemRuling


class ReportedDecision(Struct, frozen=True):
    """A decision as an administrator reports it.

    `number` is the authorization number, or the case reference if nothing was granted. `aliases` are other numbers by
    which the decision is known. `decided` None: today.
    """

    member_id: str
    requestor: Party
    origin: Origin
    number: str
    claim_type: Coding
    items: tuple[ReportedItem, ...]
    aliases: tuple[str, ...] = ()
    birth_date: date | None = None
    decided: date | None = None
    diagnoses: tuple[Coding, ...] = ()


class DecisionTerms(Struct, frozen=True):
    """The payer's terms of a decision: its day, the reasons, the appeal and the member's coverages."""

    decided: date
    reasons: Mapping[str, ReviewReason]
    appeal: AppealTerms | None
    covered: Covered | None


def with_decisions(record: Authorization, report: ReportedDecision, terms: DecisionTerms) -> Authorization:
    """Return the record with the reported items and their decisions. Raises NotDecidable, as `decided` does."""
    pending = ItemDecision(ReviewAction.PENDED, IMPORTED, terms.decided)
    waiting = replace(record, items=tuple(AuthorizedItem(item.requested, pending) for item in report.items))
    rulings = [item.ruling for item in report.items]
    ruled = decided(waiting, rulings, Grounds(terms.decided, terms.reasons, terms.covered))
    complete = ruled_with_recourse(waiting, ruled, terms.appeal)
    return replace(complete, items=tuple(map(_imported, complete.items)))


def _imported(item: AuthorizedItem) -> AuthorizedItem:
    return replace(item, decision=replace(item.decision, rule=IMPORTED))
