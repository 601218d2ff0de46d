"""Write the figures of decisions as CSV and as JSON, for the payer's public page."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any

from app.domain.metrics.report import Measured, Report
from app.fhir.instants import instant
from app.policy.listing import ListedRule
from app.reports.groups import hours

COLUMNS = ("figure", "title", "numerator", "denominator", "percent", "mean hours", "median hours")
_LIST_COLUMNS = ("need", "system", "services", "conditions", "rule", "title", "reference", "from", "until")


def write_csv(report: Report) -> str:
    """Return a row for each figure, for each reason of exclusion, and for each result of a line."""
    span = report.span
    text = StringIO()
    table = csv.writer(text)
    table.writerow(("payer", "program", "first day", "last day", "counted by", "as of", "requests", "counted"))
    days = (span.start.isoformat(), span.end.isoformat())
    table.writerow(
        (
            span.payer,
            span.program or "all",
            *days,
            span.counted_by,
            instant(span.as_of),
            report.requests,
            report.counted,
        )
    )
    table.writerow(())
    table.writerow(COLUMNS)
    table.writerows(row_of(measured) for measured in report.figures)
    for name, counts in (("excluded", report.excluded), ("lines", report.lines)):
        table.writerows((f"{name}-{key}", f"{name}: {key}", count, "", "", "", "") for key, count in counts.items())
    return text.getvalue()


def write_list_csv(rules: Iterable[ListedRule]) -> str:
    """Return the services that need an authorization: the first row that fits a service decides it."""
    text = StringIO()
    table = csv.writer(text)
    table.writerow(_LIST_COLUMNS)
    for row in rules:
        words = (row.need, row.system or "all", " ".join(row.services), "; ".join(row.conditions))
        table.writerow((*words, row.rule, row.title, row.reference, row.from_.isoformat(), row.until or ""))
    return text.getvalue()


def write_json(report: Report) -> dict[str, Any]:
    """Return the figures as JSON, times in hours."""
    span = report.span
    return {
        "payer": span.payer,
        "program": span.program or "all",
        "period": {"start": span.start, "end": span.end},
        "counted-by": span.counted_by,
        "as-of": instant(span.as_of),
        "requests": report.requests,
        "counted": report.counted,
        "figures": [figure_of(measured) for measured in report.figures],
        "excluded": report.excluded,
        "lines": report.lines,
    }


def row_of(measured: Measured) -> tuple[Any, ...]:
    """Return the cells of a figure; a cell without a value is empty."""
    counts = (measured.numerator, measured.denominator, measured.percent)
    values = (measured.key, measured.title, *counts, hours(measured.mean), hours(measured.median))
    return tuple("" if value is None else value for value in values)


def figure_of(measured: Measured) -> dict[str, Any]:
    """Return a figure without empty values."""
    values = dict(zip(COLUMNS, row_of(measured), strict=True))
    return {name.replace(" ", "-"): value for name, value in values.items() if value != ""}
