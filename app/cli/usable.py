"""Read the settings and the signing keys for a command; end it with a sentence if they cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.cli.ending import CANNOT_START, CANNOT_USE, ended
from app.demo.by_hand import command
from app.safety.refusal import sentence_of
from app.settings import Settings, SettingsRefused, load_settings


def usable_settings(data: Path | None, policy: Path | None = None, store: str | None = None) -> Settings:
    """Read the settings; these options win over variables. Ends the command if one of them cannot be used."""
    try:
        return load_settings(data=data, policy=policy, store=store)
    except SettingsRefused as refused:
        raise ended(str(refused), CANNOT_USE) from refused


@contextmanager
def usable_keys(settings: Settings) -> Iterator[None]:
    """End the command if no server has used the data folder yet, or if its keys cannot be used."""
    try:
        yield
    except FileNotFoundError as missing:
        remedy = (
            f"Make it: {command('init', settings.data)}"
            if settings.environment == "production"
            else f"Start a server first: {command('serve', settings.data)}"
        )
        raise ended(f"The data folder {settings.data} has no signing key. {remedy}", CANNOT_USE) from missing
    except (OSError, RuntimeError) as unusable:
        raise ended(sentence_of(unusable), CANNOT_START) from unusable
