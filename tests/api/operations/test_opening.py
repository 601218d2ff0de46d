"""A demo server before it is ready: it plays the demo into an empty store and prints lines for another shell."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from app.adapters.sqlite.store import SqliteDocuments
from app.cli import app
from app.cli.serving.opening import reachable
from app.demo.by_hand import shell_lines
from app.demo.seed import seed
from app.demo.story import STORY
from app.policy.loading import SHIPPED_POLICIES
from app.settings import load_settings
from tests.api.reading import SAMPLES
from tests.support.environment import plain_environment, remove_settings
from tests.support.process import LOG_FILE, bearer, server_process
from tests.support.server import serving

STEPS = sum(len(chapter.steps) for chapter in STORY)


def said(folder: Path) -> list[str]:
    """Return the lines that a server printed beside its log."""
    return [line for line in (folder / LOG_FILE).read_text(encoding="utf-8").splitlines() if not line.startswith("{")]


def found(url: str, data: Path, client: str = "ehr-a") -> list[str]:
    """Search all answers, and return their ids."""
    headers = {"Authorization": bearer(data, client)}
    bundle = httpx.get(f"{url}/ClaimResponse?_count=100", headers=headers, trust_env=False).json()
    return [entry["resource"]["id"] for entry in bundle.get("entry", [])]


@pytest.mark.slow
def test_a_seeded_server_plays_the_demo_once_before_it_is_ready(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with server_process(tmp_path, "--seed", "--data", str(data)) as server:
        first = found(server.url, data)
        assert len(found(server.url, data, "reviewer")) > 5
    assert said(tmp_path)[0] == f"The demo filled the empty store in {STEPS} steps."
    (tmp_path / LOG_FILE).unlink()
    with server_process(tmp_path, "--seed", "--data", str(data)) as server:
        assert found(server.url, data) == first != []
    assert not any("The demo filled" in line for line in said(tmp_path) if not line.startswith("export"))


@pytest.mark.slow
def test_a_store_in_use_is_not_seeded(tmp_path: Path) -> None:
    with server_process(tmp_path) as server:
        assert found(server.url, tmp_path) == []
        headers = {"Authorization": bearer(tmp_path, "ehr-a"), "Content-Type": "application/fhir+json"}
        body = (SAMPLES / "request-deny.json").read_bytes()
        httpx.post(f"{server.url}/Claim/$submit", content=body, headers=headers, trust_env=False).raise_for_status()
    with server_process(tmp_path, "--seed") as server:
        assert len(found(server.url, tmp_path)) == 1


def test_a_server_with_a_failed_demo_prints_one_line_and_serves(tmp_path: Path) -> None:
    policy = str(SHIPPED_POLICIES / "second-payer.yaml")
    with server_process(tmp_path, "--seed", "--policy", policy) as server:
        assert httpx.get(f"{server.url}/metadata", trust_env=False).status_code == 200
    first, *_ = said(tmp_path)
    assert re.fullmatch(r"The demo stopped before its end: Step 1: the EHR .*", first)


async def test_the_payers_own_organizations_do_not_count_as_use(tmp_path: Path) -> None:
    async with serving(tmp_path) as server:
        outcome = await seed(server.system, tmp_path, "http://127.0.0.1:9/fhir")
        assert outcome is not None
        assert "stopped before its end: Step 1: " in outcome


async def test_an_unavailable_store_stops_the_demo_and_not_the_server(tmp_path: Path) -> None:
    async with serving(tmp_path) as server:
        system = replace(server.system, documents=SqliteDocuments(tmp_path / "never-opened"))
        assert await seed(system, tmp_path, "http://127.0.0.1:9/fhir") == (
            "The demo stopped before its end: the store is closed"
        )


def test_production_refuses_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    remove_settings(monkeypatch)
    monkeypatch.setenv("PREAUTH_ENVIRONMENT", "production")
    result = CliRunner().invoke(app, ["serve", "--port", "0", "--seed"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "--seed plays the demo; it must not be used in production.\n"


@pytest.mark.slow
def test_the_lines_for_another_shell_open_the_server(tmp_path: Path) -> None:
    data = tmp_path / "my data"
    with server_process(tmp_path, "--data", str(data)) as server:
        comment, *exports = said(tmp_path)
        assert comment.startswith("# ")
        lines = [*exports, 'echo "$FHIR"', 'echo "$TOKEN"']
        plain = plain_environment()
        plain["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{plain['PATH']}"
        shell = subprocess.run(
            ["sh", "-eu"], input="\n".join(lines), env=plain, capture_output=True, text=True, check=True
        )
        base, token = shell.stdout.split()
        assert base == server.url
        headers = {"Authorization": f"Bearer {token}"}
        assert httpx.get(f"{base}/ClaimResponse", headers=headers, trust_env=False).status_code == 200
    assert shlex.quote(str(data)) in exports[1]


def test_the_token_of_another_shell_follows_a_moved_clock(tmp_path: Path) -> None:
    lines = shell_lines(load_settings(data=tmp_path, clock_offset=-60), "http://127.0.0.1:8000/fhir")
    assert "export TOKEN=$(PREAUTH_CLOCK_OFFSET=-60 " in lines


@pytest.mark.parametrize(
    ("bound", "called"),
    [
        ("http://0.0.0.0:8000", "http://127.0.0.1:8000"),
        ("http://[::]:8000", "http://[::1]:8000"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1"),
    ],
)
def test_a_server_on_all_addresses_plays_the_demo_on_loopback(bound: str, called: str) -> None:
    assert reachable(bound) == called
