"""What a demo server does before it says that it is ready: play the story if asked, and tell how to talk to it."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable

from app.demo.by_hand import shell_lines
from app.demo.seed import seed
from app.settings import Settings
from app.workflow.system import System

Opening = Callable[[str], Awaitable[None]]
"""Is called with the address that the server is bound to, once it accepts requests."""


def opening(settings: Settings, system: System, *, seeded: bool) -> Opening:
    """Return what the server of these settings does before it is ready; standard output is left to its one line."""

    async def opened(bound: str) -> None:
        if seeded and (told := await seed(system, settings.data, f"{reachable(bound)}/fhir")):
            _tell(told)
        if settings.environment == "demo":
            _tell(shell_lines(settings, f"{settings.base_url or bound}/fhir"))

    return opened


def reachable(bound: str) -> str:
    """Turn the address that stands for all addresses of a machine into one that can be called."""
    return bound.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
