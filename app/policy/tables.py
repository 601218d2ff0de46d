"""The tables that a policy refers to: its review reasons, adjudication reasons and clocks."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from app.domain.billing import AdjudicationReason
from app.domain.review.review_reason import ReviewReason
from app.policy.clocks.clocks import Clocks


class Tables(Struct, frozen=True):
    """The reasons and the clocks of a policy: the shipped ones, with the rows that files beside the policy change.

    `texts` are the texts of those files. They are a part of the policy's version.
    """

    review_reasons: Mapping[str, ReviewReason]
    adjudication_reasons: Mapping[str, AdjudicationReason]
    clocks: Clocks
    texts: tuple[str, ...] = ()
