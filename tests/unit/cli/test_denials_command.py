"""`preauth denials` counts the answers to billing claims of a store without a server."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner, Result

from app.adapters.sqlite.store import SqliteDocuments
from app.cli import app
from app.domain.bill.bill import AnsweredLine, Bill, LineAnswer
from app.records.bills.bills import bill_write
from app.records.kinds import TERM_TABLE
from app.safety.data_folder import DATABASE_FILE
from app.workflow.master.payers import register_payers
from tests.support.environment import remove_settings
from tests.support.server import shipped_system

QUARTER = ("2026-01-01", "2026-03-31")


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    remove_settings(monkeypatch)


def denials(data: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["denials", *words, "--data", str(data)])


async def _stored(data: Path) -> None:
    documents = SqliteDocuments(data / DATABASE_FILE)
    await documents.start(TERM_TABLE)
    await register_payers(replace(shipped_system(), documents=documents))
    for number, answer in enumerate((LineAnswer.PAID, LineAnswer.DENIED)):
        line = AnsweredLine("1", None, "1234567893", answer)
        received = datetime(2026, 3, 31, 23, number, tzinfo=UTC)
        made = Bill(f"claim-{number}", f"response-{number}", "sample-payer", "owner", "biller", "p", received, (line,))
        await documents.commit(bill_write(None, made))
    await documents.close()


def test_the_answers_of_a_period_are_printed_in_each_format(tmp_path: Path) -> None:
    asyncio.run(_stored(tmp_path))
    table = denials(tmp_path, "sample-payer", *QUARTER)
    assert table.exit_code == 0, table.output
    assert "lines-denied,Lines denied,1,2,50.0,," in table.stdout.splitlines()
    assert json.loads(denials(tmp_path, "sample-payer", *QUARTER, "--format", "json").stdout)["claims"] == 2
    fhir = json.loads(denials(tmp_path, "sample-payer", *QUARTER, "--format", "fhir").stdout)
    assert fhir["resourceType"] == "MeasureReport"
    later = denials(tmp_path, "sample-payer", "2026-04-01", "2026-04-30", "--format", "json")
    assert json.loads(later.stdout)["claims"] == 0


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("sample-payer", "2026-03-31", "2026-01-01"), "must not be before"),
        (("sample-payer", "2026", "2026-01-01"), "does not match the format"),
        (("other-payer", *QUARTER), "The store has no payer other-payer."),
    ],
)
def test_a_period_or_a_payer_that_cannot_be_counted_is_refused(
    tmp_path: Path, words: tuple[str, ...], reason: str
) -> None:
    asyncio.run(_stored(tmp_path))
    refused = denials(tmp_path, *words)
    assert (refused.exit_code, reason in refused.output) == (2, True)
