"""Play the demo once on an unused server, so that a first search finds resources."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from joserfc.jwk import RSAKey

from app.adapters.tokens.key_files import load_key
from app.demo.scene import UnexpectedAnswer
from app.demo.stage import connected
from app.demo.story import StepResult, play
from app.ports import StoreUnavailable
from app.records.installation.use import is_used
from app.workflow.system import System


async def seed(system: System, folder: Path, base: str) -> str | None:
    """Play the demo at the FHIR base of a running server, if its store is empty; return the outcome as one line.

    `folder` has the server's signing key. Returns None if the store was in use already.
    """
    try:
        if await is_used(system.documents, system.payers):
            return None
        steps = await asyncio.to_thread(_play, base, load_key(folder), system.clock.now())
    except (UnexpectedAnswer, StoreUnavailable, OSError) as stopped:
        first_line = str(stopped).partition("\n")[0]
        return f"The demo stopped before its end: {first_line}"
    return f"The demo filled the empty store in {steps} steps."


def _play(base: str, key: RSAKey, now: datetime) -> int:
    results: list[StepResult] = []
    with connected(base, key, now) as scene:
        play(scene, results.append)
    return len(results)
