"""Several processes on one data folder: an assertion is good once for all of them, also after a restart."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from app.adapters.sqlite.store import SqliteDocuments
from app.adapters.tokens.key_files import rotate_key
from app.records.kinds import TERM_TABLE
from app.safety.data_folder import DATABASE_FILE
from tests.support.assertions import assertion, form, rsa_key
from tests.support.backend_clients import register_backends
from tests.support.process import ServerProcess, server_process
from tests.support.server import ROOT

HANGS = 30


async def _registered(folder: Path) -> None:
    documents = SqliteDocuments(folder / DATABASE_FILE)
    await documents.start(TERM_TABLE)
    await register_backends(documents)
    await documents.close()


def post(server: ServerProcess, fields: dict[str, str]) -> httpx.Response:
    url = f"{server.url.removesuffix('/fhir')}/oauth/token"
    return httpx.post(url, data=fields, trust_env=False, timeout=HANGS)


@pytest.mark.slow
@pytest.mark.acceptance("A8", "A16")
def test_an_assertion_is_good_once_in_two_processes_and_after_a_restart(tmp_path: Path) -> None:
    with server_process(tmp_path, base_url=ROOT) as first:
        asyncio.run(_registered(tmp_path))
        with server_process(tmp_path, base_url=ROOT) as second:
            fields = form(assertion(rsa_key(), "ehr-x", time.time()))
            with ThreadPoolExecutor(16) as pool:
                answers = list(pool.map(lambda number: post((first, second)[number % 2], fields), range(32)))
            assert sorted(answer.status_code for answer in answers) == [200] + [401] * 31
            rotate_key(tmp_path, time.time())
            (granted,) = [answer for answer in answers if answer.status_code == 200]
            bearer = {"Authorization": f"Bearer {granted.json()['access_token']}"}
            for server in (first, second):
                answer = httpx.get(f"{server.url}/Claim", headers=bearer, trust_env=False, timeout=HANGS)
                assert answer.status_code == 200
    with server_process(tmp_path, base_url=ROOT) as again:
        assert post(again, fields).status_code == 401
        assert post(again, form(assertion(rsa_key(), "ehr-x", time.time()))).status_code == 200
        answer = httpx.get(f"{again.url}/Claim", headers=bearer, trust_env=False, timeout=HANGS)
        assert answer.status_code == 200
