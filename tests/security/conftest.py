from __future__ import annotations

from tests.api.conftest import server as server  # noqa: PLC0414 - the fixture of the API's tests
