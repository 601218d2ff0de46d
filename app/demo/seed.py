"""Play the demo once on an unused server, so that a first search finds resources."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from joserfc.jwk import RSAKey

from app.access.reach import PAYER
from app.adapters.tokens.key_files import load_key
from app.demo.scene import UnexpectedAnswer
from app.demo.stage import connected
from app.demo.story import StepResult, play
from app.domain.authorization import UNKNOWN_PAYER
from app.ports import AnyOf, Query, StoreUnavailable
from app.workflow.system import System

FILLED_BY_USE = ("Claim", "Patient")
"""Types that an unused server has no resources of."""


async def seed(system: System, folder: Path, base: str) -> str | None:
    """Play the demo at the FHIR base of a running server, if its store is empty; return the outcome as one line.

    `folder` has the server's signing key. Returns None if the store was in use already.
    """
    try:
        if not await _unused(system):
            return None
        steps = await asyncio.to_thread(_play, base, load_key(folder), system.clock.now())
    except (UnexpectedAnswer, StoreUnavailable, OSError) as stopped:
        first_line = str(stopped).partition("\n")[0]
        return f"The demo stopped before its end: {first_line}"
    return f"The demo filled the empty store in {steps} steps."


async def _unused(system: System) -> bool:
    of_a_payer = AnyOf(PAYER, (*system.payers, UNKNOWN_PAYER))
    for type_ in FILLED_BY_USE:
        if await system.documents.find(Query(type_, (of_a_payer,), limit=1)):
            return False
    return True


def _play(base: str, key: RSAKey, now: datetime) -> int:
    results: list[StepResult] = []
    with connected(base, key, now) as scene:
        play(scene, results.append)
    return len(results)
