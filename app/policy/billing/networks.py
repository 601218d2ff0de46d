"""Read which billed lines are outside a plan's network."""

from __future__ import annotations

from typing import Literal

from app.domain.adjustment_key import AdjustmentKey
from app.domain.parts.line_plan import PlanDenial
from app.policy.billing.term import Term
from app.policy.facts.line_facts import LineFacts

Group = Literal["CO", "OA", "PI", "PR"]

_KEYS = {"network": AdjustmentKey.NETWORK_OUTSIDE, "preferred": AdjustmentKey.NETWORK_NOT_PREFERRED}


class Outside(Term):
    """The lines that a network does not give: its conditions hold for them. `kind`: the whole or the preferred network.

    `group`: the group code of the denial, if the plan says who pays.
    """

    kind: Literal["network", "preferred"] = "network"
    group: Group | None = None

    @property
    def key(self) -> AdjustmentKey:
        """The reason of a denial."""
        return _KEYS[self.kind]

    def denial(self, facts: LineFacts) -> PlanDenial | None:
        """Return the denial of a line outside the network. A missing fact proves no network."""
        return None if self.holds(facts) is False else PlanDenial(self.key, self.rule, self.group)
