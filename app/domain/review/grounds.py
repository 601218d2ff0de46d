"""The facts by which a reviewer's rulings are judged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from app.domain.covered import Covered
from app.domain.parts.reviewer import Reviewer
from app.domain.review.review_reason import ReviewReason


class Grounds(Struct, frozen=True):
    """The payer's calendar day, its reasons, and the person who decides.

    `covered` are the member's coverages. None: the payer has no record of the member.
    `cosign`: the X12 review actions that a physician must sign. `release`: the time from which the decision counts;
    None: at once. `at_once`: the numbers of the items whose decisions have no time to undo: amendments after a talk.
    `draft`: the decision waits until a person decides again.
    `received`: for an appeal, the day of receipt of the denied request, on which its grant may begin.
    """

    today: date
    reasons: Mapping[str, ReviewReason]
    covered: Covered | None = None
    by: Reviewer | None = None
    cosign: tuple[str, ...] = ()
    release: datetime | None = None
    at_once: frozenset[str] = frozenset()
    draft: bool = False
    received: date | None = None
