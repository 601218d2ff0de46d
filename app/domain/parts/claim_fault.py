"""A fault of the whole claim, which the payer's records show before any line is answered."""

from __future__ import annotations

from msgspec import Struct

from app.domain.adjustment_key import AdjustmentKey


class ClaimFault(Struct, frozen=True):
    """Why no line of a claim can be paid: the key of the reason, and sentences for the biller."""

    key: AdjustmentKey
    notes: tuple[str, ...] = ()
