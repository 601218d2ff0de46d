from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.conformance.strictness import Level
from tests.support.server import Server, at_level, serving


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(tmp_path) as running:
        yield running


@pytest.fixture
async def lenient_server(tmp_path: Path) -> AsyncIterator[Server]:
    """A server that lets through what R4 allows, for tests of what comes behind the profiles."""
    async with serving(tmp_path, conformance=at_level(Level.LENIENT)) as running:
        yield running
