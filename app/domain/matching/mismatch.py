"""What a comparison of a billed line with an authorized item comes to, and the shape of every such comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine, BillingClaim


class Mismatch(Struct, frozen=True):
    """An attribute in which the bill is not what was authorized: both sides in words, and the row that answers it."""

    attribute: str
    claimed: str
    authorized: str
    reason_key: AdjustmentKey


Attribute = Callable[[BilledLine, AuthorizedItem, BillingClaim, Authorization], Mismatch | None]
"""Compares one attribute; None when the bill agrees, or when the authorization says nothing of it."""


def listed(codes: Iterable[str]) -> str:
    """Return codes as a biller reads them: in order, with commas, or `none`."""
    return ", ".join(sorted(set(codes))) or "none"
