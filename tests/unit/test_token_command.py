"""`preauth token`: a token on standard output and nothing else."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from app.access.clients import DEMO_CLIENTS
from app.access.grant import Grant
from app.adapters.jwt_tokens import KEY_FILE, JwtTokens, load_or_create_key
from app.cli.token import token

command = typer.Typer()
command.command()(token)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("PREAUTH_"):
            monkeypatch.delenv(name)


def run(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, "--data", str(data)])


def grant(data: Path, result: Result, now: datetime | None = None) -> Grant:
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    assert result.stdout.count("\n") == 1
    return JwtTokens(load_or_create_key(data), demo=True).verify(result.stdout.strip(), now or datetime.now(UTC))


@pytest.mark.parametrize("client", DEMO_CLIENTS)
def test_it_prints_a_token_that_grants_what_the_client_may(tmp_path: Path, client: str) -> None:
    granted = grant(tmp_path, run(tmp_path, client))
    assert granted.client == client
    assert granted.scopes == set(DEMO_CLIENTS[client].scopes)


def test_it_makes_the_installs_key_where_there_is_none(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    first = run(folder, "ehr-a")
    assert (folder / KEY_FILE).exists()
    grant(folder, first)
    grant(folder, run(folder, "ehr-b"))


def test_fewer_scopes_can_be_asked_for(tmp_path: Path) -> None:
    granted = grant(tmp_path, run(tmp_path, "biller", "--scope", "system/Claim.crs system/ClaimResponse.rs"))
    assert granted.scopes == {"system/Claim.crs", "system/ClaimResponse.rs"}


def test_a_patients_token_can_name_the_patient(tmp_path: Path) -> None:
    granted = grant(tmp_path, run(tmp_path, "patient-1", "--patient", "p1"))
    assert (granted.patient, granted.member) == ("p1", ("sample-payer", "M001"))


def test_the_token_follows_a_demo_servers_moved_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREAUTH_CLOCK_OFFSET", str(3 * 86_400))
    grant(tmp_path, run(tmp_path, "ehr-a"), datetime.now(UTC) + timedelta(days=3, minutes=1))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nobody"], "ehr-a, biller, ehr-b, patient-1"),
        (["ehr-a", "--patient", "p1"], "not a patient"),
        (["ehr-a", "--scope", "system/Claim.read"], "system/Claim.crs"),
        (["ehr-a", "--scope", "user/Claim.r"], "system/*.cruds"),
        (["patient-1", "--scope", "system/*.cruds"], "patient/*.rs"),
        (["ehr-a", "--scope", ""], "system/*.cruds"),
    ],
)
def test_what_cannot_be_granted_is_refused_with_what_can(
    tmp_path: Path, arguments: Sequence[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "500")
    result = run(tmp_path, *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert said in result.stderr
    assert not (tmp_path / KEY_FILE).exists()


def test_a_setting_that_is_wrong_is_refused_with_its_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREAUTH_TOKEN_LIFETIME", "1")
    result = run(tmp_path, "ehr-a")
    assert result.exit_code == 2
    assert result.stderr.startswith("PREAUTH_TOKEN_LIFETIME: ")


def test_production_has_no_demo_clients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREAUTH_ENVIRONMENT", "production")
    monkeypatch.setenv("PREAUTH_BASE_URL", "https://pas.payer.example")
    result = run(tmp_path, "ehr-a")
    assert (result.exit_code, result.stdout) == (2, "")
    assert not (tmp_path / KEY_FILE).exists()


def test_a_key_file_that_holds_no_key_is_said_and_exits_one(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_text("not a key")
    result = run(tmp_path, "ehr-a")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "holds no RSA key" in result.stderr


def test_help_shows_an_example() -> None:
    result = CliRunner().invoke(command, ["--help"])
    assert result.exit_code == 0
    assert "Example: preauth token" in result.stdout
