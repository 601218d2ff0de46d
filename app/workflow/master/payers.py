"""The payers served here, each as an Organization under the payer's id."""

from __future__ import annotations

from typing import Any

from app.access.reach import PAYER
from app.policy.policy import Policy
from app.ports import Conflict
from app.records.resources import Version, exists, row
from app.workflow.changes import version_rows
from app.workflow.system import System


async def register_payers(system: System) -> None:
    """Store the Organizations of new payers."""
    for payer, policy in system.payers.items():
        if not await exists(system.documents, "Organization", payer):
            document = row(_organization(payer, policy), access=((PAYER, payer),), now=system.clock.now())
            try:
                await system.documents.commit(*version_rows(Version(document)))
            except Conflict:
                continue


def _organization(payer: str, policy: Policy) -> dict[str, Any]:
    identifiers = [{"system": own.system, "value": own.value} for own in policy.payer.identifiers]
    return {
        "resourceType": "Organization",
        "id": payer,
        "identifier": identifiers,
        "active": True,
        "name": policy.payer.name,
    }
