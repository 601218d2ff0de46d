from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.conformance.strictness import Level
from tests.support.server import Server, at_level, serving


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    """A server that binds clients to their own providers, as it does by default."""
    async with serving(tmp_path, requestor_client_bound=True) as running:
        yield running


@pytest.fixture
async def lenient(tmp_path: Path) -> AsyncIterator[Server]:
    """Such a server that lets through what R4 allows, for bodies that the profiles refuse."""
    async with serving(tmp_path, requestor_client_bound=True, conformance=at_level(Level.LENIENT)) as running:
        yield running
