"""`preauth client rotate` gives no keys to a client that proves its identity by a certificate."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.access.grant import Role
from app.access.registry import Client, Source
from app.adapters.sqlite.store import SqliteDocuments
from app.cli import app
from app.cli.ending import CANNOT_USE
from app.records.access.registry import add_row
from app.records.kinds import TERM_TABLE
from app.safety.data_folder import DATABASE_FILE, claim_folder
from tests.support.environment import remove_settings

MEMBER = Client(
    id="udap-1", role=Role.PROVIDER, scopes=("system/Claim.r",), source=Source.UDAP, udap="https://a.example"
)


async def _registered(folder: Path) -> None:
    documents = SqliteDocuments(folder / DATABASE_FILE)
    await documents.start(TERM_TABLE)
    await add_row(documents, MEMBER)
    await documents.close()


def test_a_member_of_a_community_has_no_keys_to_rotate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key of its own would never get it a token."""
    remove_settings(monkeypatch)
    claim_folder(tmp_path, "demo")
    asyncio.run(_registered(tmp_path))
    result = CliRunner().invoke(app, ["client", "rotate", MEMBER.id, "--data", str(tmp_path)])
    assert result.exit_code == CANNOT_USE
    assert "by a certificate of its community" in result.stderr
