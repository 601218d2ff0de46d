"""List the kinds of PAS Bundles by profile."""

from __future__ import annotations

from enum import Enum

from app.codes import PAS


class Kind(Enum):
    """A kind of Bundle: its profile, the type of the first entry, and whether a provider sends it."""

    REQUEST = ("profile-pas-request-bundle", "Claim")
    INQUIRY = ("profile-pas-inquiry-request-bundle", "Claim")
    RESPONSE = ("profile-pas-response-bundle", "ClaimResponse")
    INQUIRY_RESPONSE = ("profile-pas-inquiry-response-bundle", "ClaimResponse")

    def __init__(self, profile: str, first: str) -> None:
        self.profile = PAS + profile
        self.first = first
        self.is_from_provider = first == "Claim"


MAY_LEAVE_BUNDLE = {"Claim": ("related", "claim"), "ClaimResponse": ("request",)}
"""ClaimResponse.request and Claim.related.claim may point outside the Bundle.

An update has its own rule for `Claim.related.claim` (spec-65).
"""

_BY_PROFILE = {kind.profile: kind for kind in Kind}


def kind_of(profile: str) -> Kind | None:
    """Return the kind of Bundle that a profile describes, if any."""
    return _BY_PROFILE.get(profile)
