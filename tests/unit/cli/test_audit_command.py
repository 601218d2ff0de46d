"""`preauth audit` verifies the audit log of a store by the server's clock, and counts its usage figures."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner, Result

from app.access.grant import Role
from app.adapters.ids import RandomIds
from app.adapters.sqlite.store import SqliteDocuments
from app.audit.access import Access, Actor, Interaction
from app.audit.seal import Seal
from app.cli import app
from app.fhir.instants import sortable
from app.ports import Delete
from app.records.audit.seals import SEAL_KIND
from app.records.kinds import TERM_TABLE
from app.safety.data_folder import DATABASE_FILE
from app.workflow.audit.seal import seal_all
from app.workflow.changes import audit_rows
from app.workflow.master.payers import register_payers
from tests.support.environment import remove_settings
from tests.support.server import shipped_system

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    remove_settings(monkeypatch)


def audit(data: Path, *words: str, **variables: str) -> Result:
    return CliRunner().invoke(app, ["audit", *words, "--data", str(data)], env=variables)


async def _store(data: Path, at: datetime, *, sealed: bool, removed: bool) -> Seal | None:
    documents = SqliteDocuments(data / DATABASE_FILE)
    await documents.start(TERM_TABLE)
    actor = Actor(sortable(at), "app-1", role=Role.PATIENT)
    access = Access(interaction=Interaction.READ, payers=("sample-payer",), patient="p1", resources=("Claim/c",))
    await documents.commit(*audit_rows(RandomIds(), [(actor, access)]))
    seal = await seal_all(documents, at) if sealed else None
    if seal is not None and removed:
        await documents.commit(Delete("AuditEvent", seal.events[0].id, 1), Delete(SEAL_KIND, f"{1:012d}", 1))
    await documents.close()
    return seal


def stored(data: Path, at: datetime, *, sealed: bool = True, removed: bool = False) -> Seal | None:
    """Store an event of this time, with or without its seal, or remove both again; return the seal."""
    return asyncio.run(_store(data, at, sealed=sealed, removed=removed))


def test_a_whole_log_is_verified(tmp_path: Path) -> None:
    stored(tmp_path, datetime.now(UTC) - HOUR)
    result = audit(tmp_path, "verify")
    assert (result.exit_code, result.stdout) == (0, "The audit log is whole.\n")


def test_a_removed_end_shows_by_the_noted_seal(tmp_path: Path) -> None:
    seal = stored(tmp_path, datetime.now(UTC) - HOUR, removed=True)
    assert seal is not None
    result = audit(tmp_path, "verify", "--head", f"{seal.number}:{seal.hash}")
    assert (result.exit_code, result.stdout) == (1, "Seal 1, which was noted, is missing.\n")


def test_the_clock_of_the_server_decides_the_age_of_an_event(tmp_path: Path) -> None:
    stored(tmp_path, datetime.now(UTC) - HOUR, sealed=False)
    assert audit(tmp_path, "verify").exit_code == 1
    assert audit(tmp_path, "verify", PREAUTH_CLOCK_OFFSET="-3600").exit_code == 0


@pytest.mark.parametrize("head", ["1", "x:" + "0" * 64, "1:0"])
def test_a_noted_seal_of_another_form_is_refused(tmp_path: Path, head: str) -> None:
    assert audit(tmp_path, "verify", "--head", head).exit_code == 2


async def _serve(data: Path) -> None:
    documents = SqliteDocuments(data / DATABASE_FILE)
    await documents.start(TERM_TABLE)
    await register_payers(replace(shipped_system(), documents=documents))
    await documents.close()


def test_the_usage_figures_of_a_year_are_printed(tmp_path: Path) -> None:
    stored(tmp_path, datetime(2026, 3, 1, tzinfo=UTC))
    asyncio.run(_serve(tmp_path))
    result = audit(tmp_path, "usage", "sample-payer", "2026")
    assert result.stdout.splitlines()[0] == "patients with a transfer to an app: 1"


def test_the_decisions_of_a_year_are_counted(tmp_path: Path) -> None:
    asyncio.run(_serve(tmp_path))
    result = audit(tmp_path, "decisions", "sample-payer", "2026")
    assert result.stdout.splitlines() == [
        "items decided: 0",
        "items decided late: 0",
        "times that ended before the decision: 0",
    ]


@pytest.mark.parametrize("command", ["usage", "decisions"])
def test_the_figures_of_an_unknown_payer_are_refused_with_the_known_ones(tmp_path: Path, command: str) -> None:
    asyncio.run(_serve(tmp_path))
    result = audit(tmp_path, command, "sample", "2026")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "The store has no payer sample. The payers are sample-payer, second-payer.\n"


def test_the_usage_figures_of_an_unused_store_are_refused(tmp_path: Path) -> None:
    result = audit(tmp_path, "usage", "sample-payer", "2026")
    assert result.stderr == "The store has no payer sample-payer. No server has used the store yet.\n"
