"""What the lines of one bill need, by the rules that its request would meet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.codes import CLAIM_TYPE, CPT
from app.domain.billing import BilledLine, BillingClaim
from app.domain.covered import Covered
from app.domain.datatypes import Coding, Period
from app.domain.decision import ReviewAction
from app.domain.request import Member, Party
from app.domain.requirement import Need
from app.policy.determination.requirements import requirements
from tests.policies.builders import DAY, item_of, policy_of, request_of, reviewed, rule

THERAPY = '{test: service-in, system: cpt, ranges: ["97110-97140"]}'
OVER_SIX = rule(
    "{action: pend, reason: medical-necessity}", f"[{THERAPY}, {{test: quantity-over, limit: 6}}]", "over-six"
)
REST_IS_FREE = "{id: last, title: T, reference: R, effective: {from: 2026-01-01}, then: {action: not-required}}"
POLICY = policy_of(OVER_SIX, last=REST_IS_FREE)

Line = tuple[str, str | None, int]


def facts_of(sequence: int, line: Line) -> dict[str, Any]:
    first, last, units = line
    return {
        "sequence": sequence,
        "services": (Coding(CPT, first),),
        "service_end": None if last is None else Coding(CPT, last),
        "quantity": Decimal(units),
        "serviced": Period(DAY, DAY),
    }


@pytest.mark.parametrize(
    ("lines", "needs"),
    [
        ([("97110", None, 6)], [Need.NOT_REQUIRED]),
        ([("97110", None, 4), ("97110", None, 4)], [Need.REQUIRED, Need.REQUIRED]),
        ([("97110", None, 4), ("97112", None, 4)], [Need.NOT_REQUIRED, Need.NOT_REQUIRED]),
        ([("97110", "97112", 4), ("97111", None, 4)], [Need.REQUIRED, Need.REQUIRED]),
    ],
)
def test_units_count_over_all_lines_of_a_bill_as_over_those_of_a_request(lines: list[Line], needs: list[Need]) -> None:
    given = [facts_of(sequence, line) for sequence, line in enumerate(lines, 1)]
    billed = tuple(BilledLine(**line) for line in given)
    claim = BillingClaim(None, Coding(CLAIM_TYPE, "professional"), Member("M1"), Party(), Party(), DAY, billed)
    assert [requirements(POLICY, claim, Covered())(line).need for line in billed] == needs
    decisions = reviewed(request_of(*(item_of(**line) for line in given)), POLICY)
    free = [decision.action is ReviewAction.NOT_REQUIRED for decision in decisions]
    assert free == [need is Need.NOT_REQUIRED for need in needs]
