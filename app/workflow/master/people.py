"""Register the people of the demo and of the operator's file at a start."""

from __future__ import annotations

from collections import Counter

from app import log
from app.access.registry import Client, User
from app.records.access.synchronize import synchronize
from app.registry.contradictions import payers_of
from app.workflow.system import System


async def register_people(system: System) -> None:
    """Make the registered rows of each source equal to the source's, and log the payers that have no policy.

    The log has no names: some are those of patients. Raises RuntimeError, with sentences for the operator, if two
    sources claim one id.
    """
    for source, people in system.people.items():
        changes = await synchronize(system.documents, people, source)
        log.get_logger().info("people registered", at=source.value, count=changes.total)
        rows: tuple[Client | User, ...] = (*people.clients, *people.users)
        without_policy = Counter(payer for row in rows for payer in payers_of(row) if payer not in system.payers)
        for payer, count in sorted(without_policy.items()):
            log.get_logger().warning("people of a payer without a policy", at=source.value, payer=payer, count=count)
