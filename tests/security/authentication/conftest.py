from __future__ import annotations

import pytest

from tests.support.apps import Browser, with_people
from tests.support.backend_clients import register_backends
from tests.support.server import Server


@pytest.fixture
async def browser(server: Server) -> Browser:
    return Browser(await with_people(server))


@pytest.fixture
async def backends(server: Server) -> Server:
    await register_backends(server.system.documents)
    return server
