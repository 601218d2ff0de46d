"""`preauth policy check`, as an author of policies uses it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli.policy import app
from tests.policies.builders import policy_text, rule

CASES = "received: 2026-03-02\ncases: [{name: Nothing special, facts: {}, expect: {action: certify}}]\n"
NEVER = rule("{action: certify, for: P1D}", "[{test: quantity-over, limit: 99}]")


def check(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["check", *arguments])


def written(folder: Path, name: str, text: str, cases: str | None = CASES) -> Path:
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    if cases is not None:
        (folder / f"{name}.cases.yaml").write_text(cases, encoding="utf-8")
    return folder / f"{name}.yaml"


def test_the_shipped_policies_pass() -> None:
    result = check()
    assert result.exit_code == 0, result.output
    assert "sample-payer" in result.stdout
    assert "second-payer" in result.stdout


def test_a_policy_with_passing_cases_has_no_problem(tmp_path: Path) -> None:
    assert check(str(written(tmp_path, "p", policy_text()))).exit_code == 0
    assert check(str(tmp_path)).exit_code == 0


def test_a_rule_that_no_case_reaches_is_named(tmp_path: Path) -> None:
    result = check(str(written(tmp_path, "p", policy_text(NEVER))))
    assert result.exit_code == 1
    assert "test-payer: no case reaches rule first." in result.stdout


def test_a_policy_without_cases_reaches_none_of_its_rules(tmp_path: Path) -> None:
    result = check(str(written(tmp_path, "p", policy_text(), cases=None)))
    assert result.exit_code == 1
    assert "test-payer: no case reaches rule anything-else." in result.stdout


def test_a_failed_case_is_reported_with_its_difference(tmp_path: Path) -> None:
    cases = CASES.replace("{action: certify}", "{action: certify, days: 30}")
    result = check(str(written(tmp_path, "p", policy_text(), cases)))
    assert result.exit_code == 1
    assert "test-payer: Nothing special: days: expected 30, got 60." in result.stdout


def test_two_policies_with_one_name_are_refused(tmp_path: Path) -> None:
    written(tmp_path, "a", policy_text())
    written(tmp_path, "b", policy_text())
    result = check(str(tmp_path))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"{tmp_path / 'b.yaml'}:1: `policy` must be unique, but a.yaml has the name test-payer too.\n"
        f"{tmp_path / 'b.yaml'}:2: `value` must be an identifier of one payer only, but a.yaml has it too.\n"
    )


def test_the_reasons_and_clocks_beside_a_policy_are_checked(tmp_path: Path) -> None:
    written(tmp_path, "p", policy_text(rule("{action: pend, reason: mine}", "[{test: quantity-over, limit: 9}]")))
    written(tmp_path, "reasons", "review: {mine: {kind: deny, code: null, text: T, administrative: true}}\n", None)
    written(tmp_path, "clocks", "standard: {within: soon, source: S}\n", None)
    first = check(str(tmp_path))
    assert (first.exit_code, first.stderr) == (
        2,
        f"{tmp_path / 'clocks.yaml'}:1: `within` must be a time such as PT72H, P7D or 2 business days.\n",
    )
    (tmp_path / "clocks.yaml").unlink()
    second = check(str(tmp_path / "p.yaml"))
    assert second.exit_code == 2
    assert f"{tmp_path / 'p.yaml'}:6: `reason` must be a reason of kind pend in reasons.yaml: " in second.stderr


def test_an_unknown_file_beside_a_policy_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "p", policy_text())
    (tmp_path / "reason.yml").touch()
    result = check(str(tmp_path))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{tmp_path / 'reason.yml'}: no policy reads this file. ")


@pytest.mark.parametrize("text", ["policy: [", "policy: x\npolicy: y\n"])
def test_a_policy_that_cannot_be_read_is_refused_on_the_error_stream(tmp_path: Path, text: str) -> None:
    result = check(str(written(tmp_path, "p", text)))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert f"{tmp_path / 'p.yaml'}:2: " in result.stderr or f"{tmp_path / 'p.yaml'}:1: " in result.stderr


def test_cases_that_cannot_be_read_are_refused_too(tmp_path: Path) -> None:
    result = check(str(written(tmp_path, "p", policy_text(), "cases: 3\n")))
    assert result.exit_code == 2
    assert "p.cases.yaml:1: `received` is required." in result.stderr


def test_binary_cases_are_refused_by_the_name_of_their_file(tmp_path: Path) -> None:
    policy_file = written(tmp_path, "p", policy_text())
    (tmp_path / "p.cases.yaml").write_bytes(b"\xff\xfe\x00")
    result = check(str(policy_file))
    assert (result.exit_code, result.stderr) == (2, f"{tmp_path / 'p.cases.yaml'} must be UTF-8 text.\n")


def test_a_missing_or_binary_file_is_reported_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_bytes(b"\xff\xfe\x00")
    missing, bytes_ = tmp_path / "nothing.yaml", tmp_path / "p.yaml"
    for path, sentence in (
        (missing, f"{missing}: No such file or directory.\n"),
        (bytes_, f"{bytes_} must be UTF-8 text.\n"),
    ):
        result = check(str(path))
        assert (result.exit_code, result.stderr) == (2, sentence)


def test_an_empty_folder_holds_no_policy(tmp_path: Path) -> None:
    result = check(str(tmp_path))
    assert result.exit_code == 2
    assert "no policy found" in result.stderr


def test_help_shows_an_example() -> None:
    assert "preauth policy check ./policies" in check("--help").stdout
