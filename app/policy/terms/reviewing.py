"""The payer's terms of a reviewer's decision: the time to undo it, the second signature, and when it is needed.

https://www.ecfr.gov/current/title-42/section-422.566#p-422.566(d)
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from app.domain.decision import ReviewAction
from app.domain.parts.reviewer import ReviewTerms
from app.domain.span import parse_time
from app.policy.yaml.model import Data

LONGEST_GRACE = timedelta(hours=24)
"""A later release would make expedited decisions late."""

_ACTIONS = {
    "certify": ReviewAction.CERTIFIED,
    "partly-certify": ReviewAction.MODIFIED,
    "deny": ReviewAction.NOT_CERTIFIED,
}


_MINUTES = re.compile(r"PT([1-9][0-9]{0,3})M")


def _grace(value: Any) -> timedelta:
    """Read a time in minutes such as PT15M, or a longer time. Raises ValueError."""
    minutes = _MINUTES.fullmatch(value) if isinstance(value, str) else None
    grace = parse_time(value) if minutes is None else timedelta(minutes=int(minutes[1]))
    if grace > LONGEST_GRACE:
        raise ValueError("must not be longer than PT24H")
    return grace


class Reviewing(Data):
    """The terms of a reviewer's decision.

    `grace`: a decision can be undone in this time; the provider sees it afterwards. Without it, a decision counts at
    once. `cosign`: the outcomes that a physician must sign. A denial for administrative reasons needs no signature.
    """

    grace: Annotated[timedelta, BeforeValidator(_grace)] = timedelta(0)
    cosign: dict[Literal["certify", "partly-certify", "deny"], Literal["physician"]] = {}  # noqa: RUF012 - pydantic copies it

    @cached_property
    def terms(self) -> ReviewTerms:
        """The terms for the record of a decision."""
        return ReviewTerms(self.grace, tuple(sorted(_ACTIONS[outcome] for outcome in self.cosign)))


class DocumentTerms(Data):
    """The next step for an item with all its documents: a reviewer, or the rules again.

    The rules then certify the item or leave it to a reviewer. They deny nothing without a person.
    """

    complete: Literal["reviewer", "rules"] = "reviewer"
