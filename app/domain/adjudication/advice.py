"""Tell the biller what to do about a line that is not paid in full: the authorization, the units left, the last day."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from app.domain.adjudication.desk import Desk
from app.domain.adjudication.numbers import NamedAuthorizations
from app.domain.adjustment_key import AdjustmentKey, NextAction
from app.domain.billing import Advice, BilledLine, LineResult
from app.domain.line_result import plain
from app.domain.matching.candidate import Candidate
from app.domain.span import shifted

_LAST_DAYS = {
    NextAction.APPEAL: "The last day to appeal is {}.",
    NextAction.RESUBMIT: "The last day to send the claim again is {}.",
    NextAction.RETRO_REQUEST: "The last day of a late request is {}.",
}


def advised(result: LineResult, line: BilledLine, named: NamedAuthorizations, desk: Desk) -> LineResult:
    """Complete the answer to a line with its advice.

    A denied line is linked to the named authorization that is closest to it, so that a search by number finds it. The
    biller is a party of every authorization here.
    """
    advice = result.advice
    if advice is None:
        return result
    nearest = _nearest(result, line, named, desk)
    linked = result.linked
    if linked is None and nearest is not None and not result.paid:
        linked = nearest.link
    if nearest is not None and nearest.link == linked and nearest.item.granted is not None:
        advice = replace(advice, units_left=desk.books.left(nearest))
    advice = _dated(advice, line, desk)
    return replace(result, linked=linked, advice=advice, notes=(*result.notes, *_notes(advice)))


def _nearest(result: LineResult, line: BilledLine, named: NamedAuthorizations, desk: Desk) -> Candidate | None:
    """Return the named item that is closest to a line, or the item on file whose number the line omits."""
    if result.reason is not None and result.reason.key == AdjustmentKey.NUMBER_OMITTED:
        return desk.usable(line)
    return desk.comparisons.closest(line, named.all)


def _dated(advice: Advice, line: BilledLine, desk: Desk) -> Advice:
    """Add the last day of the action, by the payer's terms. A late request that would be too late is an appeal."""
    terms, received = desk.facts.terms, desk.facts.received
    start, end = _days(line)
    if advice.action is NextAction.RESUBMIT and terms.filing is not None and end is not None:
        return replace(advice, until=terms.filing.until(end, secondary=desk.claim.earlier_payers.number > 0))
    if advice.action is NextAction.RETRO_REQUEST and terms.late_requests is not None and start is not None:
        until = shifted(start, terms.late_requests.days)
        if until >= received:
            return replace(advice, until=until)
        advice = replace(advice, action=NextAction.APPEAL)
    if advice.action is NextAction.APPEAL and advice.until is None and terms.appeal is not None:
        return replace(advice, until=terms.appeal.right(received).until)
    return advice


def _days(line: BilledLine) -> tuple[date | None, date | None]:
    return (None, None) if line.serviced is None else (line.serviced.start, line.serviced.end)


def _notes(advice: Advice) -> list[str]:
    units = [] if advice.units_left is None else [f"Units left in the authorization: {plain(advice.units_left)}."]
    last_day = _LAST_DAYS.get(advice.action)
    return [*units, *([last_day.format(advice.until)] if last_day and advice.until else [])]
