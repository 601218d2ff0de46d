"""Run every check of an installation, in the order of a start."""

from __future__ import annotations

from app.doctor.clock import check_time_url
from app.doctor.files import check_disk, check_files
from app.doctor.issuers import check_issuers
from app.doctor.parts import check_parts
from app.doctor.store import check_store
from app.safety.check import Check
from app.safety.start import check_settings
from app.settings import Settings


async def examine(settings: Settings) -> tuple[Check, ...]:
    """Return the checks of the settings, the data folder, the policies, the store and the clock."""
    return (
        *check_settings(settings),
        *check_files(settings),
        *check_parts(settings),
        *await check_issuers(settings),
        check_disk(settings),
        *await check_store(settings),
        *await check_time_url(settings),
    )
