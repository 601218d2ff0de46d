"""Compare the rendering provider (or else the billing provider) with the authorized providers (or the requestor)."""

from __future__ import annotations

from app.domain.adjustment_key import AdjustmentKey
from app.domain.matching.attribute import Attribute, Sides
from app.domain.matching.billing_provider import digits
from app.domain.matching.mismatch import Outcome, listed
from app.domain.parts.matching_terms import Locum

SUBSTITUTE = frozenset({"Q5", "Q6"})
"""Modifiers of a service by a substitute."""


class RenderingProvider(Attribute):
    """The NPI, which must be authorized, unless the payer compares the practice or the specialty."""

    name = "rendering provider"
    missing_on_bill = "The billing provider counts as the rendering provider."
    missing_on_authorization = "The requestor counts as the authorized provider; without its NPI, any provider matches."
    tolerances = (Locum,)
    reasons = (AdjustmentKey.RENDERING_PROVIDER_DIFFERS,)

    def compare(self, sides: Sides) -> Outcome:
        """Return a mismatch unless the NPI is authorized. An authorization without NPIs covers any provider."""
        authorization, line = sides.authorization, sides.line
        requestor = (authorization.requestor.npi,) if authorization.requestor.npi else ()
        authorized = sides.item.requested.providers or requestor
        claimed = line.providers[0] if line.providers else sides.claim.provider.npi
        if not authorized or claimed in authorized or _by_mode(sides):
            return None
        substitutes = _same_practice(sides) and not SUBSTITUTE.isdisjoint(map(str.upper, line.modifiers))
        return self.differs(
            f"NPI {claimed}" if claimed else "no NPI",
            f"NPI {listed(authorized)}",
            AdjustmentKey.RENDERING_PROVIDER_DIFFERS,
            sides.tolerated_by(Locum) if substitutes else [],
        )


def _by_mode(sides: Sides) -> bool:
    """Return whether the provider is of the authorized practice or specialty, if the payer compares that."""
    match sides.modes.provider:
        case "group":
            return _same_practice(sides)
        case "taxonomy":
            return not set(sides.line.specialties).isdisjoint(sides.item.requested.specialties)
        case _:
            return False


def _same_practice(sides: Sides) -> bool:
    """Return whether both tax IDs are known and equal."""
    biller, requestor = sides.claim.provider.tax_id, sides.authorization.requestor.tax_id
    return bool(biller and requestor and digits(biller) == digits(requestor))
