"""Write the figures of answers to billing claims as a MeasureReport, as CSV and as JSON."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any

from app.domain.denials.tally import DenialReport, Dimension, Rate
from app.fhir.instants import instant
from app.reports.canonicals import BILLING_MEASURE, BILLING_METRIC
from app.reports.groups import Json, coded, groups_of, population
from app.reports.write_measure_report import head_of
from app.reports.write_table import COLUMNS, figure_of, row_of

RATES = "denials"
"""The group with the denied lines by dimension."""

_RATE_COLUMNS = ("dimension", "value", "denied", "cut", "lines", "percent")


def write_denial_report(report: DenialReport) -> Json:
    """Return the report as a summary. The group of denials has a stratifier for each dimension."""
    denials = {"code": coded(BILLING_METRIC, RATES, "Denied lines"), "stratifier": list(_stratifiers(report))}
    figures = [group for measured in report.figures for group in groups_of(measured, BILLING_METRIC)]
    return {
        "resourceType": "MeasureReport",
        **head_of(report.span, BILLING_MEASURE),
        "group": [*figures, {name: value for name, value in denials.items() if value}],
    }


def write_denial_csv(report: DenialReport) -> str:
    """Return a row for each figure, and one for each rate."""
    text = StringIO()
    table = csv.writer(text)
    span = report.span
    table.writerow(("payer", "first day", "last day", "as of", "claims", "lines"))
    days = (span.start.isoformat(), span.end.isoformat(), instant(span.as_of))
    table.writerow((span.payer, *days, report.bills, report.lines))
    table.writerow(())
    table.writerow(COLUMNS)
    table.writerows(row_of(measured) for measured in report.figures)
    table.writerows((f"unpaid-{currency}", "Amount not paid", amount) for currency, amount in report.unpaid.items())
    table.writerow(())
    table.writerow(_RATE_COLUMNS)
    table.writerows(_rate(rate) for rate in report.rates)
    return text.getvalue()


def write_denial_json(report: DenialReport) -> dict[str, Any]:
    """Return the figures and the rates as JSON, times in hours."""
    span = report.span
    return {
        "payer": span.payer,
        "period": {"start": span.start, "end": span.end},
        "as-of": instant(span.as_of),
        "claims": report.bills,
        "lines": report.lines,
        "unpaid": report.unpaid,
        "figures": [figure_of(measured) for measured in report.figures],
        "values": report.values,
        "rates": [dict(zip(_RATE_COLUMNS, _rate(rate), strict=True)) for rate in report.rates],
    }


def _stratifiers(report: DenialReport) -> Iterator[Json]:
    for dimension in Dimension:
        strata = [_stratum(rate) for rate in report.rates if rate.dimension is dimension]
        if strata:
            yield {"code": [coded(BILLING_METRIC, dimension)], "stratum": strata}


def _stratum(rate: Rate) -> Json:
    populations = [population("numerator", rate.denied), population("denominator", rate.lines)]
    return {"value": {"text": rate.value}, "population": populations}


def _rate(rate: Rate) -> tuple[Any, ...]:
    share = round(100 * rate.denied / rate.lines, 2) if rate.lines else None
    return rate.dimension, rate.value, rate.denied, rate.cut, rate.lines, share
