"""Refuse to start with unsafe settings; name every one at once."""

from __future__ import annotations

from collections.abc import Iterable

from app.safety.binding import check_address
from app.safety.check import Check, Status
from app.safety.data_folder import check_mode
from app.safety.production import check_production
from app.settings import Settings, SettingsRefused


def check_settings(settings: Settings) -> tuple[Check, ...]:
    """Return the checks of all settings whose safety depends on the mode: demo or production."""
    mode = check_mode(settings.data, settings.environment)
    return (mode, *(check_production(settings) if settings.environment == "production" else [check_address(settings)]))


def refuse_unsafe(settings: Settings) -> None:
    """Raise SettingsRefused, with a line for each failed check, if a server must not start with these settings."""
    if refusals := sentences_of_failures(check_settings(settings)):
        raise SettingsRefused("\n".join(refusals))


def sentences_of_failures(checks: Iterable[Check]) -> list[str]:
    """Return the sentences of the failed checks."""
    return [check.sentence for check in checks if check.status is Status.FAIL]
