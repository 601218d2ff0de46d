from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from app.adapters.mongodb.store import MongoDocuments
from app.conformance.strictness import Level
from app.ports import Documents
from tests.support.racing import STORES
from tests.support.server import Server, at_level, serving
from tests.support.subscribing import Endpoint
from tests.wire import drop


@pytest.fixture
def endpoint() -> Endpoint:
    """The endpoint of all subscribers."""
    return Endpoint()


@pytest.fixture
async def server(tmp_path: Path, endpoint: Endpoint) -> AsyncIterator[Server]:
    async with serving(tmp_path, notifier=endpoint) as running:
        yield running


@pytest.fixture
async def lenient_server(tmp_path: Path) -> AsyncIterator[Server]:
    """A server that lets through what R4 allows, for tests of what comes behind the profiles."""
    async with serving(tmp_path, conformance=at_level(Level.LENIENT)) as running:
        yield running


@pytest.fixture(params=[*STORES, "mongodb"])
def each_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Documents]:
    """A store of each kind, which several servers can use."""
    if request.param != "mongodb":
        yield STORES[request.param](tmp_path)
        return
    url, database = request.getfixturevalue("mongodb_url"), f"preauth-{uuid4().hex}"
    yield MongoDocuments(url, database)
    drop(url, database)
