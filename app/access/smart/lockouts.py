"""Count bad attempts to sign in, and lock out after too many. Each lockout is longer than the one before."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

MOST = 10
"""Bad attempts within WINDOW that are answered; the next one locks out."""

WINDOW = 60.0
SHORTEST_LOCKOUT = 60.0
LONGEST_LOCKOUT = 3600.0
REMEMBERED = 86_400.0
"""Seconds without a bad attempt after which earlier lockouts are forgotten."""


class Lockout(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Bad attempts of one user, client or address. Times are in seconds.

    `count` attempts were bad since `since`. Until `locked_until`, every attempt is refused. `lockouts` counts the
    lockouts so far.
    """

    since: float
    count: int = 0
    locked_until: float = 0
    lockouts: int = 0

    def wait(self, now: float) -> float:
        """Return the seconds until the next attempt is answered; 0 if it is answered now."""
        return max(0.0, self.locked_until - now)

    def counted(self, now: float) -> Lockout:
        """Return the attempts with another one, which locks out if it is one too many."""
        # A clock that went back starts a new window: no count may last for ever.
        count = self.count + 1 if 0 <= now - self.since < WINDOW else 1
        since = self.since if count > 1 else now
        if count <= MOST:
            return replace(self, since=since, count=count)
        lockout = min(LONGEST_LOCKOUT, SHORTEST_LOCKOUT * 2**self.lockouts)
        return Lockout(since=now, locked_until=now + lockout, lockouts=self.lockouts + 1)

    def taken_back(self) -> Lockout:
        """Return the attempts without the last one, which was good."""
        return replace(self, count=max(0, self.count - 1))
