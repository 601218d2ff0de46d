"""Compare a billed line with an authorized item: one file for each attribute, all listed below.

May import: what `domain` may import.
Start with `candidate`, then any attribute, such as `dates`.
"""

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
"""In order of precedence: the first mismatch gives the reason of a denial, and the notes list all mismatches."""

SERVICE_ATTRIBUTES: tuple[Attribute, ...] = (procedure.compare, modifiers.compare, component.compare)
"""The attributes that tell services apart. A denial counts for the service at any place, by any provider."""
