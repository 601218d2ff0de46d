"""The topics that a client can subscribe to: their audience, and the filters of each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from app.codes import BREACHED_TOPIC, DUE_SOON_TOPIC, EXPIRING_TOPIC, PAS_TOPIC, UNITS_LOW_TOPIC


class Audience(StrEnum):
    """The parties of a request that may learn of an event."""

    SUBMITTER = "submitter"
    PAYER = "payer"


class Topic(Struct, frozen=True):
    """The audience of a topic, and the names of its filter."""

    audience: Audience
    filters: tuple[str, ...]


_REMINDER = Topic(Audience.SUBMITTER, ("org-identifier",))
_CLOCK = Topic(Audience.PAYER, ("payer",))

TOPICS: Mapping[str, Topic] = {
    # The text of PAS and its topic resource name the same filter differently.
    PAS_TOPIC: Topic(Audience.SUBMITTER, ("org-identifier", "orgIdentifier")),
    EXPIRING_TOPIC: _REMINDER,
    UNITS_LOW_TOPIC: _REMINDER,
    DUE_SOON_TOPIC: _CLOCK,
    BREACHED_TOPIC: _CLOCK,
}
"""The topics by their canonical URL."""


def payer_owner(payer: str) -> str:
    """Return the owner of an event for the staff of a payer. No organization has this id."""
    return f"payer|{payer}"
