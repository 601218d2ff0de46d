"""Read who pays the amounts that the payer does not pay, by the biller's contract."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, model_validator

from app.domain.adjustment_key import AdjustmentKey
from app.domain.parts.line_plan import ContractTerms
from app.policy.billing.networks import Group
from app.policy.billing.term import Term
from app.policy.facts.line_facts import LineFacts


def _key(value: Any) -> str:
    if value not in set(AdjustmentKey):
        raise ValueError(f"must have keys of adjudication reasons, but `{value}` is none")
    return str(value)


class Contract(Term):
    """The group code under a contract: `group` for all reasons of group CO, `reasons` for some, by their keys."""

    group: Group | None = None
    reasons: dict[Annotated[str, BeforeValidator(_key)], Group] = {}  # noqa: RUF012 - pydantic copies a default

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.group is None and not self.reasons:
            raise ValueError("must have `group` or `reasons`")
        return self

    def terms_for(self, facts: LineFacts) -> ContractTerms | None:
        """Return the groups for a line, if the contract certainly counts for it."""
        return ContractTerms(self.rule, self.group, self.reasons) if self.holds(facts) else None
