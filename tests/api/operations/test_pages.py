"""The commands and files on the pages about tokens work."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from app.access.grant import Role
from app.access.outbound.endpoint import OutboundRules
from app.access.registry import ClientAuth
from app.registry.issuers_file import read_issuers
from app.registry.people_file import read_people_file
from app.registry.udap_file import read_udap
from tests.house.code import ROOT
from tests.support.apps import AUTHORIZE, Page
from tests.support.process import ServerProcess, bearer, server_process
from tests.support.samples import request_bundle

TOKENS = (ROOT / "docs" / "tokens.md").read_text(encoding="utf-8")
APP, ISSUERS, UDAP = re.findall(r"```yaml\n(.*?)```", TOKENS, re.DOTALL)
VERIFIER = "x" * 43
PRELUDE = """\
preauth() { "$PYTHON" -m app.cli "$@"; }
"""


needs_programs = pytest.mark.skipif(
    not all(map(shutil.which, ("curl", "openssl", "basenc"))), reason="curl, openssl or basenc is not installed"
)


def blocks(section: str) -> list[str]:
    """Return the shell blocks of a section of the page."""
    [text] = [part for part in re.split(r"^## ", TOKENS, flags=re.MULTILINE) if part.startswith(section)]
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL)


def run(server: ServerProcess, data: Path, *scripts: str) -> str:
    """Run shell blocks as a reader does, against this server instead of the usual address."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PREAUTH_")}
    done = subprocess.run(
        ["sh", "-eu"],
        check=False,
        input="".join((PRELUDE, *scripts)).replace("http://127.0.0.1:8000", server.url.removesuffix("/fhir")),
        capture_output=True,
        text=True,
        env={**plain, "PYTHON": sys.executable, "PYTHONPATH": str(ROOT), "PREAUTH_DATA": str(data)},
        cwd=data.parent,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.mark.slow
@needs_programs
def test_a_backend_service_gets_a_token_with_openssl(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with server_process(data) as server:
        answer = json.loads(run(server, data, *blocks("2. ")).splitlines()[-1])
    assert answer["scope"] == "system/Claim.cs system/ClaimResponse.rs"
    assert answer["expires_in"] == 300


@pytest.mark.slow
@needs_programs
def test_an_app_does_a_standalone_launch_by_hand(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    register, opened, redeem = blocks("3. ")
    fixed = f"VERIFIER={VERIFIER}\n"
    with server_process(data) as server:
        headers = {"Authorization": bearer(data, "ehr-a"), "Content-Type": "application/fhir+json"}
        httpx.post(f"{server.url}/Claim/$submit", json=request_bundle(), headers=headers, trust_env=False)
        url = run(server, data, register, opened.replace("CHALLENGE=", fixed + "CHALLENGE=")).splitlines()[-1]
        password = json.loads((data / "demo" / "passwords.json").read_text(encoding="utf-8"))["users"]["password"]
        code = allowed(url, "member-1", password)
        setting = f"SERVER={server.url.removesuffix('/fhir')}\n{fixed}"
        tokens = json.loads(run(server, data, setting, redeem.replace("the-code-of-that-URL", code)))
        read = httpx.get(f"{server.url}/ClaimResponse", headers=bearing(tokens), trust_env=False)
    assert tokens.keys() >= {"access_token", "patient", "refresh_token", "id_token"}
    assert [entry["resource"]["patient"] for entry in read.json()["entry"]] == [
        {"reference": f"Patient/{tokens['patient']}"}
    ]


def bearing(tokens: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


def allowed(url: str, user: str, password: str) -> str:
    """Sign in and allow everything, as a browser does; return the code."""
    with httpx.Client(trust_env=False, follow_redirects=True) as browser:
        page = sent(browser, browser.get(url), "login", user=user, password=password)
        browser.follow_redirects = False
        answer = sent(browser, page, "consent", decision="allow")
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


def sent(browser: httpx.Client, page: httpx.Response, step: str, **fields: str) -> httpx.Response:
    """Send the form of a step."""
    pairs = [*Page(page.text).forms[f"{AUTHORIZE}/{step}"], *fields.items()]
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return browser.post(page.url.join(f"{AUTHORIZE}/{step}"), content=urlencode(pairs), headers=form)


def test_the_example_of_an_app_as_data_is_the_app_of_the_command(tmp_path: Path) -> None:
    (tmp_path / "clients.yaml").write_text(APP, encoding="utf-8")
    [client] = read_people_file(tmp_path / "clients.yaml").clients
    assert (client.id, client.role, client.auth) == ("my-app", Role.PATIENT, ClientAuth.NONE)
    command = blocks("3. ")[0]
    for value in (client.id, client.name, *client.grants, *client.redirect_uris, *client.scopes):
        assert value in command


def test_the_example_of_a_file_of_issuers_is_read(tmp_path: Path) -> None:
    (tmp_path / "issuers.yaml").write_text(ISSUERS, encoding="utf-8")
    [issuer] = read_issuers(tmp_path / "issuers.yaml", OutboundRules())
    assert issuer.audience == "https://pas.payer.example/fhir"


def test_the_example_of_a_udap_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "udap.yaml").write_text(UDAP, encoding="utf-8")
    udap = read_udap(tmp_path / "udap.yaml")
    assert udap.organizations == {"https://ehr.example/fhir": ("acme",)}
    assert udap.organization_ids == {"https://ehr.example/organizations/a": "acme"}
