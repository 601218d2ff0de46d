"""Look up the Patient of a patient's token in the server's store."""

from __future__ import annotations

import asyncio

import typer

from app.access.registry import Client
from app.adapters.stores import opened_for_reads
from app.cli.ending import CANNOT_USE, ended
from app.ports import Lookup, StoreUnavailable
from app.records.members import find_member
from app.records.resources import exists
from app.settings import Settings


def check_patient(settings: Settings, patient: str) -> None:
    """Refuse a Patient that the store does not have; warn if the store is in another process's memory."""
    try:
        exists = asyncio.run(_exists(settings, patient))
    except (RuntimeError, StoreUnavailable) as unreadable:
        raise ended(f"--patient: {unreadable}", CANNOT_USE) from unreadable
    if exists is None:
        typer.echo("Warning: the Patient was not checked, because the store is in the server's memory.", err=True)
    elif not exists:
        raise ended("--patient: the store has no Patient with this id.", CANNOT_USE)


def member_patient(settings: Settings, client: Client) -> str | None:
    """Return the id of the Patient with the client's member id; None if the store has none or cannot be read."""
    if client.member is None:
        return None
    try:
        return asyncio.run(_patient_of(settings, *client.member))
    except (RuntimeError, StoreUnavailable):
        return None


async def _exists(settings: Settings, patient: str) -> bool | None:
    async with opened_for_reads(settings) as store:
        return None if store is None else await exists(store, "Patient", patient)


async def _patient_of(settings: Settings, payer: str, member_id: str) -> str | None:
    async with opened_for_reads(settings) as store:
        return None if store is None else await _registered(store, payer, member_id)


async def _registered(store: Lookup, payer: str, member_id: str) -> str | None:
    member = await find_member(store, payer, member_id)
    return None if member is None else member.record.patient
