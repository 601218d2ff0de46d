"""The topics that a client can subscribe to, and the filters of each."""

from __future__ import annotations

from collections.abc import Mapping

from app.codes import EXPIRING_TOPIC, PAS_TOPIC, UNITS_LOW_TOPIC

TOPICS: Mapping[str, tuple[str, ...]] = {
    PAS_TOPIC: ("org-identifier", "orgIdentifier"),
    EXPIRING_TOPIC: ("org-identifier",),
    UNITS_LOW_TOPIC: ("org-identifier",),
}
"""By topic, the names of its filter. The text of PAS and its topic resource name the same filter differently."""
