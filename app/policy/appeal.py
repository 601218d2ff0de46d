"""The payer's terms of an appeal against a denial, in whole or in part.

https://www.ecfr.gov/current/title-42/section-422.582
https://www.ecfr.gov/current/title-42/section-438.402
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from app.domain.notice import AppealTerms
from app.domain.span import Span
from app.policy.yaml.model import Data, Text


def _sentence(value: str) -> str:
    if not value.endswith("."):
        raise ValueError("must be sentences with a period at the end")
    return value


Sentences = Annotated[Text, AfterValidator(_sentence)]
"""Sentences that a process note quotes."""


class Appeal(Data):
    """The time for an appeal from the day after the decision, how to appeal, and the legal source of the time.

    `expedited` says how to appeal if waiting could harm the patient.
    """

    within: Annotated[Span, BeforeValidator(Span.parse)]
    how: Sentences
    expedited: Sentences | None = None
    source: Text

    @cached_property
    def terms(self) -> AppealTerms:
        """The terms without their source, for the record of a decision."""
        return AppealTerms(self.within, self.how, self.expedited)
