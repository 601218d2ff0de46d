"""A line with codes of several systems: the strictest rule about one of them decides."""

from __future__ import annotations

import pytest

from app.codes import CPT, HCPCS, NDC, REVENUE
from app.domain.datatypes import Coding
from app.domain.decision import ReviewAction
from app.domain.requirement import Need
from app.policy.determination.requirements import requirements
from tests.policies.builders import DAY, NOTHING_KNOWN, item_of, policy_of, request_of, reviewed, rule
from tests.support.billing_samples import claim, line

FREE = rule("{action: not-required}", '[{test: service-in, system: ndc, codes: ["00093-7146-56"]}]')
PENDED = rule(
    "{action: pend, reason: medical-necessity}", '[{test: service-in, system: cpt, codes: ["27447"]}]', name="second"
)
POLICY = policy_of(FREE, PENDED, last=rule("{action: not-required}", name="last"))
DRUG, KNEE = Coding(NDC, "00093-7146-56"), Coding(CPT, "27447")


@pytest.mark.parametrize("services", [(DRUG, KNEE), (KNEE, DRUG)])
def test_the_strictest_rule_about_a_code_of_the_line_decides(services: tuple[Coding, ...]) -> None:
    (decision,) = reviewed(request_of(item_of(services=services)), POLICY, DAY)
    assert (decision.rule, decision.action) == ("second", ReviewAction.PENDED)
    billed = line(services=services)
    assert requirements(POLICY, claim(billed), NOTHING_KNOWN)(billed).need is Need.REQUIRED


def test_a_code_of_a_system_that_no_rule_names_does_not_count() -> None:
    services = (Coding(HCPCS, "J1745"), Coding("urn:local", "X"))
    (decision,) = reviewed(request_of(item_of(services=services)), POLICY, DAY)
    assert (decision.rule, decision.action) == ("last", ReviewAction.NOT_REQUIRED)


def test_a_revenue_code_goes_with_the_code_of_the_service() -> None:
    emergency = rule("{action: not-required}", '[{test: service-in, system: revenue, codes: ["0450"]}]')
    policy = policy_of(emergency, PENDED)
    item = item_of(services=(KNEE,), revenue=Coding(REVENUE, "0450"))
    assert reviewed(request_of(item), policy, DAY)[0].action is ReviewAction.NOT_REQUIRED


@pytest.mark.parametrize("systems", [("hcpcs", "ndc"), ("ndc", "hcpcs")])
def test_a_rule_may_name_a_code_of_each_system(systems: tuple[str, str]) -> None:
    codes = {"hcpcs": "J3490", "ndc": "00093-7146-56"}
    when = ", ".join(f'{{test: service-in, system: {system}, codes: ["{codes[system]}"]}}' for system in systems)
    unlisted = rule(
        "{action: pend, reason: medical-necessity}",
        '[{test: service-in, system: hcpcs, codes: ["J3490"]}]',
        name="second",
    )
    policy = policy_of(rule("{action: certify, for: P60D}", f"[{when}]"), unlisted, FREE.replace("first", "third"))
    both = item_of(services=(Coding(HCPCS, "J3490"), DRUG))
    assert reviewed(request_of(both), policy, DAY)[0].action is ReviewAction.CERTIFIED
    alone = item_of(services=(Coding(HCPCS, "J3490"),))
    assert reviewed(request_of(alone), policy, DAY)[0].action is ReviewAction.PENDED
