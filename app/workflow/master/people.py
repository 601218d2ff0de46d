"""Register the people of the demo and of the operator's file at a start."""

from __future__ import annotations

from app import log
from app.records.access.synchronize import synchronize
from app.registry.contradictions import warnings_of
from app.workflow.system import System


async def register_people(system: System) -> None:
    """Make the registered rows of each source equal to the source's, and log the rows that can do nothing yet.

    Raises RuntimeError, with sentences for the operator, if two sources claim one id.
    """
    for source, people in system.people.items():
        done = await synchronize(system.documents, people, source)
        log.get_logger().info(
            "people registered", source=source, added=done.added, changed=done.changed, disabled=done.disabled
        )
        for sentence in warnings_of((*people.clients, *people.users), system.payers):
            log.get_logger().warning("a row of people can do nothing yet", reason=sentence)
