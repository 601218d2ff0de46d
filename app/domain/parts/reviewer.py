"""The person behind a decision of the payer, and the notes that only its staff reads."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Reviewer(Struct, frozen=True, omit_defaults=True):
    """The client and the person who decided, with the role of their token.

    `user` is empty if the token names no person. `npi` is that of the clinician who made the decision, as stated.
    """

    client: str
    user: str = ""
    role: str = ""
    npi: str | None = None

    @property
    def name(self) -> str:
        """The id of the person, or else of the client."""
        return self.user or self.client


class InternalNote(Struct, frozen=True):
    """A note between the members of the payer's staff. No provider and no member may see it."""

    by: str
    at: datetime
    text: str
