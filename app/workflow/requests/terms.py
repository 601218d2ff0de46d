"""The terms of a reviewer's decision: those of the payer's policy, or of the record if the policy is gone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from app.domain.authorization import Authorization
from app.domain.authorization_number import prefix_of
from app.domain.life.states import local_day
from app.domain.notice import AppealTerms
from app.domain.parts.reviewer import ReviewTerms
from app.domain.review.review_reason import ReviewReason
from app.workflow.system import System


class Terms(Struct, frozen=True):
    """The payer's calendar day, its reasons, the terms of appeals and decisions, and the prefix of new numbers."""

    today: date
    reasons: Mapping[str, ReviewReason]
    appeal: AppealTerms | None
    review: ReviewTerms
    prefix: str


def terms_of(system: System, authorization: Authorization, now: datetime) -> Terms:
    """Return the terms for a decision on this request.

    Without a policy they are the shipped reasons, the time zone and appeal that the record has (UTC and none if it has
    none), and the prefix of the number under which the request is pended.
    """
    policy = system.payers.get(authorization.payer)
    if policy is not None:
        return Terms(policy.day(now), policy.reasons, policy.appeal.terms, policy.review.terms, policy.payer.prefix)
    version = authorization.policy
    pended_under = authorization.administration_number or ""
    return Terms(
        local_day(authorization, now),
        system.shipped.review_reasons,
        version.appeal,
        version.review,
        prefix_of(pended_under),
    )
