"""A server starts with the operator's file of clients, and refuses a wrong one with every problem."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.house.code import ROOT
from tests.support.environment import plain_environment
from tests.support.process import server_process

PEOPLE = """\
organizations:
  - {id: acme, npis: ["1234567893"]}
clients:
  - {id: acme-ehr, role: provider, organizations: [acme], scopes: [system/*.rs]}
users:
  - {id: dana, role: reviewer, payers: [northwind]}
"""


def preauth(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    plain = plain_environment()
    command = [sys.executable, "-m", "app.cli", *words]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env={**plain, "PREAUTH_DATA": str(data)}, check=False
    )


def listed(data: Path, kind: str) -> dict[str, Any]:
    rows = json.loads(preauth(data, kind, "list", "--json").stdout)
    return {row["id"]: row for row in rows if row["source"] == "file"}


@pytest.mark.slow
def test_each_start_makes_the_rows_of_the_file_equal_to_it(tmp_path: Path) -> None:
    file = tmp_path / "people.yaml"
    file.write_text(PEOPLE, encoding="utf-8")
    with server_process(tmp_path, clients=file):
        assert not listed(tmp_path, "client")["acme-ehr"]["disabled"]
        preauth(tmp_path, "client", "rotate", "acme-ehr", "--key-folder", str(tmp_path))
        preauth(tmp_path, "user", "disable", "dana")
    keys = listed(tmp_path, "client")["acme-ehr"]["jwks"]
    with server_process(tmp_path, clients=file):
        assert listed(tmp_path, "client")["acme-ehr"]["jwks"] == keys
        assert listed(tmp_path, "user")["dana"]["disabled"]
    file.write_text("organizations: [{id: acme}]", encoding="utf-8")
    with server_process(tmp_path, clients=file):
        assert listed(tmp_path, "client")["acme-ehr"]["disabled"]
    log = (tmp_path / "server.log").read_text(encoding="utf-8")
    assert '"at":"file","payer":"northwind","count":1,"event":"people of a payer without a policy"' in log
    assert "dana" not in log


@pytest.mark.slow
def test_a_wrong_file_stops_the_start_with_all_problems(tmp_path: Path) -> None:
    file = tmp_path / "people.yaml"
    file.write_text(PEOPLE.replace("1234567893", "1").replace("reviewer", "nurse"), encoding="utf-8")
    plain = plain_environment()
    attempt = subprocess.run(
        [sys.executable, "-m", "app.cli", "serve", "--port", "0", "--data", str(tmp_path / "data")],
        capture_output=True, text=True, cwd=ROOT, env={**plain, "PREAUTH_CLIENTS": str(file)}, check=False,
    )  # fmt: skip
    assert attempt.returncode == 3
    first, second = attempt.stderr.strip().splitlines()
    assert first.startswith(f"{file}:2: `npis` must have NPIs")
    assert second.startswith(f"{file}:6: `role` must be ")
