"""How a billed line is compared with an authorized item: one file an attribute, all of them listed here."""

from __future__ import annotations

from app.domain.matching import (
    billing_provider,
    component,
    dates,
    modifiers,
    place,
    procedure,
    rendering_provider,
    status,
    units,
)
from app.domain.matching.mismatch import Attribute

ATTRIBUTES: tuple[Attribute, ...] = (
    status.compare,
    procedure.compare,
    modifiers.compare,
    component.compare,
    rendering_provider.compare,
    billing_provider.compare,
    place.compare,
    dates.compare,
    units.compare,
)
"""In order of precedence: of several mismatches the first is the reason, and the others are told in notes."""
