"""The kinds of Bundle that PAS knows, told by their profile."""

from __future__ import annotations

from enum import Enum

from app.codes import PAS


class Kind(Enum):
    """A kind of Bundle: its profile, the type of its first entry's resource, and whether it comes from a provider."""

    REQUEST = ("profile-pas-request-bundle", "Claim")
    INQUIRY = ("profile-pas-inquiry-request-bundle", "Claim")
    RESPONSE = ("profile-pas-response-bundle", "ClaimResponse")
    INQUIRY_RESPONSE = ("profile-pas-inquiry-response-bundle", "ClaimResponse")

    def __init__(self, profile: str, first: str) -> None:
        self.profile = PAS + profile
        self.first = first
        self.asks = first == "Claim"


ELSEWHERE = {"Claim": ("related", "claim"), "ClaimResponse": ("request",)}
"""The references, by an entry's type, that need not lead to an entry: to the Claim of an answer, and to the one before.

What an update itself refers to as the Claim before it has a rule of its own.
"""

_BY_PROFILE = {kind.profile: kind for kind in Kind}


def kind_of(profile: str) -> Kind | None:
    """Return the kind of Bundle that a profile is about."""
    return _BY_PROFILE.get(profile)
