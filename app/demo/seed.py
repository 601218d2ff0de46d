"""The demo's story, played once on a server that nobody has used yet, so that a first search finds something."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from joserfc.jwk import RSAKey

from app.access.reach import PAYER
from app.adapters.jwt_tokens import load_key
from app.demo.scene import Surprise
from app.demo.stage import joined
from app.demo.story import Told, tell
from app.domain.authorization import UNKNOWN_PAYER
from app.ports import AnyOf, Query, StoreUnavailable
from app.workflow.system import System

FILLED_BY_USE = ("Claim", "Patient")
"""Types that an untouched server has none of."""


async def seed(system: System, folder: Path, base: str) -> str | None:
    """Play the story at the FHIR base of a running server, if its store is empty; return how it went, in one line.

    `folder` has the server's key. None: somebody has used this store before, so nothing was done.
    """
    try:
        if not await _untouched(system):
            return None
        steps = await asyncio.to_thread(_play, base, load_key(folder), system.clock.now())
    except (Surprise, StoreUnavailable, OSError) as stopped:
        first_line = str(stopped).partition("\n")[0]
        return f"The demo's story was not played to its end; it stopped here: {first_line}"
    return f"The demo's story was played into the empty store, in {steps} steps."


async def _untouched(system: System) -> bool:
    of_a_payer = AnyOf(PAYER, (*system.payers, UNKNOWN_PAYER))
    for type_ in FILLED_BY_USE:
        if await system.documents.find(Query(type_, (of_a_payer,), limit=1)):
            return False
    return True


def _play(base: str, key: RSAKey, now: datetime) -> int:
    steps: list[Told] = []
    with joined(base, key, now) as scene:
        tell(scene, steps.append)
    return len(steps)
