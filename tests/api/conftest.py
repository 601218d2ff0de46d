from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from app.adapters.mongodb.store import MongoDocuments
from app.ports import Documents
from tests.support.racing import STORES
from tests.wire import drop


@pytest.fixture(params=[*STORES, "mongodb"])
def each_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Documents]:
    """A store of each kind, which several servers can use."""
    if request.param != "mongodb":
        yield STORES[request.param](tmp_path)
        return
    url, database = request.getfixturevalue("mongodb_url"), f"preauth-{uuid4().hex}"
    yield MongoDocuments(url, database)
    drop(url, database)
