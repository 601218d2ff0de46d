"""What a rule may do: authorize all of it, authorize less, leave it to a reviewer, or deny it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from app.domain.span import Span, parse_time
from app.policy.code_sets import CodeOf
from app.policy.review_reasons import ReviewReason
from app.policy.yaml.model import Code, Data, Number


def _reason(value: Any, info: ValidationInfo) -> ReviewReason:
    known: Mapping[str, ReviewReason] = info.context["reasons"] if info.context else {}
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"{value} is not a reason of reasons.yaml; known are {', '.join(known)}")
    return known[value]


Why = Annotated[ReviewReason, BeforeValidator(_reason)]
"""A reason, named by its key in reasons.yaml."""

For = Annotated[Span, BeforeValidator(Span.parse)]
"""How long a grant lasts."""


class Certify(Data):
    """Authorize what is asked for."""

    action: Literal["certify"]
    for_: For


class PartlyCertify(Data):
    """Authorize at most `quantity` units, or another `code` in place of the one asked for, and say why."""

    action: Literal["partly-certify"]
    for_: For
    quantity: Annotated[Number, Field(gt=0)] | None = None
    code: CodeOf | None = None
    reason: Why = Field(default_factory=lambda: "approved-less", validate_default=True)

    @model_validator(mode="after")
    def _less(self) -> Self:
        if self.quantity is None and self.code is None:
            raise ValueError("partly-certify needs a `quantity` or a `code`")
        return self


class Deny(Data):
    """Authorize nothing."""

    action: Literal["deny"]
    reason: Why


class AskFor(Data):
    """A document that would help to decide, by its LOINC type."""

    loinc: Code


class Pend(Data):
    """Leave it to a reviewer, who decides `within` a time where that is shorter than the payer's clock."""

    action: Literal["pend"]
    reason: Why
    ask_for: tuple[AskFor, ...] = ()
    within: Annotated[timedelta, BeforeValidator(parse_time)] | None = None


Action = Annotated[Certify | PartlyCertify | Deny | Pend, Field(discriminator="action")]
"""What a rule does."""
