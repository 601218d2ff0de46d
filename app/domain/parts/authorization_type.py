"""The types of authorization: why and when in the course of the care a service is reviewed."""

from __future__ import annotations

from enum import StrEnum


class AuthorizationType(StrEnum):
    """The type of the review of a requested item. It follows from the request and the day of its receipt.

    `concurrent`: more days or units of care that is under way. `retrospective`: the service began before the request.
    `expedited-appeal`, `appeal`, `reconsideration`: the item was denied, and another person reviews it again.
    """

    PRIOR = "prior"
    PRE_CERTIFICATION = "pre-certification"
    CONCURRENT = "concurrent"
    RETROSPECTIVE = "retrospective"
    REFERRAL = "referral"
    STEP_THERAPY = "step-therapy"
    APPEAL = "appeal"
    EXPEDITED_APPEAL = "expedited-appeal"
    RECONSIDERATION = "reconsideration"


BEGUN = frozenset({AuthorizationType.CONCURRENT, AuthorizationType.RETROSPECTIVE})
"""The types of care that has begun before its request."""

AFTER_DENIAL = frozenset(
    {AuthorizationType.APPEAL, AuthorizationType.EXPEDITED_APPEAL, AuthorizationType.RECONSIDERATION}
)
"""The types of a request to review a denial again."""
