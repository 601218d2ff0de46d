"""`preauth token` prints a token on standard output and nothing else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from app.access.grant import Role
from app.access.registry import Client, People
from app.access.verifier import Verified
from app.adapters.sqlite.store import SqliteDocuments
from app.adapters.tokens.key_files import KEY_FILE
from app.adapters.tokens.key_ring import KeyRing
from app.adapters.tokens.own_tokens import OwnTokens
from app.adapters.tokens.root_file import write_root
from app.cli import app
from app.cli.ending import CANNOT_START
from app.cli.tokens.token import token
from app.ports import Delete, Insert
from app.records.kinds import TERM_TABLE
from app.records.members import MemberRecord, member_insert
from app.records.resources import row
from app.registry.people_file import demo_people
from app.safety.data_folder import DATABASE_FILE
from app.settings import Settings
from tests.support.environment import remove_settings
from tests.support.keys import write_key
from tests.support.people import DEMO_CLIENTS, register
from tests.support.server import ROOT, HeldClock, signing_key

command = typer.Typer()
command.command()(token)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    remove_settings(monkeypatch)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder after the first start of a server."""
    folder = tmp_path / "data"
    folder.mkdir()
    write_key(folder, signing_key().as_pem(private=True))
    write_root(folder, ROOT)
    asyncio.run(_started(folder))
    return folder


async def _started(folder: Path) -> None:
    documents = SqliteDocuments(folder / DATABASE_FILE)
    await documents.start(TERM_TABLE)
    patient = {"resourceType": "Patient", "id": "p1"}
    member = MemberRecord("sample-payer", "M001", "p1")
    await documents.commit(Insert(row(patient, access=(), now=datetime.now(UTC))), member_insert(member))
    disabled = Client(id="former", role=Role.PROVIDER, scopes=("system/*.cruds",), disabled=True)
    await register(documents, demo_people())
    await register(documents, People(clients=(disabled,)))
    await documents.close()


def run(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, "--data", str(data)])


def grant(data: Path, result: Result, now: datetime | None = None) -> Verified:
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    assert result.stdout.count("\n") == 1
    return verified(data, result.stdout, now or datetime.now(UTC))


def verified(data: Path, token: str, now: datetime) -> Verified:
    return asyncio.run(OwnTokens(KeyRing(data), ROOT, HeldClock()).verify(token.strip(), now))


@pytest.mark.parametrize("client", DEMO_CLIENTS)
def test_the_token_grants_the_scopes_of_the_client(data: Path, client: str) -> None:
    named = ["--member", "sample-payer/M001"] if client == "patient-app" else []
    granted = grant(data, run(data, client, *named))
    assert granted.client == client
    assert granted.patient == ("p1" if named else None)
    assert granted.scopes == set(DEMO_CLIENTS[client].scopes)


def test_a_missing_signing_key_prevents_a_token_and_is_not_created(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    result = run(folder, "ehr-a")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"The data folder {folder} has no signing key. Start a server first: ")
    assert result.stderr.endswith(f" serve --data {folder}\n")
    assert not folder.exists()


def test_scope_limits_the_token(data: Path) -> None:
    granted = grant(data, run(data, "biller", "--scope", "system/Claim.crs system/ClaimResponse.rs"))
    assert granted.scopes == {"system/Claim.crs", "system/ClaimResponse.rs"}


def test_a_patients_token_can_name_the_patient(data: Path) -> None:
    granted = grant(data, run(data, "patient-1", "--patient", "p1"))
    assert granted.patient == "p1"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["patient-1", "--patient", "p2"], "--patient: the store has no Patient with this id.\n"),
        (["patient-app", "--member", "sample-payer/M999"], "--member: the store has no Patient of this member."),
        (["patient-app", "--member", "sample-payer"], "must be a payer and a member id"),
        (["patient-app"], "name one with --patient or --member"),
    ],
)
def test_a_missing_patient_gets_no_token(data: Path, arguments: list[str], sentence: str) -> None:
    result = run(data, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr


@pytest.mark.parametrize("content", [None, b"no database at all, but a text that is as long as a header"])
def test_no_token_is_signed_if_the_store_cannot_be_read(data: Path, content: bytes | None) -> None:
    (data / DATABASE_FILE).unlink()
    if content is not None:
        (data / DATABASE_FILE).write_bytes(content)
    result = run(data, "patient-1", "--patient", "p1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"CLIENT: {data / DATABASE_FILE} cannot be read: ")


def test_a_store_in_memory_causes_a_warning_about_the_unchecked_patient(data: Path) -> None:
    result = run(data, "patient-1", "--patient", "p2", "--store", "memory")
    assert result.exit_code == 0
    assert verified(data, result.stdout, datetime.now(UTC)).patient == "p2"
    assert result.stderr == "Warning: the Patient was not checked, because the store is in the server's memory.\n"


def test_a_lookup_does_not_disturb_a_server_that_writes(data: Path) -> None:
    async def beside() -> None:
        documents = SqliteDocuments(data / DATABASE_FILE)
        await documents.start(TERM_TABLE)
        fresh = row({"resourceType": "Patient", "id": "p3"}, access=(), now=datetime.now(UTC))
        await documents.commit(Insert(fresh))
        result = await asyncio.to_thread(run, data, "patient-1", "--patient", "p3")
        assert result.exit_code == 0
        await documents.commit(Delete("Patient", "p3", 1))
        await documents.close()

    asyncio.run(beside())


def answer(result: Result) -> dict[str, Any]:
    assert (result.exit_code, result.stderr) == (0, "")
    response = json.loads(result.stdout)
    assert isinstance(response, dict)
    return response


def test_json_is_a_token_response(data: Path) -> None:
    response = answer(run(data, "ehr-a", "--json", "--scope", "system/ClaimResponse.rs system/Claim.crs"))
    granted = verified(data, response.pop("access_token"), datetime.now(UTC))
    assert granted.client == "ehr-a"
    assert response == {
        "token_type": "Bearer",
        "expires_in": Settings.model_fields["token_lifetime"].default,
        "scope": "system/Claim.crs system/ClaimResponse.rs",
    }


@pytest.mark.parametrize("named", [[], ["--patient", "p1"]])
def test_the_token_response_of_a_patient_names_the_patient(data: Path, named: list[str]) -> None:
    assert answer(run(data, "patient-1", "--json", *named))["patient"] == "p1"


def test_the_token_follows_a_demo_servers_moved_clock(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREAUTH_CLOCK_OFFSET", str(3 * 86_400))
    grant(data, run(data, "ehr-a"), datetime.now(UTC) + timedelta(days=3, minutes=1))


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (["nobody"], "ehr-a, biller, ehr-b, house, patient-1"),
        (["former"], "not disabled"),
        (["ehr-a", "--patient", "p1"], "not a patient"),
        (["ehr-a", "--member", "sample-payer/M001"], "not a patient"),
        (["patient-1", "--patient", "p1", "--member", "sample-payer/M001"], "one of the two"),
        (["ehr-a", "--scope", "system/Claim.sc"], "system/Claim.crs"),
        (["ehr-a", "--scope", "user/Claim.r"], "system/*.cruds"),
        (["patient-1", "--scope", "system/*.cruds"], "patient/*.rs"),
        (["ehr-a", "--scope", ""], "system/*.cruds"),
    ],
)
def test_a_refusal_names_the_allowed_values(
    data: Path, arguments: Sequence[str], allowed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "500")
    result = run(data, *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert allowed in result.stderr


def test_a_refusal_names_the_wrong_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREAUTH_TOKEN_LIFETIME", "1")
    result = run(tmp_path, "ehr-a")
    assert result.exit_code == 2
    assert result.stderr.startswith("PREAUTH_TOKEN_LIFETIME: ")


def test_the_command_signs_nothing_in_production(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREAUTH_ENVIRONMENT", "production")
    monkeypatch.setenv("PREAUTH_BASE_URL", "https://pas.payer.example")
    result = run(tmp_path, "ehr-a")
    assert (result.exit_code, result.stdout) == (2, "")
    assert not (tmp_path / KEY_FILE).exists()


def test_an_unusable_key_file_exits_with_three_as_serve_does(tmp_path: Path) -> None:
    write_key(tmp_path, b"not a key")
    result = run(tmp_path, "ehr-a")
    assert (result.exit_code, result.stdout) == (CANNOT_START, "")
    served = CliRunner().invoke(app, ["serve", "--port", "0", "--data", str(tmp_path)])
    assert (served.exit_code, served.stdout) == (CANNOT_START, "")
    assert result.stderr == served.stderr
    assert "has no RSA key" in result.stderr


def test_help_shows_an_example() -> None:
    result = CliRunner().invoke(command, ["--help"])
    assert result.exit_code == 0
    assert "Example: preauth token" in result.stdout
