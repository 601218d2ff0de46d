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


_BY_PROFILE = {
    PAS + "profile-pas-request-bundle": Kind.REQUEST,
    PAS + "profile-pas-inquiry-request-bundle": Kind.INQUIRY,
    PAS + "profile-pas-response-bundle": Kind.RESPONSE,
    PAS + "profile-pas-inquiry-response-bundle": Kind.INQUIRY_RESPONSE,
}


def kind_of(profile: str) -> Kind | None:
    """Return the kind of Bundle that a profile is about."""
    return _BY_PROFILE.get(profile)
