"""A demo says what it is on every response, in its metadata and on its pages; production shows no pages."""

from __future__ import annotations

import socket
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from app.cli import app
from tests.support.process import server_process
from tests.support.server import serving

PAGES = ("/", "/docs", "/openapi.json")
HEALTH = ("/health", "/health/live", "/health/ready")


def test_every_response_of_a_demo_has_its_mark(tmp_path: Path) -> None:
    with server_process(tmp_path) as server, httpx.Client(base_url=server.url, trust_env=False) as http:
        answers = [http.get(path) for path in ("/metadata", "/Claim/1", "/nowhere", "/metadata?x=" + "x" * 9000)]
        with socket.create_connection(server.address) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
            refusal = connection.recv(4096)
    assert [answer.status_code for answer in answers] == [200, 401, 404, 414]
    assert {answer.headers["x-preauth-mode"] for answer in answers} == {"demo"}
    assert b"\r\nx-preauth-mode: demo\r\n" in refusal.lower()


@pytest.mark.parametrize(("demo", "said"), [(True, True), (False, False)])
async def test_the_metadata_of_a_demo_names_a_test_server(tmp_path: Path, demo: bool, said: bool) -> None:
    async with serving(tmp_path, demo=demo) as server:
        metadata = (await server.http.get("/fhir/metadata")).json()
    assert ("test server" in metadata["implementation"]["description"]) is said


@pytest.mark.parametrize("path", ["/", "/docs"])
@pytest.mark.parametrize("demo", [True, False])
async def test_only_the_pages_of_a_demo_have_a_banner(tmp_path: Path, path: str, demo: bool) -> None:
    async with serving(tmp_path, demo=demo) as server:
        page = await server.http.get(path, headers={"Accept": "text/html"})
    assert ('class="banner"' in page.text) is demo


@pytest.mark.acceptance("I88")
async def test_without_pages_only_the_health_checks_are_left_with_one_word_each(tmp_path: Path) -> None:
    async with serving(tmp_path, pages=False) as server:
        assert [(await server.http.get(path)).status_code for path in PAGES] == [404, 404, 404]
        health = [await server.http.get(path) for path in HEALTH]
    assert [answer.json() for answer in health] == [{"status": "ok"}, {"status": "ok"}, {"status": "ready"}]


def test_a_demo_on_all_addresses_is_refused_with_the_remedy(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["serve", "--host", "0.0.0.0", "--port", "0", "--data", str(tmp_path / "data")])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Use --host 127.0.0.1, or repeat the address: --demo-bind 0.0.0.0." in result.stderr
    assert not (tmp_path / "data").exists()


def test_an_unconfigured_production_lists_all_missing_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREAUTH_ENVIRONMENT", "production")
    result = CliRunner().invoke(app, ["serve", "--port", "0", "--data", str(tmp_path / "data")])
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 4
    assert "PREAUTH_BASE_URL" in result.stderr
    assert not (tmp_path / "data").exists()
