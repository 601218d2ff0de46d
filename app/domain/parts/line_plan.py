"""The terms of the payer's plan for one billed line, beside the need of an authorization."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from app.domain.adjustment_key import AdjustmentKey


class Emergency(StrEnum):
    """A line is no emergency, an emergency, or given as one for a condition that the payer counts as none."""

    NO = "no"
    YES = "yes"
    NOT_EMERGENT = "not emergent"


class PlanDenial(Struct, frozen=True):
    """The plan does not pay the line: the reason, the rule as a sentence, and the group if the plan names one."""

    key: AdjustmentKey
    rule: str
    group: str | None = None


class ReferralTerms(Struct, frozen=True):
    """The line needs a referral: the rule as a sentence, and the NPIs that may refer; empty if any may."""

    rule: str
    by: frozenset[str] = frozenset()


class ContractTerms(Struct, frozen=True):
    """The payer of unpaid amounts under the biller's contract: for all reasons of group CO, or by key."""

    rule: str
    group: str | None = None
    by_reason: Mapping[str, str] = {}


class LinePlan(Struct, frozen=True):
    """The terms of the plan for a line.

    `outside`: the provider is outside the network. `emergency_rule`: the rule about emergencies, as a sentence.
    """

    outside: PlanDenial | None = None
    referral: ReferralTerms | None = None
    emergency: Emergency = Emergency.NO
    emergency_rule: str = ""
    contract: ContractTerms | None = None


NO_PLAN = LinePlan()
"""The plan of a payer that says nothing about bills."""
