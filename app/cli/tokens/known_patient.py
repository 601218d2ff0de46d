"""Look up the Patient of a token or a launch in the server's store."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from app.access.registry import Client
from app.adapters.stores import opened_for_reads
from app.cli.ending import CANNOT_USE, ended
from app.ports import Lookup, StoreUnavailable
from app.records.members import find_member
from app.records.resources import exists
from app.settings import Settings

PatientId = Annotated[str | None, typer.Option(help="Id of the Patient.", show_default=False)]
MemberId = Annotated[
    str | None, typer.Option(help="The patient as a member of a payer.", metavar="PAYER/ID", show_default=False)
]


def check_one(patient: str | None, member: str | None) -> None:
    """Check that one of the two options names the patient."""
    if bool(patient) == bool(member):
        raise typer.BadParameter("must be given without --member; one of the two is needed", param_hint="--patient")


def read_member(text: str) -> tuple[str, str]:
    """Return payer and member id of the option."""
    payer, slash, id_ = text.partition("/")
    if not (payer and slash and id_):
        raise typer.BadParameter("must be a payer and a member id: sample-payer/M001", param_hint="--member")
    return payer, id_


def patient_of(settings: Settings, member: str) -> str:
    """Return the id of the Patient of a member. Ends the command if the store has none."""
    payer, id_ = read_member(member)
    try:
        patient = asyncio.run(_patient_of(settings, payer, id_))
    except (RuntimeError, StoreUnavailable) as unreadable:
        raise ended(f"--member: {unreadable}", CANNOT_USE) from unreadable
    if patient is None:
        raise ended("--member: the store has no Patient of this member. A first request registers one.", CANNOT_USE)
    return patient


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
