"""Amend a denial after a talk: `$decide` may grant what was denied, and closes the talk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from app.domain.authorization import Authorization
from app.domain.authorization_types import peer_to_peer
from app.domain.life.states import local_day
from app.domain.parts.ruling import Rulings
from app.domain.review.review_reason import ReasonKey, ReviewReason
from app.fhir.json import stored
from app.fhir.outcome import Fault, FhirError
from app.pas.requests.write_peer_to_peer import concluded
from app.records import resources
from app.records.resources import Version
from app.records.worklist.tasks import task_of
from app.workflow.system import System

_GRANTING = frozenset({"certify", "partly-certify"})


def reopened(authorization: Authorization, rulings: Rulings, reasons: Mapping[str, ReviewReason]) -> Authorization:
    """Return the request as the rulings find it: while a talk is open, they may grant denied items."""
    if authorization.peer_to_peer is None:
        return authorization
    granting = {ruling.number for ruling in rulings.items if ruling.action in _GRANTING}
    received = None if authorization.submissions else local_day(authorization, authorization.created)
    return peer_to_peer.reopened(authorization, granting, received, reasons[ReasonKey.NO_RULE])


def reopened_numbers(before: Authorization, waiting: Authorization) -> frozenset[str]:
    """Return the numbers of the items that `reopened` has opened again."""
    pairs = zip(before.items, waiting.items, strict=True)
    return frozenset(item.requested.number for item, again in pairs if again is not item)


def amended(before: Authorization, waiting: Authorization, after: Authorization) -> Authorization:
    """Return the record after the rulings; the talk is over if they find a denied item open again.

    Raises FhirError UNPROCESSABLE if a denied item would wait: its provider would lose the denial, and get no grant.
    """
    if waiting is before:
        return after
    if peer_to_peer.waits_again(before, after):
        text = (
            "The amendment of a denial must count at once: without `draft`, and by a physician where the policy"
            " demands a signature."
        )
        raise FhirError(Fault.UNPROCESSABLE, text)
    return replace(after, peer_to_peer=None)


async def closed_talk(
    system: System, before: Authorization, after: Authorization, now: datetime
) -> tuple[Version, ...]:
    """Return the Task of the talk that the rulings have ended."""
    if before.peer_to_peer is None or after.peer_to_peer is not None:
        return ()
    document = await task_of(system.documents, before.peer_to_peer)
    if document is None:
        return ()
    return (resources.next_version(document, concluded(stored(document.body), "amended", now), now),)
