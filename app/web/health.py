"""Whether the server can serve: for load balancers and container health checks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from starlette.responses import JSONResponse, Response

from app.ports import Documents, StoreUnavailable
from app.web.request import FhirRequest

KEPT_SECONDS = 1.0
"""For how long an answer about the store is given again: whoever asks more often does not load the store."""

LONGEST_SECONDS = 2.0


async def health(request: FhirRequest) -> Response:
    """Answer 200 when the store answers, else 503; says nothing else about the inside."""
    try:
        await request.system.documents.get("meta", "health")
    except StoreUnavailable as outage:
        return _unavailable(request, outage)
    return JSONResponse({"status": "ok"})


async def live(_: FhirRequest) -> Response:
    """Answer 200: the process serves. Asks nothing of the store, so that its outage restarts no server."""
    return JSONResponse({"status": "ok"})


class Readiness:
    """Tells whether the store can write, by writing to it, once a second at most."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = asyncio.Lock()
        self._asked: float | None = None
        self._outage: StoreUnavailable | None = None

    async def ready(self, request: FhirRequest) -> Response:
        """Answer 200 when a commit goes through, else 503."""
        async with self._lock:
            if self._asked is None or self._monotonic() - self._asked >= KEPT_SECONDS:
                self._outage = await _outage(request.system.documents)
                self._asked = self._monotonic()
        return JSONResponse({"status": "ready"}) if self._outage is None else _unavailable(request, self._outage)


async def _outage(documents: Documents) -> StoreUnavailable | None:
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            await documents.ping()
    except StoreUnavailable as outage:
        return outage
    except TimeoutError as slow:
        late = StoreUnavailable("the store did not answer in time")
        late.__cause__ = slow
        return late
    return None


def _unavailable(request: FhirRequest, outage: StoreUnavailable) -> Response:
    request.scope["state"]["unavailable"] = outage
    return JSONResponse({"status": "unavailable"}, 503)
