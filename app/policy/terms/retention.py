"""How long the payer keeps the records of requests.

https://www.ecfr.gov/current/title-42/section-422.122
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from app.domain.parts.retention import LEAST_AFTER_CHANGE, LEAST_AFTER_SERVICE, RetentionTerms
from app.domain.span import Span
from app.policy.yaml.model import Data, Text


def _at_least(least: Span, in_words: str) -> Any:
    def check(value: Span) -> Span:
        if least.may_exceed(value):
            raise ValueError(f"must be at least {in_words}")
        return value

    return AfterValidator(check)


class Retention(Data):
    """The time after the last day of service and after the last change, and the legal source of the longer one."""

    after_service: Annotated[Span, BeforeValidator(Span.parse), _at_least(LEAST_AFTER_SERVICE, "P6M")]
    after_change: Annotated[Span, BeforeValidator(Span.parse), _at_least(LEAST_AFTER_CHANGE, "P1Y")]
    source: Text

    @cached_property
    def terms(self) -> RetentionTerms:
        """The terms without their source, for the record."""
        return RetentionTerms(self.after_service, self.after_change)
