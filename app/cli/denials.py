"""`preauth denials`: the answers to a payer's billing claims, counted by cause from the records of a store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated

import typer

from app.adapters.clock import system_clock
from app.cli.metrics import Format
from app.cli.options import DataFolder, Store
from app.cli.registry.store import in_store, settings_of
from app.cli.served_payer import Payer, check_served
from app.domain.denials.tally import DenialReport
from app.domain.metrics.report import Span
from app.fhir.json import write
from app.ports import Documents
from app.reports.write_denials import write_denial_csv, write_denial_json, write_denial_report
from app.workflow.metrics.count_bills import bill_tally

_WRITERS: Mapping[Format, Callable[[DenialReport], str]] = {
    Format.CSV: write_denial_csv,
    Format.JSON: lambda report: write(write_denial_json(report)),
    Format.FHIR: lambda report: write(write_denial_report(report)),
}
_DAY = ["%Y-%m-%d"]

Day = Annotated[datetime, typer.Argument(help="A day, in UTC.", formats=_DAY, show_default=False)]


def denials(
    payer: Payer,
    first: Day,
    last: Day,
    *,
    form: Annotated[Format, typer.Option("--format", help="csv, json, or fhir: a MeasureReport.")] = Format.CSV,
    data: DataFolder = None,
    store: Store = None,
) -> None:
    """Count the answers to the billing claims of a payer, by cause, as they are now.

    It works beside a running server. Exit codes: 2 if the days are not in order or the store has no such payer; 2 or 3
    if it cannot be used.

    Example: preauth denials sample-payer 2026-01-01 2026-03-31 --format json --data /var/lib/preauth
    """
    if last < first:
        raise typer.BadParameter("must not be before the first day", param_hint="LAST")
    settings = settings_of(data, store)
    span = Span(payer, first.date(), last.date(), system_clock(settings).now())
    report = in_store(settings, lambda documents: _counted(documents, span))
    typer.echo(_WRITERS[form](report).rstrip("\n"))


async def _counted(documents: Documents, span: Span) -> DenialReport:
    await check_served(documents, span.payer)
    return (await bill_tally(documents, span, UTC)).report()
