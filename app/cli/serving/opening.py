"""Prepare a demo server before it reports ready: play the demo if requested, and print lines for another shell."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable

from app.demo.by_hand import shell_lines
from app.demo.seed import seed
from app.settings import Settings
from app.workflow.system import System

Opening = Callable[[str], Awaitable[None]]
"""Called with the bound address, when the server takes requests and before it reports ready."""


def opening(settings: Settings, system: System, *, seeded: bool) -> Opening:
    """Return the preparation for these settings. It prints to standard error; standard output has the ready line."""

    async def opened(bound: str) -> None:
        if seeded and (outcome := await seed(system, settings.data, f"{reachable(bound)}/fhir")):
            _print(outcome)
        if settings.environment == "demo":
            _print(shell_lines(settings, f"{settings.base_url or bound}/fhir"))

    return opened


def reachable(bound: str) -> str:
    """Replace the wildcard address by the loopback address, which a client can call."""
    return bound.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")


def _print(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
