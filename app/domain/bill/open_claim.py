"""A billing claim whose answer a later decision may change: the claim, and the answers that stay."""

from __future__ import annotations

from msgspec import Struct

from app.domain.authorization import RequestWarning
from app.domain.billing import BillingClaim, LineResult


class OpenClaim(Struct, frozen=True, omit_defaults=True):
    """A claim as read, and the answer to each line.

    `organizations`, `npis`: those of the biller's client, by which it takes part in authorizations.
    """

    claim: BillingClaim
    lines: tuple[LineResult, ...]
    organizations: tuple[str, ...]
    npis: tuple[str, ...] = ()
    warnings: tuple[RequestWarning, ...] = ()
