"""The FHIR bases: `/fhir` speaks the default edition, `/<version>/fhir` each edition by name."""

from __future__ import annotations

from collections.abc import Mapping

from app.pas.edition import EDITIONS, Edition

BASES: Mapping[str, Edition] = {
    "/fhir": next(iter(EDITIONS.values())),
    **{f"/{version}/fhir": edition for version, edition in EDITIONS.items()},
}
"""What an address begins with, and the edition that is spoken there."""
