"""Read the time limit of claims."""

from __future__ import annotations

from app.domain.parts.billing_terms import Filing
from app.policy.actions import GrantLength
from app.policy.yaml.model import Data, Text


class TimelyFiling(Data):
    """The most time from the last day of service to the receipt of a claim, and its reference.

    `secondary`: the limit of a claim that other payers answer first; the same without it.
    """

    reference: Text
    within: GrantLength
    secondary: GrantLength | None = None

    @property
    def terms(self) -> Filing:
        """The limit, as a bill is answered by it."""
        return Filing(self.within, self.secondary or self.within, self.reference)
