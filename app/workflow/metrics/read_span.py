"""Read the parameters of an operation on figures: the payer, the period, and the state of the log."""

from __future__ import annotations

from datetime import date, datetime

from app.domain.metrics.report import CountedBy, Span
from app.fhir.instants import day, interval, next_moment
from app.fhir.outcome import Fault, FhirError
from app.policy.clocks.clocks import Program
from app.workflow.arguments import Arguments
from app.workflow.call import Call

PERIOD = ("payer", "periodStart", "periodEnd")
SPAN = (*PERIOD, "asOf", "counted-by", "program")
"""The names of the parameters of a period, and those of a report of decisions."""


def read_span(call: Call, given: Arguments) -> Span:
    """Return the requests that the caller asks about. Raises FhirError PARAMETER, and FORBIDDEN for another's payer."""
    start, end = _day(given, "periodStart"), _day(given, "periodEnd")
    if end < start:
        raise FhirError(Fault.PARAMETER, "`periodEnd` must not be before `periodStart`.")
    return Span(_payer(call, given), start, end, _as_of(call, given), _counted_by(given), _program(given))


def _payer(call: Call, given: Arguments) -> str:
    own, payer = sorted(call.grant.payers), given.one("payer")
    if payer is None and len(own) == 1:
        return own[0]
    if payer is None:
        raise FhirError(Fault.PARAMETER, "`payer` must name one of the payers of the caller.")
    if payer not in own:
        raise FhirError(Fault.FORBIDDEN, "`payer` must be a payer that the caller works for.")
    return payer


def _day(given: Arguments, name: str) -> date:
    value = day(given.one(name) or "")
    if value is None:
        raise FhirError(Fault.PARAMETER, f"`{name}` must be a day, such as 2026-01-01.")
    return value


def _as_of(call: Call, given: Arguments) -> datetime:
    """Return the moment before which acts count: just after now, or an earlier one."""
    written, latest = given.one("asOf"), next_moment(call.now, call.now)
    latest = latest.replace(microsecond=latest.microsecond // 1000 * 1000)
    if written is None:
        return latest
    try:
        moment, _ = interval(written)
    except ValueError:
        raise FhirError(Fault.PARAMETER, "`asOf` must be a dateTime, such as 2027-01-31T00:00:00Z.") from None
    return min(moment, latest)


def _counted_by(given: Arguments) -> CountedBy:
    value = given.one("counted-by") or CountedBy.RECEIVED
    if value not in set(CountedBy):
        raise FhirError(Fault.PARAMETER, f"`counted-by` must be {' or '.join(CountedBy)}.")
    return CountedBy(value)


def _program(given: Arguments) -> str | None:
    value = given.one("program")
    if value is not None and value not in set(Program):
        raise FhirError(Fault.PARAMETER, f"`program` must be {', '.join(Program)}.")
    return value
