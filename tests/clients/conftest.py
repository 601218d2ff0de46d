"""A demo server with a registered backend service, and a token that the service got for itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.backend import Backend
from tests.support.process import server_process
from tests.support.registering import add_backend


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor's system: the FHIR base that it calls, and its token."""

    base: str
    token: str


@pytest.fixture(scope="session")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Backend]]:
    """A demo server, and a backend service that it knows."""
    folder = tmp_path_factory.mktemp("vendor")
    backend = Backend("vendor")
    with server_process(folder) as server:
        add_backend(folder, backend, "org-a")
        yield server.url, backend


@pytest.fixture
def vendor(registered: tuple[str, Backend]) -> Vendor:
    """The vendor's system at the start of a test. Its token ends sooner than a slow run of all tests."""
    url, backend = registered
    return Vendor(url, backend.token(url))
