from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.adapters.udap.server import udap_server
from tests.support.apps import Browser, with_people
from tests.support.backend_clients import register_backends
from tests.support.server import ROOT, Server, serving
from tests.support.udap import written


@pytest.fixture
async def browser(server: Server) -> Browser:
    return Browser(await with_people(server))


@pytest.fixture
async def backends(server: Server) -> Server:
    await register_backends(server.system.documents)
    return server


@pytest.fixture
async def community(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(tmp_path, udap=udap_server(written(tmp_path, f"{ROOT}/fhir"), ROOT)) as server:
        yield server
