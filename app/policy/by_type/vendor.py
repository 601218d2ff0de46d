"""An organization that decides about services for the payer: a delegated vendor."""

from __future__ import annotations

from app.policy.yaml.model import Data, Slug, Text


class Vendor(Data):
    """A vendor: its key, which rules name, its name, and how to send a request to it."""

    vendor: Slug
    name: Text
    contact: Text

    @property
    def referral(self) -> str:
        """The sentence for the provider."""
        return f"{self.name} decides about this service for the payer. Send the request to: {self.contact}"
