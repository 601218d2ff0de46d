"""A person decides an appeal: a rule may only say what the person needs."""

from __future__ import annotations

import pytest

from app.domain.authorization_types.typed import typed
from app.domain.covered import CoverageTerms, Covered
from app.domain.requirement import Need
from app.policy.determination.requirements import requirements
from app.policy.eligibility import review_covered
from app.policy.yaml.text import YamlRefused
from tests.policies.builders import DAY, item_of, policy_of, request_of, rule
from tests.support.billing_samples import claim, line

CERTIFY, DENY = "{action: certify, for: P60D}", "{action: deny, reason: not-covered}"
ASK = "{action: pend, reason: appeal, within: PT24H, ask-for: [{loinc: '11506-3', name: Note}]}"
ABOUT = "[{test: type, is: [appeal, expedited-appeal]}]"


@pytest.mark.parametrize(
    ("first", "when", "rule_id", "asks"),
    [
        (CERTIFY, "[]", "appeal", 0),
        (DENY, "[]", "appeal", 0),
        (ASK.replace("'", '"'), "[]", "appeal", 0),
        (ASK.replace("'", '"'), ABOUT, "first", 1),
        (ASK.replace("'", '"'), "[{test: type, is: [reconsideration]}]", "appeal", 0),
        (ASK.replace("'", '"'), ABOUT[:-1] + ', {test: plan-in, plans: ["GOLD"]}]', "appeal", 0),
    ],
)
def test_only_a_rule_about_appeals_counts_for_an_appeal(first: str, when: str, rule_id: str, asks: int) -> None:
    request = typed(request_of(item_of(certification_type="2")), DAY)
    [decision] = review_covered(request, policy_of(rule(first, when)), DAY, Covered(coverages=(CoverageTerms(),)))
    assert (decision.action.value, decision.rule, len(decision.ask_for)) == ("A4", rule_id, asks)


def test_an_appeal_of_a_denial_for_lack_of_coverage_goes_to_a_person() -> None:
    request = typed(request_of(item_of(certification_type="2")), DAY)
    [decision] = review_covered(request, policy_of(rule(CERTIFY)), DAY, Covered())
    assert (decision.action.value, decision.rule) == ("A4", "appeal")


def test_a_rule_about_appeals_decides_no_first_request_and_no_bill() -> None:
    free = rule("{action: not-required}", '[{test: service-in, system: cpt, codes: ["97110"]}]', name="free")
    policy = policy_of(rule(ASK.replace("'", '"'), ABOUT), free)
    [decision] = review_covered(typed(request_of(), DAY), policy, DAY, Covered(coverages=(CoverageTerms(),)))
    assert decision.action.value == "NA"
    billed = line()
    assert requirements(policy, claim(billed), Covered())(billed).need is Need.NOT_REQUIRED


@pytest.mark.parametrize(
    ("first", "when", "problem"),
    [
        (
            CERTIFY,
            ABOUT,
            "`action` must be pend in a rule about appeal or expedited-appeal: a person decides an appeal.",
        ),
        (DENY, ABOUT, "`action` must be pend in a rule about appeal or expedited-appeal: a person decides an appeal."),
        (CERTIFY, "[{test: type, is: [appeal, prior]}]", "`is` must not have other types beside appeal."),
        (CERTIFY, "[{test: type, is: [objection]}]", "`is` must be 'prior', 'pre-certification'"),
        (CERTIFY, "[{test: type, is: []}]", "`is` must not be empty."),
        (CERTIFY, "[{test: type}]", "`is` is required."),
    ],
)
def test_a_rule_that_would_decide_an_appeal_is_refused(first: str, when: str, problem: str) -> None:
    with pytest.raises(YamlRefused) as refused:
        policy_of(rule(first, when))
    assert str(refused.value).startswith("test.yaml:6: ")
    assert problem in str(refused.value)
