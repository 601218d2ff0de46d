"""Read the block `types` of a policy."""

from __future__ import annotations

from app.policy.by_type.late_requests import LateRequests
from app.policy.by_type.peer_to_peer import PeerToPeer
from app.policy.yaml.model import Data


class TypeTerms(Data):
    """The payer's terms by type of review. Without terms of a type, only the rules decide."""

    retrospective: LateRequests | None = None
    peer_to_peer: PeerToPeer | None = None
