"""The results of comparing one attribute of a claim line with an authorized item."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from app.domain.adjustment_key import AdjustmentKey


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


class Tolerated(Struct, frozen=True):
    """An attribute that differs under a tolerance of the payer. `reference` is the payer's document."""

    attribute: str
    claimed: str
    authorized: str
    reference: str

    @property
    def sentence(self) -> str:
        """The difference as a sentence for the biller."""
        difference = f"claimed {self.claimed}, authorized {self.authorized}"
        return f"{self.attribute.capitalize()}: {difference}. Accepted under {self.reference}."


Outcome = Mismatch | Tolerated | None
"""None: the values agree, or the authorization does not limit the attribute."""


def listed(codes: Iterable[str]) -> str:
    """Return codes as sorted text with commas, or `none`."""
    return ", ".join(sorted(set(codes))) or "none"
