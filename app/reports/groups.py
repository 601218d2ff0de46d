"""Write a figure as groups of a MeasureReport."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.codes import UCUM
from app.domain.metrics.figures import Kind
from app.domain.metrics.report import Measured
from app.reports.canonicals import MEASURE_POPULATION

Json = dict[str, Any]

_SECONDS_AN_HOUR = 3600


def groups_of(measured: Measured, system: str) -> Iterator[Json]:
    """Yield the group of a share, with a code of the system; for a time, those of its mean and of its median."""
    populations = [population("denominator", measured.denominator)]
    if measured.kind is Kind.SHARE:
        shares = [population("numerator", measured.numerator), *populations]
        score = _score(measured.percent, "%", "%")
        yield {"code": coded(system, measured.key, measured.title), "population": shares, **score}
        return
    for name, seconds in (("mean", measured.mean), ("median", measured.median)):
        code = coded(system, f"{measured.key}-{name}", f"{measured.title}, {name}")
        yield {"code": code, "population": populations, **_score(hours(seconds), "h", "hours")}


def population(code: str, count: int) -> Json:
    """Return the count of a population of HL7's code system."""
    return {"code": {"coding": [{"system": MEASURE_POPULATION, "code": code}]}, "count": count}


def coded(system: str, code: str, text: str | None = None) -> Json:
    """Return a concept with one code."""
    return {"coding": [{"system": system, "code": code}], **({} if text is None else {"text": text})}


def hours(seconds: float | None) -> float | None:
    """Return a time in hours with two decimals; a short time is never 0 days."""
    return None if seconds is None else round(seconds / _SECONDS_AN_HOUR, 2)


def _score(value: float | None, code: str, unit: str) -> Json:
    if value is None:
        return {}
    return {"measureScore": {"value": value, "unit": unit, "system": UCUM, "code": code}}
