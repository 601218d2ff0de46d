"""A disabled client gets no new token, and its tokens are refused within 60 seconds, in every process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.access.registry import Client, Organization, Previous
from app.adapters.sqlite.store import SqliteDocuments
from app.records.access.registry import change_row
from app.safety.data_folder import DATABASE_FILE
from tests.house.code import ROOT
from tests.support.assertions import assertion, form, rsa_key
from tests.support.backend_clients import KEYS
from tests.support.server import Server, serving

SECONDS = 60


@pytest.mark.acceptance("A14")
async def test_a_disabled_client_gets_no_token_and_its_tokens_end_within_a_minute(backends: Server) -> None:
    server = backends
    fields = form(assertion(rsa_key(), "ehr-x", server.clock.now().timestamp()))
    granted = await server.http.post("/oauth/token", data=fields)
    bearer = {"Authorization": f"Bearer {granted.json()['access_token']}"}
    assert (await server.http.get("/fhir/Claim", headers=bearer)).status_code == 200
    await change_row(server.system.documents, Client, "ehr-x", lambda row: replace(row, disabled=True))
    fields = form(assertion(rsa_key(), "ehr-x", server.clock.now().timestamp()))
    assert (await server.http.post("/oauth/token", data=fields)).status_code == 401
    server.clock.move(seconds=SECONDS)
    assert (await server.http.get("/fhir/Claim", headers=bearer)).status_code == 401


async def test_the_key_before_a_rotation_is_good_until_the_overlap_ends(backends: Server) -> None:
    server = backends
    now = server.clock.now().timestamp()
    previous = Previous(until=now + SECONDS, jwks=KEYS)
    await change_row(
        server.system.documents, Client, "ehr-x", lambda row: replace(row, jwks={"keys": []}, previous=previous)
    )
    during = await server.http.post("/oauth/token", data=form(assertion(rsa_key(), "ehr-x", now)))
    server.clock.move(seconds=SECONDS)
    later = form(assertion(rsa_key(), "ehr-x", server.clock.now().timestamp()))
    after = await server.http.post("/oauth/token", data=later)
    assert (during.status_code, after.status_code) == (200, 401)


@pytest.mark.acceptance("A14")
async def test_the_client_of_a_disabled_organization_is_refused_within_a_minute(server: Server) -> None:
    assert (await server.get("/Claim")).status_code == 200
    await change_row(server.system.documents, Organization, "org-a", lambda row: replace(row, disabled=True))
    server.clock.move(seconds=SECONDS)
    assert (await server.get("/Claim")).status_code == 401
    assert (await server.get("/Claim", "ehr-b")).status_code == 200


@pytest.mark.slow
@pytest.mark.acceptance("A14")
async def test_a_command_in_another_process_disables_a_client_of_a_running_server(tmp_path: Path) -> None:
    async with serving(tmp_path, documents=SqliteDocuments(tmp_path / DATABASE_FILE)) as server:
        assert (await server.get("/Claim", "ehr-b")).status_code == 200
        client(tmp_path, "disable", "ehr-b")
        server.clock.move(seconds=SECONDS)
        assert (await server.get("/Claim", "ehr-b")).status_code == 401
        assert (await server.get("/Claim", "ehr-a")).status_code == 200
        client(tmp_path, "enable", "ehr-b")
        assert (await server.get("/Claim", "ehr-b")).status_code == 200


def client(data: Path, action: str, name: str) -> None:
    command = [sys.executable, "-m", "app.cli", "client", action, name, "--data", str(data)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
