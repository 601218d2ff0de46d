"""Check the chain of seals: report events that are missing, changed or not sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from msgspec import Struct

from app.audit.seal import FIRST, Seal, digest_of
from app.counts import counted


class Fault(StrEnum):
    """A fault of the audit log."""

    MISSING = "missing"
    CHANGED = "changed"
    BROKEN = "broken"
    UNSEALED = "unsealed"


class Finding(Struct, frozen=True):
    """A fault, with the event or the seal that it concerns. `sentence` is for the operator."""

    fault: Fault
    subject: str
    sentence: str


class Link(Struct, frozen=True):
    """The seal that the next one must follow: its number and its hash."""

    number: int = 0
    hash: str = FIRST


def check_seal(seal: Seal, after: Link) -> Iterator[Finding]:
    """Yield a finding if seals are missing before this one, or if it was changed."""
    subject = f"seal {seal.number}"
    if seal.number != after.number + 1:
        missing = f"{after.number + 1} to {seal.number - 1}"
        yield Finding(Fault.MISSING, subject, f"Before seal {seal.number}, the seals {missing} are missing.")
    elif seal.previous != after.hash:
        yield Finding(Fault.BROKEN, subject, f"Seal {seal.number} does not follow seal {after.number}.")
    if not seal.is_genuine:
        yield Finding(Fault.CHANGED, subject, f"Seal {seal.number} was changed.")


def check_events(seal: Seal, bodies: Mapping[str, str]) -> Iterator[Finding]:
    """Yield a finding for each event of the seal that is missing or was changed; `bodies` are by id."""
    for event in seal.events:
        body = bodies.get(event.id)
        where = f"AuditEvent {event.id} of seal {seal.number}"
        if body is None:
            yield Finding(Fault.MISSING, event.id, f"{where} is missing.")
        elif digest_of(body) != event.digest:
            yield Finding(Fault.CHANGED, event.id, f"{where} was changed.")


def check_head(seal: Seal, head: Link) -> Iterator[Finding]:
    """Yield a finding if the seal that the operator noted has another hash now."""
    if seal.hash != head.hash:
        sentence = f"Seal {seal.number} has another hash than the noted one."
        yield Finding(Fault.CHANGED, f"seal {seal.number}", sentence)


def missing_head(head: Link) -> Finding:
    """Return the finding that the noted seal is missing: the end of the chain was removed."""
    return Finding(Fault.MISSING, f"seal {head.number}", f"Seal {head.number}, which was noted, is missing.")


def unsealed(count: int, seconds: int) -> Iterator[Finding]:
    """Yield a finding if events older than `seconds` have no seal."""
    if count > 0:
        sentence = f"{counted(count, 'AuditEvent')} without a seal, older than {seconds} seconds."
        yield Finding(Fault.UNSEALED, str(count), sentence)
