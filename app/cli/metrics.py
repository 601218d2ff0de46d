"""`preauth metrics`: the public metrics of a payer's decisions, from the log of a store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated

import typer

from app.adapters.clock import system_clock
from app.cli.options import DataFolder, Store
from app.cli.registry.store import in_store, settings_of
from app.cli.served_payer import Payer, check_served
from app.domain.metrics.report import CountedBy, Report, Span
from app.fhir.json import write
from app.policy.clocks.clocks import Program
from app.ports import Documents
from app.reports.write_measure_report import write_measure_report
from app.reports.write_table import write_csv, write_json
from app.workflow.metrics.count import tally_of


class Format(StrEnum):
    """The form of the report."""

    CSV = "csv"
    JSON = "json"
    FHIR = "fhir"


_WRITERS: Mapping[Format, Callable[[Report], str]] = {
    Format.CSV: write_csv,
    Format.JSON: lambda report: write(write_json(report)),
    Format.FHIR: lambda report: write(write_measure_report(report)),
}


def metrics(
    payer: Payer,
    year: Annotated[
        int,
        typer.Argument(help="A year of the payer's calendar.", min=2000, max=9998, show_default=False, metavar="YEAR"),
    ],
    *,
    form: Annotated[Format, typer.Option("--format", help="csv, json, or fhir: a MeasureReport.")] = Format.CSV,
    counted_by: Annotated[
        CountedBy, typer.Option(help="The day that puts a request into the year.")
    ] = CountedBy.RECEIVED,
    program: Annotated[
        Program | None, typer.Option(help="Only requests of members of this program.", show_default="all")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(help="Acts from this moment on do not count, in UTC.", show_default="now")
    ] = None,
    data: DataFolder = None,
    store: Store = None,
) -> None:
    """Count the decisions of a payer in a year: the public metrics of 42 CFR 422.122(c), due by March 31.

    It works beside a running server. Exit codes: 2 if the store has no such payer; 2 or 3 if it cannot be used.

    Example: preauth metrics sample-payer 2026 --format json --data /var/lib/preauth
    """
    settings = settings_of(data, store)
    moment = system_clock(settings).now() if as_of is None else as_of.replace(tzinfo=UTC)
    span = Span(payer, date(year, 1, 1), date(year, 12, 31), moment, counted_by, program)
    report = in_store(settings, lambda documents: _counted(documents, span))
    typer.echo(_WRITERS[form](report).rstrip("\n"))


async def _counted(documents: Documents, span: Span) -> Report:
    await check_served(documents, span.payer)
    return (await tally_of(documents, span)).report()
