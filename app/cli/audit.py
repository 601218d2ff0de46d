"""`preauth audit`: verify the audit log, and count the patients whose data went to their apps, and late decisions."""

from __future__ import annotations

from typing import Annotated

import typer

from app.adapters.clock import system_clock
from app.audit.chain import Link
from app.audit.usage import Usage
from app.cli.options import DataFolder, Store
from app.cli.registry.store import in_store, settings_of
from app.cli.served_payer import Payer, check_served
from app.ports import Documents
from app.workflow.audit.timeliness import Timeliness, timeliness_of
from app.workflow.audit.usage import usage_of
from app.workflow.audit.verify import verify_chain

app = typer.Typer(name="audit", help="Verify the audit log, and count its usage figures.", no_args_is_help=True)

Year = Annotated[
    int, typer.Argument(help="A calendar year, in UTC.", min=2000, max=9998, show_default=False, metavar="YEAR")
]

_DIGITS = 64


@app.command()
def verify(
    *,
    data: DataFolder = None,
    store: Store = None,
    head: Annotated[
        str | None, typer.Option(help="A seal from the server's log, NUMBER:DIGEST, that must still be there.")
    ] = None,
) -> None:
    """Check that no AuditEvent was removed or changed. It works beside a running server.

    Exit codes: 0 if the log is whole, 1 with a line for each fault, 2 or 3 if the store cannot be used.

    Example: preauth audit verify --data /var/lib/preauth
    """
    noted = None if head is None else _link(head)
    settings = settings_of(data, store)
    now = system_clock(settings).now()
    faults = in_store(settings, lambda documents: verify_chain(documents, now, noted))
    for fault in faults:
        typer.echo(fault.sentence)
    if faults:
        raise typer.Exit(1)
    typer.echo("The audit log is whole.")


@app.command()
def usage(payer: Payer, year: Year, *, data: DataFolder = None, store: Store = None) -> None:
    """Count the patients whose data went to apps of their choice (42 CFR 422.119, reported by March 31).

    Exit codes: 2 if the store has no such payer; 2 or 3 if the store cannot be used.

    Example: preauth audit usage sample-payer 2026 --data /var/lib/preauth
    """
    figures = in_store(settings_of(data, store), lambda documents: _usage(documents, payer, year))
    typer.echo(f"patients with a transfer to an app: {figures.patients}")
    typer.echo(f"patients with more than one transfer: {figures.more_than_once}")
    typer.echo(f"patients with more than one app: {figures.more_than_one_app}")


@app.command()
def decisions(payer: Payer, year: Year, *, data: DataFolder = None, store: Store = None) -> None:
    """Count the items that the payer has decided, and those that it has decided late.

    Exit codes: 2 if the store has no such payer; 2 or 3 if the store cannot be used.

    Example: preauth audit decisions sample-payer 2026 --data /var/lib/preauth
    """
    figures = in_store(settings_of(data, store), lambda documents: _decisions(documents, payer, year))
    typer.echo(f"items decided: {figures.decided}")
    typer.echo(f"items decided late: {figures.late}")
    typer.echo(f"times that ended before the decision: {figures.breached}")


async def _usage(documents: Documents, payer: str, year: int) -> Usage:
    await check_served(documents, payer)
    return await usage_of(documents, payer, year)


async def _decisions(documents: Documents, payer: str, year: int) -> Timeliness:
    await check_served(documents, payer)
    return await timeliness_of(documents, payer, year)


def _link(text: str) -> Link:
    number, _, digest = text.partition(":")
    if not number.isdecimal() or len(digest) != _DIGITS:
        raise typer.BadParameter("must be the number of a seal, a colon and its digest", param_hint="--head")
    return Link(int(number), digest)
