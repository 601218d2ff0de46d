"""Compare the billing provider's tax ID with the requestor's tax ID."""

from __future__ import annotations

from app.domain.adjustment_key import AdjustmentKey
from app.domain.matching.attribute import Attribute, Sides
from app.domain.matching.mismatch import Outcome
from app.domain.parts.matching_terms import Affiliated


class BillingProvider(Attribute):
    """The tax ID, which must be the requestor's. Hyphens do not count, and no answer shows a tax ID."""

    name = "billing provider"
    missing_on_bill = "The requestor's NPI stands for its tax ID; any other biller must give a tax ID."
    tolerances = (Affiliated,)
    reasons = (AdjustmentKey.BILLING_PROVIDER_DIFFERS, AdjustmentKey.BILLING_PROVIDER_MISSING)

    def compare(self, sides: Sides) -> Outcome:
        """Return a mismatch unless the tax IDs are equal, if the requestor's is known."""
        biller, requestor = sides.claim.provider, sides.authorization.requestor
        if not requestor.tax_id:
            return None
        if not biller.tax_id:
            same = biller.npi is not None and biller.npi == requestor.npi
            key = AdjustmentKey.BILLING_PROVIDER_MISSING
            return None if same else self.differs("no tax ID", "the requestor's tax ID", key)
        both = {digits(biller.tax_id), digits(requestor.tax_id)}
        if len(both) == 1:
            return None
        accepted = [entry for entry in sides.tolerated_by(Affiliated) if both <= entry.tax_ids]
        key = AdjustmentKey.BILLING_PROVIDER_DIFFERS
        return self.differs("another tax ID", "the requestor's tax ID", key, accepted)


def digits(tax_id: str) -> str:
    """Return a tax ID without hyphens."""
    return tax_id.replace("-", "")
