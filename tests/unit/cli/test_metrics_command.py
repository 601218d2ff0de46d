"""`preauth metrics` counts the decisions of a store without a server."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner, Result

from app.access.grant import Role
from app.adapters.ids import RandomIds
from app.adapters.sqlite.store import SqliteDocuments
from app.audit.access import Actor
from app.cli import app
from app.domain.decision import ReviewAction
from app.fhir.instants import sortable
from app.ports import Documents
from app.records.kinds import TERM_TABLE
from app.safety.data_folder import DATABASE_FILE
from app.workflow.changes import reviewed_change, rows
from app.workflow.master.payers import register_payers
from tests.support.billing_samples import authorization, item
from tests.support.environment import remove_settings
from tests.support.server import shipped_system

AT = datetime(2026, 3, 1, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    remove_settings(monkeypatch)


def metrics(data: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["metrics", *words, "--data", str(data)])


async def _decide(documents: Documents, id_: str, action: ReviewAction) -> None:
    record = replace(authorization(item(action=action)), id=id_, payer="sample-payer", number=None)
    change = reviewed_change("submit", None, record, ())
    await documents.commit(*rows(Actor(sortable(AT), "ehr-a", role=Role.PROVIDER), RandomIds(), change))


async def _stored(data: Path) -> None:
    documents = SqliteDocuments(data / DATABASE_FILE)
    await documents.start(TERM_TABLE)
    await register_payers(replace(shipped_system(), documents=documents))
    await _decide(documents, "approved", ReviewAction.CERTIFIED)
    await _decide(documents, "denied", ReviewAction.NOT_CERTIFIED)
    await documents.close()


def test_the_figures_of_a_year_are_printed_in_each_format(tmp_path: Path) -> None:
    asyncio.run(_stored(tmp_path))
    table = metrics(tmp_path, "sample-payer", "2026")
    assert table.exit_code == 0, table.output
    assert "standard-approved,Standard requests approved in full,1,2,50.0,," in table.stdout.splitlines()
    counted = json.loads(metrics(tmp_path, "sample-payer", "2026", "--format", "json").stdout)
    assert (counted["requests"], counted["counted"]) == (2, 2)
    fhir = json.loads(metrics(tmp_path, "sample-payer", "2026", "--format", "fhir").stdout)
    assert fhir["resourceType"] == "MeasureReport"
    assert json.loads(metrics(tmp_path, "sample-payer", "2025", "--format", "json").stdout)["requests"] == 0


def test_acts_after_the_moment_do_not_count(tmp_path: Path) -> None:
    asyncio.run(_stored(tmp_path))
    earlier = metrics(tmp_path, "sample-payer", "2026", "--format", "json", "--as-of", "2026-02-01")
    assert json.loads(earlier.stdout)["requests"] == 0


def test_a_payer_that_the_store_never_served_is_refused(tmp_path: Path) -> None:
    asyncio.run(_stored(tmp_path))
    refused = metrics(tmp_path, "other-payer", "2026")
    assert (refused.exit_code, "The store has no payer other-payer." in refused.stderr) == (2, True)
