"""A server whose sample payer has terms of review: a grace period, a second signature, or both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from app.policy.loading import SHIPPED_POLICIES, load_policies
from tests.support.server import Server, serving, shipped_system

COSIGN = "cosign: {deny: physician}"
GRACE = "grace: PT15M"


@asynccontextmanager
async def under(folder: Path, *terms: str, **parts: Any) -> AsyncIterator[Server]:
    """Serve with these keys in the block `review` of the sample payer's policy."""
    loaded = {**shipped_system().payers, **load_policies(policies_under(folder, *terms))}
    async with serving(folder, policies=loaded, **parts) as server:
        yield server


def policies_under(folder: Path, *terms: str) -> Path:
    """Write the sample payer's policy with these keys in its block `review`; return the folder of policies."""
    policies = folder / "policies"
    policies.mkdir(exist_ok=True)
    cases = "sample-payer.cases.yaml"
    (policies / cases).write_bytes((SHIPPED_POLICIES / cases).read_bytes())
    text = (SHIPPED_POLICIES / "sample-payer.yaml").read_text(encoding="utf-8")
    review = "\n".join(f"  {term}" for term in terms)
    (policies / "sample-payer.yaml").write_text(text.replace("\nrules:", f"\nreview:\n{review}\nrules:", 1), "utf-8")
    return policies
