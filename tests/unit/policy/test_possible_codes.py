"""A policy names only codes that can be codes of their systems, in any of their forms."""

from __future__ import annotations

import pytest

from app.codes import NDC
from app.domain.datatypes import Coding
from app.policy.codes.code_sets import service_keys
from app.policy.conditions.service import ServiceIn
from app.policy.yaml.text import YamlRefused
from tests.policies.builders import policy_of, rule

CERTIFY = "{action: certify, for: P90D}"


@pytest.mark.parametrize(
    ("when", "problem"),
    [
        (
            'service-in, system: cpt, codes: ["27447-RT"]',
            "must fit the system: `27447-RT` is not a CPT or HCPCS code",
        ),
        ('service-in, system: cpt, ranges: ["971-980"]', "`ranges` must fit the system: `971` is not a CPT or HCPCS"),
        ('service-in, system: ndc, codes: ["0777"]', "`codes` must fit the system: `0777` is not a National Drug Code"),
        ('diagnosis-in, codes: ["back"]', "`codes` must fit the system: `BACK` is not an ICD-10-CM code"),
        ('place-in, codes: ["1"]', "`codes` must fit the system: `1` is not a place of service code"),
        ('modifier-in, codes: ["RTL"]', "`codes` must fit the system: `RTL` is not a modifier"),
        ('provider-in, npis: ["1987654327"]', "`npis` must be NPIs: `1987654327` is not ten digits with their check"),
        ('network, is: in, npis: ["12"]', "`npis` must be NPIs: `12` is not ten digits with their check digit"),
    ],
)
def test_a_code_that_cannot_be_one_of_its_system_is_refused(when: str, problem: str) -> None:
    with pytest.raises(YamlRefused) as refused:
        policy_of(rule(CERTIFY, f"[{{test: {when}}}]"))
    assert problem in refused.value.problems[0]


def test_a_replacing_code_that_cannot_be_one_of_its_system_is_refused() -> None:
    with pytest.raises(YamlRefused) as refused:
        policy_of(rule('{action: partly-certify, code: {system: cpt, code: "9711"}, for: P9D, reason: other-service}'))
    assert "`code` must fit the system: `9711` is not a CPT or HCPCS code" in refused.value.problems[0]


def test_a_rule_for_a_drug_holds_for_all_forms_of_its_code() -> None:
    policy = policy_of(rule(CERTIFY, '[{test: service-in, system: ndc, codes: ["0777-3105-02"]}]'))
    (condition,) = policy.rules[0].when
    assert isinstance(condition, ServiceIn)
    assert condition.includes(service_keys([Coding(NDC, "00777310502")]))
