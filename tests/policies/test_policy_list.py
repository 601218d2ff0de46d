"""`preauth policy list`: the services that need an authorization follow from the rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner, Result

from app.cli.policy import app
from app.domain.requirement import Need
from app.policy.conditions import Condition
from app.policy.listing import listed_rules, shadowed
from app.policy.loading import SHIPPED_POLICIES, load_files
from app.policy.policy import Policy
from tests.policies.builders import policy_of, policy_text, rule

POLICIES = load_files(SHIPPED_POLICIES).values()
THERAPY = '[{test: service-in, system: cpt, ranges: ["97110-97140"]}]'


def run(command: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, [command, *arguments])


def test_the_list_names_services_conditions_and_rules() -> None:
    result = CliRunner(env={"COLUMNS": "300"}).invoke(app, ["list"])
    assert result.exit_code == 0
    for text in ("97110-97140", "place of service 23", "more than 12 units", "excluded", "all other services"):
        assert text in result.stdout


def test_the_list_as_json_has_a_row_for_each_rule() -> None:
    rows = json.loads(run("list", "--json").stdout)["sample-payer"]
    assert [row["rule"] for row in rows][:2] == ["not-covered", "basic-plan-no-drugs"]
    assert rows[0]["need"] == "excluded"
    assert rows[0]["services"] == ["A9270"]
    assert (rows[0]["from"], rows[0]["until"]) == ("2026-01-01", None)
    assert rows[-1]["need"] == "not required"


def test_a_policy_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("policy: [", encoding="utf-8")
    result = run("list", str(tmp_path / "p.yaml"))
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_every_rule_of_a_shipped_policy_can_decide_its_codes(policy: Policy) -> None:
    assert list(shadowed(policy)) == []


def test_every_kind_of_condition_has_words() -> None:
    conditions = [condition for policy in POLICIES for rule in policy.rules for condition in rule.when]
    assert {type(condition) for condition in conditions} == set(get_args(get_args(Condition)[0]))
    assert all(condition.words for condition in conditions)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("{test: service-starts, before: receipt}", "service starts before receipt"),
        ("{test: service-starts, after: receipt, by: P14D}", "service starts 14 days or more after receipt"),
        ("{test: active-authorization}", "same service granted or pending already"),
        ("{test: days-asked-over, limit: 60}", "requested for more than 60 days"),
        (
            '{test: network, is: out, npis: ["1777777776"]}',
            "performing provider outside the network 1777777776",
        ),
    ],
)
def test_a_condition_reads_as_words(condition: str, words: str) -> None:
    rows = listed_rules(policy_of(rule("{action: pend, reason: level-of-care}", f"[{condition}]")))
    assert rows[0].conditions == (words,)


def test_a_code_that_an_earlier_rule_frees_is_reported(tmp_path: Path) -> None:
    free = rule("{action: not-required}", '[{test: service-in, system: cpt, codes: ["97110"]}]')
    certify = rule("{action: certify, for: P1D}", THERAPY, "second")
    sentence = "rule second never decides 97110, because rule first decides first"
    assert list(shadowed(policy_of(free, certify))) == [sentence]
    (tmp_path / "p.yaml").write_text(policy_text(free, certify), encoding="utf-8")
    result = run("check", str(tmp_path / "p.yaml"))
    assert result.exit_code == 1
    assert f"test-payer: {sentence}." in result.stdout


def test_a_denial_lists_an_exclusion_only_if_the_plan_does_not_cover_the_service() -> None:
    rows = listed_rules(policy_of(rule("{action: deny, reason: out-of-network}", THERAPY)))
    assert rows[0].need is Need.REQUIRED
