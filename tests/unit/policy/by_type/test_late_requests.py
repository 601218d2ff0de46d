"""The payer's terms for retrospective requests: the reasons, their windows, and the answer to all others."""

from __future__ import annotations

from datetime import date

import pytest

from app.codes import PLACE_OF_SERVICE
from app.domain.authorization_types.typed import typed
from app.domain.datatypes import Coding, Period
from app.domain.decision import ItemDecision
from app.policy.policy import Policy
from app.policy.yaml.text import YamlRefused
from tests.policies.builders import DAY, item_of, policy_of, policy_text, request_of, reviewed, rule

CERTIFY, PEND = "{action: certify, for: P60D}", "{action: pend, reason: medical-necessity}"
DENY, FREE = "{action: deny, reason: not-covered}", "{action: not-required}"
OTHERWISE = "{action: deny, reason: late-request}"
EMERGENCY = '{name: emergency, within: P10D, when: [{test: place-in, codes: ["23"]}]}'


def terms(otherwise: str = OTHERWISE, allowed: str = EMERGENCY) -> str:
    return f"types: {{retrospective: {{reference: Manual 5, allowed: [{allowed}], otherwise: {otherwise}}}}}"


def decided(policy: Policy, first: date, place: str | None = "23") -> ItemDecision:
    coded = None if place is None else Coding(PLACE_OF_SERVICE, place)
    item = item_of(serviced=Period(first, first), place=coded)
    [decision] = reviewed(typed(request_of(item), DAY), policy)
    return decision


def outcome(decision: ItemDecision) -> tuple[str, str, str | None]:
    return decision.action.value, decision.rule, None if decision.reason is None else decision.reason.key


INSIDE, OUTSIDE, LATE = date(2026, 2, 20), date(2026, 2, 19), ("A3", "late-requests", "late-request")


@pytest.mark.parametrize(
    ("then", "first", "place", "expected"),
    [
        (CERTIFY, INSIDE, "23", ("A1", "first", None)),
        (CERTIFY, OUTSIDE, "23", LATE),
        (CERTIFY, INSIDE, "11", LATE),
        (CERTIFY, INSIDE, None, ("A4", "first", "retrospective")),
        (CERTIFY, OUTSIDE, None, LATE),
        (CERTIFY, DAY, "11", ("A1", "first", None)),
        (PEND, INSIDE, "23", ("A4", "first", "medical-necessity")),
        (PEND, INSIDE, "11", LATE),
        (DENY, OUTSIDE, "11", ("A3", "first", "not-covered")),
        (FREE, OUTSIDE, "11", ("NA", "first", None)),
    ],
)
def test_a_late_request_needs_an_allowed_reason_within_its_window(
    then: str, first: date, place: str | None, expected: tuple[str, str, str | None]
) -> None:
    policy = policy_of(rule(then, '[{test: service-in, system: cpt, codes: ["97110"]}]'), more=terms())
    assert outcome(decided(policy, first, place)) == expected


def test_a_grant_for_an_allowed_reason_begins_with_the_service() -> None:
    granted = decided(policy_of(rule(CERTIFY), more=terms()), INSIDE).granted
    assert granted is not None
    assert granted.period == Period(INSIDE, INSIDE)


def test_a_denial_names_the_allowed_reasons_and_the_appeal() -> None:
    decision = decided(policy_of(rule(CERTIFY), more=terms()), OUTSIDE)
    assert decision.criterion is not None
    assert (decision.criterion.title, decision.criterion.reference) == (
        "Reasons for a request after the service began: emergency",
        "Manual 5",
    )
    assert decision.appeal is not None


def test_a_rule_about_late_requests_comes_before_the_terms() -> None:
    when = "[{test: type, is: [retrospective]}]"
    policy = policy_of(rule(CERTIFY, when), more=terms())
    assert outcome(decided(policy, OUTSIDE, "11")) == ("A1", "first", None)


def test_terms_that_pend_leave_the_documents_of_a_pending_rule() -> None:
    left = terms("{action: pend, reason: retrospective}")
    assert outcome(decided(policy_of(rule(CERTIFY), more=left), OUTSIDE)) == ("A4", "late-requests", "retrospective")
    assert outcome(decided(policy_of(rule(PEND), more=left), OUTSIDE)) == ("A4", "first", "medical-necessity")


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        (terms("{action: deny, reason: not-medically-necessary}"), "`reason` must be administrative"),
        (terms("{action: certify, for: P1D}"), "`action` must be one of deny, pend."),
        (terms("{action: deny}"), "`reason` is required."),
        (terms(allowed="{name: emergency}"), "`within` is required."),
        (terms(allowed="{name: emergency, within: P2W}"), "`within` must be a number of days such as P14D."),
        (terms(allowed="{name: e, within: P2D, when: [{test: weather}]}"), "`test` must be one of service-in"),
        ("types: {retro: {}}", "`retro` is an unknown key. Known keys: retrospective"),
    ],
)
def test_terms_that_cannot_be_read_are_refused_with_their_line(block: str, problem: str) -> None:
    with pytest.raises(YamlRefused) as refused:
        policy_of(rule(CERTIFY), more=block)
    [sentence] = str(refused.value).splitlines()
    line = policy_text(rule(CERTIFY), more=block).splitlines().index(block) + 1
    assert sentence.startswith(f"test.yaml:{line}: {problem}")
