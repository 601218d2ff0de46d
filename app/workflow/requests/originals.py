"""Read the newest Bundles of requests again, for the answer to an inquiry."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.authorization import Authorization
from app.pas.original import Original, read_original
from app.pas.write_inquiry import Match
from app.records.submissions import parsed, submission_text
from app.workflow.call import Call
from app.workflow.changes import readers
from app.workflow.system import System

MOST_BYTES = 4_000_000
"""The most bytes of Bundles that one inquiry reads again. The parties of further Bundles are named by identifier."""


async def with_originals(system: System, call: Call, authorizations: Sequence[Authorization]) -> list[Match]:
    """Return the matches of an inquiry, each with its Bundle. The Claim shows for callers who may read it."""
    matches, left = [], MOST_BYTES
    for authorization in authorizations:
        text = await submission_text(system.documents, authorization.newest_submission) if left > 0 else None
        left -= 0 if text is None else len(text)
        if text is None or left < 0:
            matches.append(Match(authorization))
            continue
        shows_claim = call.reach.sees("Claim", readers(authorization.payer, authorization.owner, authorization.patient))
        original = await system.threads.run(len(text), call.grant.client, _read, text, authorization, shows_claim)
        matches.append(Match(authorization, original))
    return matches


def _read(text: str, authorization: Authorization, shows_claim: bool) -> Original | None:  # noqa: FBT001 - for `Aside`
    return read_original(parsed(text), authorization, shows_claim=shows_claim)
