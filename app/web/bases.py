"""The FHIR bases: `/fhir` serves the default edition, `/<version>/fhir` each edition by its version."""

from __future__ import annotations

from collections.abc import Mapping

from app.pas.edition import EDITIONS, Edition, base_path

BASES: Mapping[str, Edition] = {
    base_path(next(iter(EDITIONS))): next(iter(EDITIONS.values())),
    **{f"/{version}/fhir": edition for version, edition in EDITIONS.items()},
}
"""The path of each base, and its edition."""
