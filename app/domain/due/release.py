"""The releases of decisions that persons have made: the time to undo them is over."""

from __future__ import annotations

from app.domain.authorization import Authorization
from app.domain.parts.due_act import ActName, DueAct


def release_acts(authorization: Authorization) -> tuple[DueAct, ...]:
    """Return one act for each time of a release. A decision that is undone has none."""
    proposals = (item.proposal for item in authorization.items)
    times = (proposal.release for proposal in proposals if proposal is not None)
    return tuple(DueAct(ActName.RELEASE, time) for time in dict.fromkeys(times) if time is not None)
