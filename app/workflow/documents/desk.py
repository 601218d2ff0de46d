"""Name the desk of a payer that takes the documents it asks for."""

from __future__ import annotations

from app.domain.datatypes import Identifier
from app.pas.asking.write_attachment_task import Desk
from app.policy.policy import Policy


def desk_of(policy: Policy | None, base: str) -> Desk | None:
    """Return the desk at this base; None without a policy, because only a policy gives the payer's identifier."""
    if policy is None:
        return None
    own = policy.payer.identifiers[0]
    return Desk(f"{base}/$submit-attachment", Identifier(own.system, own.value))
