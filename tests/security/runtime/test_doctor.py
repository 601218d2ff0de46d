"""`preauth doctor` prints the checks of a start, in both modes, with remedies; a failed check ends it with 1."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.access.grant import Role
from app.access.registry import Client, People, Source
from app.adapters.sqlite.store import SqliteDocuments
from app.adapters.tokens.key_files import KEY_FILE, load_or_create_key
from app.cli import app
from app.records.installation.mode import claim_store
from app.records.kinds import TERM_TABLE
from app.safety.data_folder import DATABASE_FILE, claim_folder
from tests.support.people import register
from tests.support.process import server_process
from tests.support.production import environment
from tests.support.udap import written

STATED = dict.fromkeys([name for name in os.environ if name.startswith("PREAUTH_")])


PASSED_BY_A_DEMO = (
    *("mode of the folder", "signing keys", "policy files", "disk", "durability", "schema"),
    *("writes", "clients", "audit log"),
)
ISSUER = """\
issuers:
  - issuer: http://127.0.0.1:1
    jwks: http://127.0.0.1:1/jwks
    algs: [RS256]
    audience: https://pas.payer.example/fhir
    claims: {org: org}
"""


def doctor(data: Path, *options: str, **variables: str) -> Result:
    return CliRunner().invoke(app, ["doctor", "--data", str(data), *options], env={**STATED, **variables})


def statuses(data: Path, **variables: str) -> dict[str, str]:
    return {check["name"]: check["status"] for check in json.loads(doctor(data, "--json", **variables).stdout)}


async def _prepare(data: Path, *clients: Client, demo: bool = False) -> None:
    claim_folder(data, "demo" if demo else "production")
    load_or_create_key(data)
    documents = SqliteDocuments(data / DATABASE_FILE)
    await documents.start(TERM_TABLE)
    await claim_store(documents, demo=demo)
    await register(documents, People(clients=clients))
    await documents.close()


def prepared(data: Path, *clients: Client, demo: bool = False) -> None:
    """Make the folder and the store of a server, with these clients."""
    asyncio.run(_prepare(data, *clients, demo=demo))


def client(**parts: object) -> Client:
    return Client(**{"id": "ehr", "role": Role.PROVIDER, "scopes": ("system/Claim.crs",), **parts})  # type: ignore[arg-type]


def test_an_unused_folder_has_warnings_and_stays_unused(tmp_path: Path) -> None:
    result = doctor(tmp_path / "data")
    assert result.exit_code == 0
    assert "warn  store:" in result.stdout
    assert "The first start makes it." in result.stdout
    assert not (tmp_path / "data").exists()


def test_a_running_demo_passes(tmp_path: Path) -> None:
    with server_process(tmp_path):
        found = statuses(tmp_path)
    assert "fail" not in found.values()
    for name in PASSED_BY_A_DEMO:
        assert found[name] == "pass"


def test_production_fails_with_the_lines_that_refuse_a_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREAUTH_ENVIRONMENT", "production")
    refused = CliRunner().invoke(app, ["serve", "--data", str(tmp_path)]).stderr.splitlines()
    result = doctor(tmp_path, PREAUTH_ENVIRONMENT="production")
    assert result.exit_code == 1
    failures = [line.partition(": ")[2] for line in result.stdout.splitlines() if line.startswith("fail")]
    assert failures == refused


def test_a_prepared_production_passes(tmp_path: Path) -> None:
    prepared(tmp_path, client(jwks_uri="https://ehr.example/jwks.json"))
    found = statuses(tmp_path, **environment())
    assert "fail" not in found.values()
    assert found["people of a demo"] == found["clients"] == found["mode of the store"] == "pass"
    assert "keys of clients" not in found


def test_clients_without_keys_and_a_server_without_clients_are_warnings(tmp_path: Path) -> None:
    prepared(tmp_path / "keyless", client())
    assert statuses(tmp_path / "keyless", **environment())["keys of clients"] == "warn"
    prepared(tmp_path / "empty", client(disabled=True))
    assert statuses(tmp_path / "empty", **environment())["clients"] == "warn"


@pytest.mark.acceptance("G75")
def test_people_of_a_demo_in_a_production_store_are_a_failure_and_refuse_a_start(tmp_path: Path) -> None:
    prepared(tmp_path, client(source=Source.DEMO))
    assert statuses(tmp_path, **environment())["people of a demo"] == "fail"
    refused = CliRunner().invoke(app, ["serve", "--port", "0", "--data", str(tmp_path)], env=environment())
    assert refused.exit_code == 3
    assert "The store has people of a demo: ehr. Use a store that no demo used." in refused.stderr


def test_the_store_of_a_demo_fails_in_production(tmp_path: Path) -> None:
    prepared(tmp_path, demo=True)
    found = statuses(tmp_path, **environment())
    assert found["mode of the folder"] == found["mode of the store"] == "fail"


def test_a_key_that_others_can_read_and_an_open_folder_are_named(tmp_path: Path) -> None:
    prepared(tmp_path, demo=True)
    (tmp_path / KEY_FILE).chmod(0o644)
    tmp_path.chmod(0o755)
    found = statuses(tmp_path)
    assert (found["signing keys"], found["permissions"]) == ("fail", "warn")


def test_an_old_key_is_a_warning(tmp_path: Path) -> None:
    prepared(tmp_path, demo=True)
    os.utime(tmp_path / KEY_FILE, (0, 0))
    assert statuses(tmp_path)["age of the key"] == "warn"


def test_a_damaged_database_and_a_bad_policy_are_failures(tmp_path: Path) -> None:
    (tmp_path / DATABASE_FILE).write_bytes(b"no database" * 100)
    (tmp_path / "bad.yaml").write_text("policy: [", encoding="utf-8")
    found = statuses(tmp_path, PREAUTH_POLICY=str(tmp_path / "bad.yaml"))
    assert (found["store"], found["policy files"]) == ("fail", "fail")


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ("organizations: [{id: acme, npis: ['1234567893']}]", "pass"),
        ("organizations: [{id: acme, npis: ['1']}]", "fail"),
    ],
)
def test_a_file_of_clients_that_refuses_a_start_is_a_failure(tmp_path: Path, content: str, status: str) -> None:
    clients = tmp_path / "clients.yaml"
    clients.write_text(content)
    assert statuses(tmp_path / "data", PREAUTH_CLIENTS=str(clients))["clients file"] == status


def test_a_store_of_another_version_is_not_changed(tmp_path: Path) -> None:
    prepared(tmp_path, demo=True)
    with closing(sqlite3.connect(tmp_path / DATABASE_FILE)) as database, database:
        database.execute("UPDATE meta SET value = 'older' WHERE key = 'terms'")
    found = statuses(tmp_path)
    assert found["schema"] == "warn"
    assert "clients" not in found


def test_a_store_in_memory_needs_no_checks(tmp_path: Path) -> None:
    result = doctor(tmp_path, "--store", "memory")
    assert "pass  store: The store is in the memory of the server." in result.stdout


def test_an_unknown_setting_is_refused(tmp_path: Path) -> None:
    result = doctor(tmp_path, PREAUTH_PROT="1")
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (ISSUER, "warn"),
        (ISSUER.replace("http://127.0.0.1:1/jwks", "keys.json"), "pass"),
        ("issuers: 1", "fail"),
    ],
)
def test_a_silent_issuer_is_a_warning_and_a_bad_file_a_failure(tmp_path: Path, content: str, status: str) -> None:
    (tmp_path / "issuers.yaml").write_text(content, encoding="utf-8")
    assert statuses(tmp_path / "data", PREAUTH_ISSUERS=str(tmp_path / "issuers.yaml"))["issuers"] == status


def test_production_with_the_shipped_policies_has_a_warning(tmp_path: Path) -> None:
    variables = {**environment(), "PREAUTH_POLICY": ""}
    assert statuses(tmp_path, **variables)["policies"] == "warn"


def test_a_server_that_accepts_no_token_has_a_warning(tmp_path: Path) -> None:
    result = doctor(tmp_path, PREAUTH_AUTHORIZATION_SERVER="off")
    assert "warn  issuers: No client can get a token" in result.stdout


def test_production_without_a_proxy_has_a_warning(tmp_path: Path) -> None:
    assert statuses(tmp_path, **environment(trusted_proxies=""))["proxy"] == "warn"


@pytest.mark.parametrize(
    ("names", "status"), [(["https://pas.payer.example/fhir"], "pass"), (["https://a.example"], "fail")]
)
def test_the_file_of_udap_is_read(tmp_path: Path, names: list[str], status: str) -> None:
    file = written(tmp_path, *names)
    given = {"PREAUTH_UDAP": str(file), "PREAUTH_BASE_URL": "https://pas.payer.example"}
    assert statuses(tmp_path / "data", **given)["UDAP"] == status
    file.unlink()
    assert statuses(tmp_path / "data", **given)["UDAP"] == "fail"
