"""The terms of a reviewer's decision: those of the payer's policy, or of the record if the policy is gone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.domain.authorization import Authorization
from app.domain.authorization_number import prefix_of
from app.domain.notice import AppealTerms
from app.domain.review.decide import ReviewDays
from app.domain.review.review_reason import ReviewReason
from app.workflow.system import System


class Terms(Struct, frozen=True):
    """The payer's calendar days, its reasons, the terms of an appeal, and the prefix of a new authorization number."""

    days: ReviewDays
    reasons: Mapping[str, ReviewReason]
    appeal: AppealTerms | None
    prefix: str


def terms_of(system: System, authorization: Authorization, now: datetime) -> Terms:
    """Return the terms for a decision on this request.

    Without a policy they are the shipped reasons, the time zone and appeal that the record has (UTC and none if it has
    none), and the prefix of the number under which the request is pended.
    """
    policy = system.payers.get(authorization.payer)
    if policy is not None:
        days = ReviewDays(policy.day(authorization.created), policy.day(now))
        return Terms(days, policy.reasons, policy.appeal.terms, policy.payer.prefix)
    version = authorization.policy
    zone = ZoneInfo(version.timezone) if version.timezone else UTC
    pended_under = authorization.administration_number or ""
    days = ReviewDays(authorization.created.astimezone(zone).date(), now.astimezone(zone).date())
    return Terms(days, system.shipped.review_reasons, version.appeal, prefix_of(pended_under))
