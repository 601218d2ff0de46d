"""Chain the AuditEvents: each seal names its events by id and digest, and carries the hash of the seal before."""

from __future__ import annotations

import hashlib

from msgspec import Struct

FIRST = "0" * 64
"""The previous hash of the first seal."""


class Sealed(Struct, frozen=True, array_like=True):
    """An event under a seal: its id, and the digest of its body."""

    id: str
    digest: str


class Seal(Struct, frozen=True):
    """A link of the chain. `hash` covers all other fields, so no event can be removed, changed or exchanged."""

    number: int
    previous: str
    at: str
    events: tuple[Sealed, ...]
    hash: str

    @property
    def is_genuine(self) -> bool:
        """Whether the hash fits the other fields."""
        return self.hash == _hash(self.number, self.previous, self.at, self.events)


def digest_of(body: str) -> str:
    """Return the digest of the body of an event."""
    return hashlib.sha256(body.encode()).hexdigest()


def sealed(last: Seal | None, at: str, events: tuple[Sealed, ...]) -> Seal:
    """Return the next seal after `last`, which is None at the beginning of the chain."""
    number, previous = (1, FIRST) if last is None else (last.number + 1, last.hash)
    return Seal(number, previous, at, events, _hash(number, previous, at, events))


def _hash(number: int, previous: str, at: str, events: tuple[Sealed, ...]) -> str:
    lines = [f"{number} {previous} {at}", *(f"{event.id} {event.digest}" for event in events)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
