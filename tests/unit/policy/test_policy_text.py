from __future__ import annotations

from datetime import UTC, date, datetime
from hashlib import sha256

import pytest

from app.codes import CPT
from app.domain.datatypes import Identifier
from app.domain.request import Party
from app.policy.conditions.service import ServiceIn
from app.policy.policy_text import parse_policy
from app.policy.yaml.text import YamlRefused
from tests.policies.builders import LAST_RULE, TABLES, policy_of, policy_text, rule

CERTIFY = "{action: certify, for: P60D}"
TESTS = (
    "service-in, service-type, modifier-in, diagnosis-in, quantity-over, line-amount-over, days-asked-over, place-in, "
    "age-between, sex, plan-in, provider-in, network, gold-card, document-attached, drugs-tried, "
    "requested-service-is, urgency, request-type, certification-type, type, service-starts, active-authorization"
)


def refusal(text: str) -> list[str]:
    with pytest.raises(YamlRefused) as refused:
        parse_policy(text, "p.yaml", TABLES)
    return list(refused.value.problems)


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (rule("{action: certify}"), "`for` is required."),
        (rule("{action: certify, for: 60}"), "`for` must be an ISO 8601 period such as P60D, P12W or P6M."),
        (
            rule("{action: approve, for: P60D}"),
            "`action` must be one of not-required, certify, partly-certify, deny, pend, forward.",
        ),
        (rule("{for: P60D}"), "`action` is required."),
        (
            rule("{action: certify, for: P60D, quantity: 3}"),
            "`quantity` is an unknown key. Known keys: for, at-least, network-exception, action, units, cap.",
        ),
        (rule("{action: partly-certify, for: P60D, quantity: 3}"), "`reason` is required."),
        (
            rule("{action: partly-certify, for: P60D, reason: fewer-units}"),
            "`then` must have a `quantity` or a `code` for partly-certify.",
        ),
        (
            rule("{action: partly-certify, for: P60D, quantity: 0, reason: fewer-units}"),
            "`quantity` must be greater than 0.",
        ),
        (
            rule('{action: partly-certify, for: P60D, quantity: "3", reason: fewer-units}'),
            "`quantity` must be a number without quotes.",
        ),
        (rule("{action: deny}"), "`reason` is required."),
        (rule("{action: pend, reason: level-of-care, within: soon}"), "`within` must be a time such as PT72H or P7D."),
        (rule("certify"), "`then` must be keys with values."),
        (rule(CERTIFY, "quantity-over"), "`when` must be a list."),
        (rule(CERTIFY, "[quantity-over]"), "`when` must be keys with values."),
        (rule(CERTIFY, "[{test: plan-in, plans: BASIC}]"), "`plans` must be a list."),
        (rule(CERTIFY, "[{test: plan-in, plans: []}]"), "`plans` must not be empty."),
        (rule(CERTIFY, "[{limit: 3}]"), "`test` is required."),
        (rule(CERTIFY, "[{test: weather, is: fine}]"), f"`test` must be one of {TESTS}."),
        (rule(CERTIFY, "[{test: quantity-over}]"), "`limit` is required."),
        (rule(CERTIFY, "[{test: quantity-over, limit: true}]"), "`limit` must be a number without quotes."),
        (rule(CERTIFY, "[{test: quantity-over, limit: -1}]"), "`limit` must be greater than or equal to 0."),
        (rule(CERTIFY, "[{test: service-in, system: cpt}]"), "`when` must have `codes` or `ranges`."),
        (rule(CERTIFY, "[{test: diagnosis-in}]"), "`when` must have `codes` or `categories`."),
        (rule(CERTIFY, "[{test: age-between}]"), "`when` must have `from` or `to`, and `from` must not exceed `to`."),
        (
            rule(CERTIFY, "[{test: age-between, from: 9, to: 8}]"),
            "`when` must have `from` or `to`, and `from` must not exceed `to`.",
        ),
        (rule(CERTIFY, "[{test: urgency, is: soon}]"), "`is` must be 'standard' or 'expedited'."),
        (rule(CERTIFY, '[{test: plan-in, plans: ["A", "A"]}]'), "`plans` must not list A twice."),
        (
            rule(CERTIFY, '[{test: plan-in, plans: [" A"]}]'),
            "`plans` must have no empty code and no spaces around a code.",
        ),
        (rule(CERTIFY, name="First"), "`id` must have only lower-case letters, digits and single hyphens."),
        (rule(CERTIFY, effective="{from: 2026-13-01}"), "`from` must be a day of the calendar."),
        (rule(CERTIFY, effective="{from: 20260101}"), "`from` must be a day as YYYY-MM-DD."),
        (
            rule(CERTIFY, effective="{from: 2026-02-01, until: 2026-01-31}"),
            "`effective` must have `until` on or after `from`.",
        ),
        (rule(CERTIFY, effective="{until: 2026-01-31}"), "`from` is required."),
        (rule(CERTIFY).replace("title: T", "title: 7"), "`title` must be text."),
        (rule(CERTIFY).replace("reference: R, ", ""), "`reference` is required."),
        (rule(CERTIFY).replace("title: T", "id: x"), "`id` appears twice."),
    ],
)
def test_an_invalid_rule_is_refused_with_its_line(bad: str, problem: str) -> None:
    assert problem in [each.removeprefix("p.yaml:6: ") for each in refusal(policy_text(bad))]


@pytest.mark.parametrize("codes", ["[72148]", "[J1745]", "[03]", "[1E5]", "[2026-01-01]", "[true]"])
def test_a_code_without_quotes_is_refused_with_its_line(codes: str) -> None:
    (problem,) = refusal(policy_text(rule(CERTIFY, f"[{{test: service-in, system: cpt, codes: {codes}}}]")))
    assert problem.startswith("p.yaml:6: ")
    assert "in quotes" in problem


@pytest.mark.parametrize(
    "text", ['"97140-97110"', '"97110-9714"', '"A1000-B2000"', '"97110"', "97110-97140", '"97110-97110"']
)
def test_an_invalid_range_is_refused(text: str) -> None:
    (problem,) = refusal(policy_text(rule(CERTIFY, f"[{{test: service-in, system: cpt, ranges: [{text}]}}]")))
    assert (
        problem
        == 'p.yaml:6: `ranges` must be ranges in quotes, from low to high and with one shape, such as "97110-97140".'
    )


def test_a_system_is_given_by_its_short_name_or_its_url() -> None:
    policy = policy_of(
        rule(CERTIFY, '[{test: service-in, system: "http://www.ama-assn.org/go/cpt", codes: ["97110"]}]'),
        rule(CERTIFY, '[{test: service-in, system: "urn:oid:1.2", codes: ["1"]}]', "second"),
    )
    conditions = [condition for one in policy.rules for condition in one.when]
    assert [one.system for one in conditions if isinstance(one, ServiceIn)] == [CPT, "urn:oid:1.2"]
    (problem,) = refusal(policy_text(rule(CERTIFY, '[{test: service-in, system: nubc, codes: ["1"]}]')))
    assert problem == (
        "p.yaml:6: `system` must be a URL or one of cdt, cpt, hcpcs, icd-10-cm, icd-10-pcs, loinc, ndc, "
        "place-of-service, revenue, rxnorm, x12-service-type."
    )


def test_two_rules_with_one_id_are_refused() -> None:
    assert refusal(policy_text(rule(CERTIFY, name="anything-else"))) == [
        "p.yaml:7: `id` must be unique, but another rule has the id anything-else."
    ]


@pytest.mark.parametrize(
    ("then", "reason"),
    [
        ("action: deny", "not-medically-necessary"),
        ("action: partly-certify, for: P1D, quantity: 1", "approved-less"),
    ],
)
def test_a_clinical_denial_in_whole_or_in_part_needs_clinical_denial_automatic(then: str, reason: str) -> None:
    deny = rule(f"{{{then}, reason: {reason}}}")
    (problem,) = refusal(policy_text(deny))
    assert problem.startswith(f"p.yaml:6: `reason` must be administrative, but {reason} is clinical. ")
    assert policy_of(deny, more="clinical-denial: automatic").rules[0].id == "first"


def test_a_rule_without_need_of_an_authorization_must_use_facts_of_a_bill() -> None:
    urgent = rule("{action: not-required}", "[{test: urgency, is: expedited}]")
    assert refusal(policy_text(urgent)) == [
        "p.yaml:6: `test` must not be urgency with not-required, because no bill gives this fact."
    ]


def test_the_last_rule_must_have_no_conditions_and_no_end() -> None:
    last = rule(CERTIFY, "[{test: quantity-over, limit: 1}]", effective="{from: 2026-01-01, until: 2026-12-31}")
    assert refusal(policy_text(last=last)) == [
        "p.yaml:6: the last rule must have no `when`, because it decides all other items.",
        "p.yaml:6: the last rule must have no `until`, because it decides all other items.",
    ]


def test_all_problems_are_reported_together_sorted_by_line() -> None:
    text = policy_text("{id: B, titel: x}").replace("members: accept-unknown", "members: anybody")
    assert refusal(text) == [
        "p.yaml:3: `members` must be 'accept-unknown' or 'registered-only'.",
        "p.yaml:6: `id` must have only lower-case letters, digits and single hyphens.",
        "p.yaml:6: `title` is required.",
        "p.yaml:6: `reference` is required.",
        "p.yaml:6: `effective` is required.",
        "p.yaml:6: `then` is required.",
        "p.yaml:6: `titel` is an unknown key. Known keys: id, title, reference, effective, when, then.",
    ]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "policy: test-payer",
            "policy: unknown",
            "p.yaml:1: `policy` must not be `unknown`, which stands for an unknown payer",
        ),
        ("policy: test-payer", "policy: Test Payer", "p.yaml:1: `policy` must have only lower-case letters"),
        ("policy: test-payer\n", "", "p.yaml:1: `policy` is required."),
        ("America/New_York", "Mars/Olympus", "p.yaml:2: `timezone` must be a time zone such as America/New_York."),
        ('"1"', "1", "p.yaml:2: `value` must be in quotes"),
        (
            "America/New_York",
            "America/New_York, prefix: P",
            "p.yaml:2: `prefix` must be two to four capital",
        ),
        (
            "America/New_York",
            "America/New_York, prefix: no",
            "p.yaml:2: `prefix` must be two to four capital",
        ),
        (f"- {LAST_RULE}", "[]", "p.yaml:5: `rules` must not be empty."),
        (
            "members: accept-unknown",
            "over-limit: refuse",
            "p.yaml:3: `over-limit` must be 'pay-up-to' or 'deny-line'.",
        ),
        (
            "members: accept-unknown",
            "future-services: allow",
            "p.yaml:3: `future-services` must be 'accept' or 'deny'.",
        ),
        ("members: accept-unknown", "member-systems: []", "p.yaml:3: `member-systems` must not be empty."),
        ("members: accept-unknown", "member-systems: urn:x", "p.yaml:3: `member-systems` must be a list."),
        ("members: accept-unknown", "_digest: x", "p.yaml:3: `_digest` is an unknown key."),
    ],
)
def test_the_payer_section_is_checked(old: str, new: str, problem: str) -> None:
    assert any(each.startswith(problem) for each in refusal(policy_text().replace(old, new)))


def test_a_policy_knows_the_digest_of_its_text() -> None:
    assert policy_of().digest == sha256(policy_text().encode()).hexdigest()


def test_omitted_keys_have_defaults() -> None:
    policy = policy_of()
    assert (policy.name, policy.payer.prefix, policy.over_limit) == ("test-payer", "PA", "pay-up-to")
    assert policy.member_systems == frozenset()
    assert (policy.clinical_denial, policy.non_covered) == (None, None)


def test_the_day_of_receipt_is_the_payers_own() -> None:
    assert policy_of().day(datetime(2026, 3, 3, 4, 59, tzinfo=UTC)) == date(2026, 3, 2)
    assert policy_of().day(datetime(2026, 3, 3, 5, 0, tzinfo=UTC)) == date(2026, 3, 3)


def test_a_payer_is_known_by_any_of_its_numbers() -> None:
    policy = policy_of()
    assert policy.is_of(Party(npi="1"))
    assert policy.is_of(Party(identifiers=(Identifier("http://hl7.org/fhir/sid/us-npi", "1"),)))
    assert not policy.is_of(Party(identifiers=(Identifier("urn:oid:2.16.840.1.113883.4.4", "1"),)))
    assert not policy.is_of(Party())
