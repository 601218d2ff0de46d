"""Answer a billing claim: first the edits of the whole claim, then each line in order."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from app.domain.adjudication.advice import advised
from app.domain.adjudication.auto_link import linked_by_policy
from app.domain.adjudication.date_split import split_by_date
from app.domain.adjudication.denial import denied_beforehand, deny, deny_unnumbered
from app.domain.adjudication.desk import Desk, desk_for
from app.domain.adjudication.draw import draw_on
from app.domain.adjudication.earlier_payers import less_earlier_payments
from app.domain.adjudication.edits import edited, repeated
from app.domain.adjudication.facts import BillingFacts
from app.domain.adjudication.numbers import NamedAuthorizations, named_authorizations
from app.domain.adjudication.pay_down import paid_down
from app.domain.adjudication.plan import by_contract, emergency, is_exception, not_emergent, outside_network
from app.domain.adjudication.referral import record_visits, referred, with_referral
from app.domain.adjustment_key import AdjustmentKey
from app.domain.billing import Adjudication, BilledLine, BillingClaim, LineResult
from app.domain.line_result import denied, paid
from app.domain.matching.candidate import Candidate
from app.domain.parts.line_plan import LinePlan
from app.domain.requirement import Need, Requirement

NUMBER_NOT_NEEDED = (
    "This service needs no authorization. The authorization number was not used, and no units were drawn."
)

EXEMPT = "The provider is exempt from authorization: {}"


def adjudicate(claim: BillingClaim, facts: BillingFacts) -> Adjudication:
    """Answer a claim line by line, or deny all lines if the payer or the member is unknown.

    A line cannot draw the units that earlier lines of the claim have drawn. The stored authorizations do not change
    here: `ledger.post` applies the draws of the answer.
    """
    if not facts.payer_known:
        return _deny_whole(claim, facts, AdjustmentKey.PAYER_UNKNOWN)
    if facts.patient is None:
        return _deny_whole(claim, facts, AdjustmentKey.MEMBER_UNKNOWN)
    desk = desk_for(claim, facts)
    results = dict(facts.kept)
    for line in claim.lines:
        if line.number in results:
            _record(line, results[line.number], desk)
    for line in claim.lines:
        if line.number not in results:
            results[line.number] = result = _adjudicate_line(line, desk)
            for draw in result.draws:
                desk.books.take((draw.authorization, draw.item), draw.portions)
            _record(line, result, desk)
    lines = [results[line.number] for line in claim.lines]
    numbers = {draw.number for result in lines for draw in result.draws}
    return Adjudication(tuple(lines), numbers.pop() if len(numbers) == 1 else None)


def _record(line: BilledLine, result: LineResult, desk: Desk) -> None:
    """Record what other lines of the claim depend on: the service and the visits of a paid line, and what others paid.

    An answer that is kept counts before all others, because the claim has it already.
    """
    if result.paid:
        desk.repeats.take(line)
        desk.payments.take(line, result)
        record_visits(line, result, desk)


def _deny_whole(claim: BillingClaim, facts: BillingFacts, key: AdjustmentKey) -> Adjudication:
    denials = ((line, denied(line, facts.reasons[key])) for line in claim.lines)
    return Adjudication(tuple(by_contract(denial, facts.plan(line).contract) for line, denial in denials))


def _adjudicate_line(line: BilledLine, desk: Desk) -> LineResult:
    """Answer a line. A service that another biller was paid for is denied only if it would be paid.

    So a denial for a reason of its own reveals no other biller's claim.
    """
    plan = desk.facts.plan(line)
    named = named_authorizations(desk.numbers(line), desk.claim, desk.facts)
    result = edited(line, desk) or outside_network(line, plan, named, desk) or _by_plan(line, plan, named, desk)
    earlier = desk.repeats.earlier(line)
    if result.paid and earlier is not None:
        result = repeated(line, earlier, desk)
    result = less_earlier_payments(result, line, desk.payments, desk.reason(AdjustmentKey.PRIMARY_PAYMENT))
    return advised(by_contract(result, plan.contract), line, named, desk)


def _by_plan(line: BilledLine, plan: LinePlan, named: NamedAuthorizations, desk: Desk) -> LineResult:
    """Ask for the referral of a line that needs one, and then for its authorization."""
    referral = referred(line, plan, named, desk)
    if referral.denial is not None:
        return referral.denial
    return with_referral(_by_authorization(line, plan, named, desk), referral)


def _by_authorization(line: BilledLine, plan: LinePlan, named: NamedAuthorizations, desk: Desk) -> LineResult:
    """Draw on a number that fits, also if none was needed.

    Without such a number, the payer's decision on the service counts, and then its rules.
    """
    matching = desk.comparisons.exact(line, named.by_number)
    drawn = draw_on(matching, line, desk) if matching else split_by_date(line, named.by_number, desk)
    if drawn is not None:
        drawn = _with_tolerances(drawn, line, matching, desk)
        if drawn.reason is None:
            return drawn
    denial = denied_beforehand(line, named, desk) or not_emergent(line, plan, desk) if drawn is None else None
    return denial or _by_rules(line, plan, named, drawn, desk)


def _by_rules(
    line: BilledLine, plan: LinePlan, named: NamedAuthorizations, drawn: LineResult | None, desk: Desk
) -> LineResult:
    """Pay a line that needs no authorization, or deny it. `drawn` is the part that its authorization pays."""
    numbers = tuple(number for number in desk.numbers(line) if not desk.names_referral(number))
    requirement = desk.facts.requirement(line)
    if requirement.need is Need.NOT_REQUIRED and not is_exception(plan):
        exempt = (EXEMPT.format(requirement.criterion),) if requirement.exempt else ()
        return paid(line, notes=(*exempt, *((NUMBER_NOT_NEEDED,) if numbers else ())))
    unnumbered = emergency(line, plan) if requirement.need is Need.REQUIRED else None
    answer = unnumbered or drawn
    if answer is not None:
        return answer
    if requirement.need is Need.EXCLUDED:
        return _excluded(line, requirement, desk)
    if numbers:
        return paid_down(line, named, desk) or deny(line, numbers, named, desk)
    return _linked_by_policy(line, desk) or deny_unnumbered(line, requirement, desk)


def _linked_by_policy(line: BilledLine, desk: Desk) -> LineResult | None:
    linked = linked_by_policy(line, desk)
    matching = desk.comparisons.exact(line, desk.on_file)
    return None if linked is None else _with_tolerances(linked, line, matching, desk)


def _with_tolerances(result: LineResult, line: BilledLine, matching: Sequence[Candidate], desk: Desk) -> LineResult:
    """Note the differences that the payer accepts between the line and the items that pay it."""
    drawn = {(draw.authorization, draw.item) for draw in result.draws}
    paying = (candidate for candidate in matching if candidate.key in drawn)
    accepted = (each.sentence for candidate in paying for each in desk.comparisons.tolerated(line, candidate))
    return replace(result, notes=tuple(dict.fromkeys((*result.notes, *accepted))))


def _excluded(line: BilledLine, requirement: Requirement, desk: Desk) -> LineResult:
    """Deny a line that the plan does not cover, and name the rule."""
    result = denied(line, desk.reason(AdjustmentKey.SERVICE_EXCLUDED))
    return replace(result, notes=(*result.notes, requirement.criterion))
