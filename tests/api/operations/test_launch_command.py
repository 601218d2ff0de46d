"""`preauth launch` prints the URL that launches an app from a running demo, and bypasses no check of the server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from tests.support.apps import asking
from tests.support.environment import remove_settings
from tests.support.process import ServerProcess, bearer, server_process
from tests.support.samples import request_bundle

MEMBER = ("--member", "sample-payer/M001")


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    remove_settings(monkeypatch)
    monkeypatch.setenv("COLUMNS", "500")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def payer(folder: Path) -> Iterator[ServerProcess]:
    """Serve a demo in which ehr-a sees the member M001."""
    with server_process(folder) as server:
        headers = {"Authorization": bearer(folder, "ehr-a"), "Content-Type": "application/fhir+json"}
        answer = httpx.post(f"{server.url}/Claim/$submit", json=request_bundle(), headers=headers, trust_env=False)
        assert answer.status_code == 200, answer.text
        yield server


def run(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["launch", *arguments, "--data", str(data)])


def test_the_url_launches_the_app_for_the_patient(payer: ServerProcess, folder: Path) -> None:
    result = run(folder, "provider-app", *MEMBER, "--url", "http://localhost:8002/start?theme=dark")
    assert (result.exit_code, result.stderr, result.stdout.count("\n")) == (0, "", 1)
    assert result.stdout.startswith("http://localhost:8002/start?theme=dark&iss=")
    opened = parse_qs(urlsplit(result.stdout.strip()).query)
    assert opened["iss"] == [payer.url]
    asked = asking("provider-app", launch=opened["launch"][0], aud=payer.url, scope="launch openid patient/*.rs")
    asked["redirect_uri"] = "http://localhost:8002/callback"
    page = httpx.get(f"{payer.url.removesuffix('/fhir')}/oauth/authorize", params=asked, trust_env=False)
    assert (page.status_code, "Sign in" in page.text) == (200, True), page.text


def test_the_url_of_the_app_is_at_the_origin_of_its_redirect(payer: ServerProcess, folder: Path) -> None:
    result = run(folder, "provider-app", *MEMBER, "--json")
    answer = json.loads(result.stdout)
    assert answer.keys() == {"launch", "iss", "expires_in", "url"}
    assert answer["url"].startswith("http://127.0.0.1:8002/launch?iss=")
    assert answer["iss"] == payer.url


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["patient-app", *MEMBER], "patient-app must be an app with the scope launch"),
        (["ehr-a", *MEMBER], "ehr-a must be an app with the scope launch"),
        (["nobody", *MEMBER], "must be a registered client"),
        (["provider-app"], "one of the two is needed"),
        (["provider-app", *MEMBER, "--patient", "x"], "one of the two is needed"),
        (["provider-app", "--member", "M001"], "must be a payer and a member id"),
        (["provider-app", "--patient", "x"], "No patient with this id is on record for this caller."),
        (["provider-app", *MEMBER, "--portal", "ehr-b"], "No patient with this id is on record for this caller."),
        (["provider-app", *MEMBER, "--portal", "patient-1"], "A portal sees the patients of its own requests"),
    ],
)
def test_a_launch_that_no_portal_could_make_is_refused(
    payer: ServerProcess, folder: Path, arguments: list[str], sentence: str
) -> None:
    assert payer.url
    result = run(folder, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr


def test_a_server_that_does_not_run_is_named(tmp_path: Path) -> None:
    with server_process(tmp_path) as server:
        root = server.url.removesuffix("/fhir")
        assert server.stop() == 0
    result = run(tmp_path, "provider-app", *MEMBER)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"No server answers at {root}. Start it first: ")


def test_the_command_launches_nothing_in_production(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREAUTH_ENVIRONMENT", "production")
    monkeypatch.setenv("PREAUTH_BASE_URL", "https://pas.payer.example")
    result = run(folder, "provider-app", *MEMBER)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "a portal gets launch handles with its own token" in result.stderr
