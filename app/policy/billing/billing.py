"""Read the block `billing` of a policy. Each part of the block has a file and a field of its own."""

from __future__ import annotations

from typing import Literal

from app.domain.parts.billing_terms import AutoLink, BillingTerms
from app.domain.parts.matching_terms import MatchingTerms
from app.policy.billing.contracts import Contract
from app.policy.billing.emergencies import Emergencies
from app.policy.billing.matching import Matching
from app.policy.billing.networks import Outside
from app.policy.billing.referrals import Referrals
from app.policy.billing.replacements import Replacements
from app.policy.billing.timely_filing import TimelyFiling
from app.policy.billing.tolerances import DateSplit
from app.policy.yaml.model import Data


class Billing(Data):
    """The payer's terms of bills. Everything that pays more than an exact match is off unless the policy says it.

    `pending`: a line whose request is pended waits for the decision (`pend`), or is denied (`deny`).
    """

    pending: Literal["pend", "deny"] = "pend"
    timely_filing: TimelyFiling | None = None
    auto_link: AutoLink = "off"
    matching: Matching | None = None
    date_split: DateSplit | None = None
    replacements: Replacements = Replacements()
    networks: tuple[Outside, ...] = ()
    referrals: tuple[Referrals, ...] = ()
    emergencies: tuple[Emergencies, ...] = ()
    contracts: tuple[Contract, ...] = ()

    @property
    def has_plan(self) -> bool:
        """Whether a term depends on the line."""
        return bool(self.networks or self.referrals or self.emergencies or self.contracts)

    @property
    def terms(self) -> BillingTerms:
        """The terms, as a bill is answered by them."""
        return BillingTerms(
            pending=self.pending,
            filing=None if self.timely_filing is None else self.timely_filing.terms,
            auto_link=self.auto_link,
            matching=MatchingTerms() if self.matching is None else self.matching.terms,
            date_split=None if self.date_split is None else self.date_split.terms,
            referrals=bool(self.referrals),
            denied_original=self.replacements.denied_original,
        )
