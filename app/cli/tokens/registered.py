"""Look up a registered client in the server's store."""

from __future__ import annotations

import asyncio

import typer

from app.access.registry import Client
from app.adapters.stores import opened_for_reads
from app.cli.ending import CANNOT_USE, ended
from app.ports import StoreUnavailable
from app.records.access.registry import find
from app.registry.people_file import demo_people
from app.settings import Settings


def registered_client(settings: Settings, name: str) -> Client:
    """Return the client, unless it is unknown or disabled. With the store in memory, only the demo's clients exist."""
    try:
        client = asyncio.run(_find(settings, name))
    except (RuntimeError, StoreUnavailable) as unreadable:
        raise ended(f"CLIENT: {unreadable}", CANNOT_USE) from unreadable
    if client is None or client.disabled:
        examples = ", ".join(client.id for client in demo_people().clients)
        raise typer.BadParameter(
            f"must be a registered client that is not disabled. The demo has {examples}. List all: preauth client list",
            param_hint="CLIENT",
        )
    return client


async def _find(settings: Settings, name: str) -> Client | None:
    async with opened_for_reads(settings) as store:
        if store is not None:
            return await find(store, Client, name)
    return next((client for client in demo_people().clients if client.id == name), None)
