from __future__ import annotations

from tests.api.conftest import lenient_server as lenient_server  # noqa: PLC0414 - a fixture of the tests of the API
from tests.api.conftest import server as server  # noqa: PLC0414 - the fixture of the API's tests
