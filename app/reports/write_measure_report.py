"""Write the figures of decisions as a MeasureReport (http://hl7.org/fhir/R4/measurereport.html)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.metrics.report import Report, Span
from app.fhir.instants import instant
from app.reports.canonicals import COUNTED_BY, COUNTED_PROGRAM, DECISION_MEASURE, DECISION_METRIC
from app.reports.groups import Json, coded, groups_of

EXCLUDED, LINES = "excluded", "lines"
"""The groups with the requests that do not count, by reason, and with the lines, by result."""


def write_measure_report(report: Report) -> Json:
    """Return the report as a summary. Each group is a figure of the Measure; a share is in percent, a time in hours."""
    program = report.span.program
    return {
        "resourceType": "MeasureReport",
        "extension": [
            {"url": COUNTED_BY, "valueCode": report.span.counted_by},
            *([] if program is None else [{"url": COUNTED_PROGRAM, "valueCode": program}]),
        ],
        **head_of(report.span, DECISION_MEASURE),
        "group": [
            *(group for measured in report.figures for group in groups_of(measured, DECISION_METRIC)),
            _counts(EXCLUDED, "Requests that do not count", report.excluded),
            _counts(LINES, "Lines of decided requests", report.lines),
        ],
    }


def head_of(span: Span, measure: str) -> Json:
    """Return the elements that say whose report it is, and of which time."""
    return {
        "status": "complete",
        "type": "summary",
        "measure": measure,
        "date": instant(span.as_of),
        "reporter": {"reference": f"Organization/{span.payer}"},
        "period": {"start": span.start.isoformat(), "end": span.end.isoformat()},
    }


def _counts(key: str, title: str, counts: Mapping[Any, int]) -> Json:
    populations = [{"code": coded(DECISION_METRIC, str(name)), "count": count} for name, count in counts.items()]
    return {"code": coded(DECISION_METRIC, key, title), "population": populations}
