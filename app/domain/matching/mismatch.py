"""The result of comparing one attribute of a claim line with an authorized item."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine, BillingClaim


class Mismatch(Struct, frozen=True):
    """An attribute that differs: its claimed and authorized values as text, and the key of the denial reason."""

    attribute: str
    claimed: str
    authorized: str
    reason_key: AdjustmentKey

    @property
    def sentence(self) -> str:
        """The difference as a sentence for the biller."""
        return f"{self.attribute.capitalize()}: claimed {self.claimed}, authorized {self.authorized}."


Attribute = Callable[[BilledLine, AuthorizedItem, BillingClaim, Authorization], Mismatch | None]
"""Compares one attribute. Returns None if the values agree or the authorization does not limit the attribute."""


def listed(codes: Iterable[str]) -> str:
    """Return codes as sorted text with commas, or `none`."""
    return ", ".join(sorted(set(codes))) or "none"
