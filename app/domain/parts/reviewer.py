"""The persons behind a decision of the payer, the terms by which they decide, and the notes between them."""

from __future__ import annotations

from datetime import datetime, timedelta

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

    def may_be(self, other: Reviewer) -> bool:
        """Return whether both may be one person: a token without a user may be that of any user of the client.

        Two tokens that record the decision of one clinician are one person.
        """
        if self.npi and self.npi == other.npi:
            return True
        if self.user and other.user:
            return self.user == other.user
        return self.client == other.client


class InternalNote(Struct, frozen=True):
    """A note between the members of the payer's staff. No provider and no member may see it."""

    by: str
    at: datetime
    text: str


class ReviewTerms(Struct, frozen=True, omit_defaults=True):
    """The payer's terms of a reviewer's decision.

    `grace`: the time in which a decision can be undone; the provider sees it afterwards.
    `cosign`: the X12 review actions that a physician must sign. A denial for administrative reasons needs no signature.
    """

    grace: timedelta = timedelta(0)
    cosign: tuple[str, ...] = ()
