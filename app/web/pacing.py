"""Limit the requests that no client answers for, by address: those without a token, or with an invalid one."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

from app.access.limiter import ThrottledError
from app.web.addresses import client_network
from app.web.bases import BASES
from app.web.error_answers import error_answer
from app.workflow.system import System

LONGEST_PAUSE = 0.25
"""Seconds that a 429 may wait, so that a client that ignores Retry-After does not load the server."""

_FREE = ("/health",)
"""Paths without a limit: a load balancer must get its answer during a flood."""

_BELOW_BASES = tuple(f"{base}/" for base in BASES)


class Pacing:
    """Refuses requests of an address that sends too many without a client.

    A request with a bearer token to a FHIR base is counted for its client (`caller.call_of`).
    """

    def __init__(self, app: ASGIApp, system: System) -> None:
        self.app, self.system = app, system

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and not _passes(scope):
            try:
                pace_by_address(scope, self.system)
            except ThrottledError as throttled:
                await pause(throttled)
                await error_answer(scope, throttled)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def pace_by_address(scope: Scope, system: System) -> None:
    """Count a request for its address, once. Raises ThrottledError."""
    state = scope["state"]
    if "paced" not in state:
        state["paced"] = True
        address = client_network(scope, system.trusted_proxies)
        system.budgets.limiter.pass_address(address, system.clock.now().timestamp())


async def pause(throttled: ThrottledError) -> None:
    """Wait a moment before a 429."""
    await asyncio.sleep(min(throttled.seconds, LONGEST_PAUSE))


def _passes(scope: Scope) -> bool:
    path: str = scope["path"]
    if path.startswith(_BELOW_BASES):
        return any(name == b"authorization" and value[:7].lower() == b"bearer " for name, value in scope["headers"])
    return path.startswith(_FREE)
