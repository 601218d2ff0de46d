"""Health checks for load balancers and containers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import JSONResponse

from app.ports import Documents, StoreUnavailable
from app.web.middleware import report_unavailable
from app.web.page_routes import GET, ServingSystem, page_router
from app.workflow.system import System

router = page_router("/health")

_UNAVAILABLE: dict[int | str, dict[str, Any]] = {503: {"description": "The store cannot answer."}}

KEPT_SECONDS = 1.0
"""Seconds for which a check is reused, so that frequent requests do not load the store."""

LONGEST_SECONDS = 2.0


class Readiness:
    """Know whether the store can write; check it at most once a second."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = asyncio.Lock()
        self._checked: float | None = None
        self._outage: StoreUnavailable | None = None

    async def outage(self, documents: Documents) -> StoreUnavailable | None:
        """Return why the store cannot write, or None if a commit goes through."""
        async with self._lock:
            if self._checked is None or self._monotonic() - self._checked >= KEPT_SECONDS:
                self._outage = await _outage(documents)
                self._checked = self._monotonic()
        return self._outage


async def _readiness(request: Request) -> Readiness:
    readiness: Readiness = request.app.state.readiness
    return readiness


@router.api_route("", methods=GET, summary="Check that the server can read its store", responses=_UNAVAILABLE)
async def health(request: Request, system: ServingSystem) -> JSONResponse:
    """Answer 200 if the store answers a read, else 503."""
    try:
        await system.documents.get("meta", "health")
    except StoreUnavailable as outage:
        return _unavailable(request, outage)
    return JSONResponse({"status": "ok"})


@router.api_route("/live", methods=GET, summary="Check that the process runs")
async def live() -> JSONResponse:
    """Answer 200 without a read of the store: an outage of the store must not restart the server."""
    return JSONResponse({"status": "ok"})


@router.api_route("/ready", methods=GET, summary="Check that the server can write to its store", responses=_UNAVAILABLE)
async def ready(
    request: Request, system: ServingSystem, readiness: Annotated[Readiness, Depends(_readiness)]
) -> JSONResponse:
    """Answer 200 if the store can write and the clock is right, else 503."""
    outage = await readiness.outage(system.documents)
    if outage is not None:
        return _unavailable(request, outage)
    if await _is_far_off(system):
        return JSONResponse({"status": "unavailable"}, 503)
    return JSONResponse({"status": "ready"})


async def _is_far_off(system: System) -> bool:
    """Return whether the clock is far off: tokens, deadlines and the order of records would be wrong."""
    try:
        return await system.clock_watch.is_far_off(system.clock, system.documents)
    except StoreUnavailable:
        return False  # the next check of the store reports it


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


def _unavailable(request: Request, outage: StoreUnavailable) -> JSONResponse:
    report_unavailable(request.scope, outage)
    return JSONResponse({"status": "unavailable"}, 503)
