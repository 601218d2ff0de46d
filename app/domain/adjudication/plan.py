"""Answer a claim line by the payer's plan: network, emergencies, and who pays by contract."""

from __future__ import annotations

from msgspec.structs import replace

from app.domain.adjudication.desk import Desk
from app.domain.adjudication.numbers import NamedAuthorizations
from app.domain.adjustment_key import AdjustmentKey
from app.domain.billing import AdjudicationReason, BilledLine, LineResult
from app.domain.line_result import denied, paid
from app.domain.parts.group_codes import lawful_group
from app.domain.parts.line_plan import ContractTerms, Emergency, LinePlan

NO_SURPRISES = "N864"
"""The alert that the No Surprises Act protects the patient: an emergency outside the network."""

_PAID_WITHOUT_NUMBER = "An emergency needs no authorization number: {}"


def outside_network(line: BilledLine, plan: LinePlan, named: NamedAuthorizations, desk: Desk) -> LineResult | None:
    """Deny a line outside the plan's network, unless it is an emergency or its authorization is an exception."""
    outside = plan.outside
    if outside is None or plan.emergency is Emergency.YES:
        return None
    granted = (candidate.item.decision.granted for candidate in desk.comparisons.exact(line, named.by_number))
    if any(grant is not None and grant.network_exception for grant in granted):
        return None
    reason = desk.reason(outside.key)
    return denied(line, _of_group(reason, outside.group or reason.group), notes=[outside.rule])


def is_exception(plan: LinePlan) -> bool:
    """Return whether only an exception of its authorization lets a line pass the network. It pays no more than that."""
    return plan.outside is not None and plan.emergency is not Emergency.YES


def not_emergent(line: BilledLine, plan: LinePlan, desk: Desk) -> LineResult | None:
    """Deny a line that is given as an emergency, but for a condition that the payer counts as none."""
    if plan.emergency is not Emergency.NOT_EMERGENT:
        return None
    return denied(line, desk.reason(AdjustmentKey.NOT_EMERGENT), notes=[plan.emergency_rule])


def emergency(line: BilledLine, plan: LinePlan) -> LineResult | None:
    """Pay an emergency without a number."""
    if plan.emergency is not Emergency.YES:
        return None
    alerts = () if plan.outside is None else (NO_SURPRISES,)
    return replace(paid(line, notes=(_PAID_WITHOUT_NUMBER.format(plan.emergency_rule),)), remarks=alerts)


def by_contract(result: LineResult, contract: ContractTerms | None) -> LineResult:
    """Give the adjustments the group codes of the biller's contract, as far as X12 allows them."""
    if contract is None:
        return result
    adjustments = tuple(
        replace(adjustment, reason=_under(adjustment.reason, contract)) for adjustment in result.adjustments
    )
    if adjustments == result.adjustments:
        return result
    return replace(result, adjustments=adjustments, notes=(*result.notes, f"Group by contract: {contract.rule}"))


def _under(reason: AdjudicationReason, contract: ContractTerms) -> AdjudicationReason:
    general = contract.group if reason.group == "CO" else None
    return _of_group(reason, contract.by_reason.get(reason.key) or general or reason.group)


def _of_group(reason: AdjudicationReason, group: str) -> AdjudicationReason:
    return replace(reason, group=lawful_group(reason.carc, group))
