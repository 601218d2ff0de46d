"""Deny a claim line that needs an authorization and matches none."""

from __future__ import annotations

from msgspec.structs import replace

from app.domain.adjudication.desk import Desk
from app.domain.adjudication.numbers import NamedAuthorizations
from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization
from app.domain.authorization_number import well_formed
from app.domain.authorization_types.typed import ADMISSION
from app.domain.billing import BilledLine, LineResult
from app.domain.decision import ReviewAction
from app.domain.line_result import denied
from app.domain.matching.candidate import Candidate
from app.domain.requirement import LATE_REQUEST, LATE_REQUESTS, NOT_COVERED, Requirement


def denied_beforehand(line: BilledLine, named: NamedAuthorizations, desk: Desk) -> LineResult | None:
    """Deny a line whose service the payer denied beforehand; None if it did not.

    The bill names the denied request, or a denial is the only decision on file for the service.
    """
    item = desk.comparisons.only_denied(line, named.all) or desk.comparisons.only_denied(line, desk.on_file)
    return None if item is None else _denied_as_decided(line, item, desk)


def denies(authorization: Authorization) -> bool:
    """Return whether an item was denied, so that `denied_beforehand` may deny a line because of it."""
    return any(item.decision.action is ReviewAction.NOT_CERTIFIED for item in authorization.items)


def deny(line: BilledLine, numbers: tuple[str, ...], named: NamedAuthorizations, desk: Desk) -> LineResult:
    """Deny a line whose numbers are unknown or malformed, or name authorizations for something else."""
    approved = desk.comparisons.exact(line, named.by_reference)
    if approved:
        number = f"Authorization number: {approved[0].authorization.numbers[0]}."
        reason = desk.reason(AdjustmentKey.NUMBER_OF_REQUEST)
        return denied(line, reason, notes=[number], linked=approved[0].link)
    nearest = desk.comparisons.closest(line, named.all)
    if nearest is None:
        return denied(line, desk.reason(_why_not_found(numbers)))
    if _is_undecided(nearest) and desk.facts.terms.pending == "pend":
        return pended(line, nearest, desk)
    return denied(line, desk.reason(nearest.mismatches[0].reason_key), nearest.mismatches)


def deny_unnumbered(line: BilledLine, requirement: Requirement, desk: Desk) -> LineResult:
    """Deny a line without a number. If no rule decided it, the notes say what the rules could not find in the claim."""
    notes = [] if requirement.rule else [f"The line has no {fact}." for fact in requirement.unknown]
    usable = desk.usable(line)
    if usable is not None:
        return _number_omitted(line, usable, notes, desk)
    nearest = desk.comparisons.closest(line, desk.on_file)
    if nearest is None or not _is_undecided(nearest):
        return denied(line, desk.reason(AdjustmentKey.NUMBER_NONE_ON_FILE), notes=notes)
    if desk.facts.terms.pending == "pend":
        return pended(line, nearest, desk)
    return denied(line, desk.reason(AdjustmentKey.REQUEST_PENDING), notes=notes)


def _number_omitted(line: BilledLine, usable: Candidate, notes: list[str], desk: Desk) -> LineResult:
    """Deny a line that omits its number. A party that previews its claim learns the number to use."""
    link = usable.link if desk.claim.dry_run else None
    number = [] if link is None else [f"Authorization number: {link.number}."]
    return denied(line, desk.reason(AdjustmentKey.NUMBER_OMITTED), notes=[*notes, *number], linked=link)


def _denied_as_decided(line: BilledLine, item: Candidate, desk: Desk) -> LineResult:
    decision, criterion = item.item.decision, item.item.decision.criterion
    reason = decision.reason
    under = "" if criterion is None else f" under: {criterion.title} ({criterion.reference})"
    notes = [f"Decided on {decision.decided}{under}, in ClaimResponse/{item.authorization.id}."]
    if reason is not None:
        notes.append(reason.text)
    until = None if decision.appeal is None else decision.appeal.until
    return denied(line, desk.reason(_why_denied(item)), notes=notes, linked=item.link, until=until)


def _why_denied(item: Candidate) -> AdjustmentKey:
    decision = item.item.decision
    key = None if decision.reason is None else decision.reason.key
    if key == NOT_COVERED:
        return AdjustmentKey.SERVICE_EXCLUDED
    if key == LATE_REQUEST or decision.rule == LATE_REQUESTS:
        admission = item.item.requested.request_type == ADMISSION
        return AdjustmentKey.ADMISSION_LATE if admission else AdjustmentKey.REQUEST_LATE
    return AdjustmentKey.REQUEST_DENIED


def pended(line: BilledLine, candidate: Candidate, desk: Desk) -> LineResult:
    """Let a line wait for the decision on its request. It draws no units until then."""
    result = denied(line, desk.reason(AdjustmentKey.REQUEST_AWAITED), linked=candidate.link)
    return replace(result, waits_for=candidate.authorization.id)


def _is_undecided(candidate: Candidate) -> bool:
    """Return whether only the decision on its request keeps a line from a candidate."""
    return [mismatch.reason_key for mismatch in candidate.mismatches] == [AdjustmentKey.REQUEST_PENDING]


def _why_not_found(numbers: tuple[str, ...]) -> AdjustmentKey:
    return AdjustmentKey.NUMBER_UNKNOWN if any(map(well_formed, numbers)) else AdjustmentKey.NUMBER_MALFORMED
