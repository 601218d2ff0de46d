"""The kinds of Bundle that PAS knows, told by their profile."""

from __future__ import annotations

from enum import Enum

from app.fhir.systems import PAS


class Kind(Enum):
    """A kind of Bundle, and the type of the resource that it begins with."""

    REQUEST = "Claim"
    INQUIRY = "Claim "
    RESPONSE = "ClaimResponse"
    INQUIRY_RESPONSE = "ClaimResponse "

    @property
    def first(self) -> str:
        """The type of the first entry's resource."""
        return self.value.strip()

    @property
    def asks(self) -> bool:
        """Whether it comes from a provider."""
        return self.first == "Claim"


ELSEWHERE = {"Claim": ("related", "claim"), "ClaimResponse": ("request",)}
"""The references, by an entry's type, that need not lead to an entry: to the Claim of an answer, and to the one before.

What an update itself refers to as the Claim before it has a rule of its own.
"""

PROFILES = {
    Kind.REQUEST: PAS + "profile-pas-request-bundle",
    Kind.INQUIRY: PAS + "profile-pas-inquiry-request-bundle",
    Kind.RESPONSE: PAS + "profile-pas-response-bundle",
    Kind.INQUIRY_RESPONSE: PAS + "profile-pas-inquiry-response-bundle",
}
"""The profile of each kind."""

_BY_PROFILE = {profile: kind for kind, profile in PROFILES.items()}


def kind_of(profile: str) -> Kind | None:
    """Return the kind of Bundle that a profile is about."""
    return _BY_PROFILE.get(profile)
