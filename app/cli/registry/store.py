"""Open the server's store for a command, also while a server runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from app.adapters.stores import open_store
from app.cli.ending import CANNOT_START, CANNOT_USE, ended
from app.cli.usable import usable_settings
from app.ports import Documents, StoreUnavailable
from app.records.installation.mode import claim_store
from app.records.kinds import TERM_TABLE
from app.safety.data_folder import claim_folder
from app.safety.refusal import sentence_of
from app.settings import Settings

Result = TypeVar("Result")


class Refused(Exception):  # noqa: N818 - named for the event
    """A command must not do what it was called for; the text has a sentence a line, each with its remedy."""


def settings_of(data: Path | None, store: str | None) -> Settings:
    """Read the settings; end the command if they cannot be used, or if only the server can reach the store."""
    settings = usable_settings(data, store=store)
    if settings.store == "memory":
        raise ended("PREAUTH_STORE must not be memory: another process cannot reach that store.", CANNOT_USE)
    return settings


def in_store(settings: Settings, work: Callable[[Documents], Awaitable[Result]]) -> Result:
    """Return what `work` returns for the open store; end the command with a sentence if it refuses or fails."""
    try:
        return asyncio.run(_in_store(settings, work))
    except Refused as refused:
        raise ended(str(refused), CANNOT_USE) from refused
    except StoreUnavailable as outage:
        raise ended(f"The store cannot be used: {outage}.", CANNOT_START) from outage
    except (RuntimeError, OSError) as failed:
        raise ended(sentence_of(failed), CANNOT_START) from failed


async def _in_store(settings: Settings, work: Callable[[Documents], Awaitable[Result]]) -> Result:
    claim_folder(settings.data, settings.environment)
    documents = open_store(settings)
    try:
        await documents.start(TERM_TABLE)
        await claim_store(documents, demo=settings.environment == "demo")
        return await work(documents)
    finally:
        await documents.close()
