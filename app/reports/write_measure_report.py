"""Write the figures of decisions as a MeasureReport (http://hl7.org/fhir/R4/measurereport.html)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.codes import COUNTED_BY, COUNTED_PROGRAM, DECISION_MEASURE, DECISION_METRIC, MEASURE_POPULATION, UCUM
from app.domain.metrics.figures import Kind
from app.domain.metrics.report import Measured, Report
from app.fhir.instants import instant

Json = dict[str, Any]

EXCLUDED, LINES = "excluded", "lines"
"""The groups with the requests that do not count, by reason, and with the lines, by result."""

SECONDS_AN_HOUR = 3600


def write_measure_report(report: Report) -> Json:
    """Return the report as a summary. Each group is a figure of the Measure; a share is in percent, a time in hours."""
    span = report.span
    return {
        "resourceType": "MeasureReport",
        "extension": [
            {"url": COUNTED_BY, "valueCode": span.counted_by},
            *([] if span.program is None else [{"url": COUNTED_PROGRAM, "valueCode": span.program}]),
        ],
        "status": "complete",
        "type": "summary",
        "measure": DECISION_MEASURE,
        "date": instant(span.as_of),
        "reporter": {"reference": f"Organization/{span.payer}"},
        "period": {"start": span.start.isoformat(), "end": span.end.isoformat()},
        "group": [
            *(group for measured in report.figures for group in _groups(measured)),
            _counts(EXCLUDED, "Requests that do not count", report.excluded),
            _counts(LINES, "Lines of decided requests", report.lines),
        ],
    }


def hours(seconds: float | None) -> float | None:
    """Return a time in hours with two decimals; a short time is never 0 days."""
    return None if seconds is None else round(seconds / SECONDS_AN_HOUR, 2)


def _groups(measured: Measured) -> Iterator[Json]:
    """Yield the group of a share; for a time, those of its mean and of its median."""
    populations = [_population("denominator", measured.denominator)]
    if measured.kind is Kind.SHARE:
        score = _score(measured.percent, "%", "%")
        shares = [_population("numerator", measured.numerator), *populations]
        yield {"code": _code(measured.key, measured.title), "population": shares, **score}
        return
    for key, name, seconds in (("mean", "mean", measured.mean), ("median", "median", measured.median)):
        score = _score(hours(seconds), "h", "hours")
        yield {"code": _code(f"{measured.key}-{key}", f"{measured.title}, {name}"), "population": populations, **score}


def _counts(key: str, title: str, counts: Mapping[Any, int]) -> Json:
    populations = [{"code": _code(str(name)), "count": count} for name, count in counts.items()]
    return {"code": _code(key, title), "population": populations}


def _population(code: str, count: int) -> Json:
    return {"code": {"coding": [{"system": MEASURE_POPULATION, "code": code}]}, "count": count}


def _score(value: float | None, code: str, unit: str) -> Json:
    if value is None:
        return {}
    return {"measureScore": {"value": value, "unit": unit, "system": UCUM, "code": code}}


def _code(code: str, text: str | None = None) -> Json:
    return {"coding": [{"system": DECISION_METRIC, "code": code}], **({} if text is None else {"text": text})}
