"""Limit the requests of a client, of an address without a client, and the failed logins of both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import ceil

from msgspec import Struct

from app.access.pace import Meter, Pace
from app.fhir.outcome import Fault, FhirError

FAILURES_OF_AN_ADDRESS = 10
"""How many times the failures of one client an address may have: it may be shared."""

Kept = Mapping[str, Mapping[str, float]]
"""The state that survives a restart: by meter and caller, the time at which its burst is whole again."""


class ThrottledError(FhirError):
    """The caller asks too often; it may ask again after `seconds`."""

    def __init__(self, text: str, wait: float) -> None:
        self.seconds = max(1, ceil(wait))
        super().__init__(Fault.THROTTLED, f"{text} Try again after {self.seconds} s.")


class Limits(Struct, frozen=True):
    """The limits that an operator sets: a client's pace and requests in progress, and the paces of an address."""

    client: Pace
    concurrent: int
    address: Pace
    failures: Pace


class Limiter:
    """The requests and failures of all callers."""

    def __init__(self, limits: Limits) -> None:
        self._concurrent = limits.concurrent
        shared = Pace(
            limits.failures.per_second * FAILURES_OF_AN_ADDRESS, limits.failures.burst * FAILURES_OF_AN_ADDRESS
        )
        self._clients, self._addresses = Meter(limits.client), Meter(limits.address)
        self._failures, self._failures_of_addresses = Meter(limits.failures), Meter(shared)
        self._meters = {
            "clients": self._clients,
            "addresses": self._addresses,
            "failures": self._failures,
            "failures of addresses": self._failures_of_addresses,
        }
        self._running: Counter[str] = Counter()

    def enter(self, client: str, now: float) -> None:
        """Begin a request of a client; `leave` must follow. Raises ThrottledError, and counts nothing."""
        if self._running[client] >= self._concurrent:
            raise ThrottledError(f"A client must not have more than {self._concurrent} requests in progress.", 1)
        if wait := self._clients.take(client, now):
            raise ThrottledError("The client sends too many requests.", wait)
        self._running[client] += 1

    def leave(self, client: str) -> None:
        """End a request of a client."""
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]

    def pass_address(self, address: str, now: float) -> None:
        """Count a request without a client. Raises ThrottledError."""
        if wait := self._addresses.take(address, now):
            raise ThrottledError("This address sends too many requests without a valid token.", wait)

    def attempt(self, client: str, address: str, now: float) -> None:
        """Count a login or an assertion as failed before it is checked, so that parallel ones cannot pass.

        `forgive` takes a good one back. Raises ThrottledError, and counts nothing, if too many failed. `client` is the
        claimed client or user; an unknown one is "". It counts together with its address: others cannot lock a client
        out, and a client that fails does not lock out others behind its proxy.
        """
        together = _together(client, address)
        wait = max(self._failures.wait(together, now), self._failures_of_addresses.wait(address, now))
        if wait > 0:
            raise ThrottledError("Too many logins failed.", wait)
        self._failures.take(together, now)
        self._failures_of_addresses.take(address, now)

    def forgive(self, client: str, address: str, now: float) -> None:
        """Take an attempt back that did not fail."""
        self._failures.give_back(_together(client, address), now)
        self._failures_of_addresses.give_back(address, now)

    def kept(self, now: float) -> Kept:
        """Return the state that a restart must not forget; it is empty if there is none."""
        kept = {name: meter.kept(now) for name, meter in self._meters.items()}
        return {name: callers for name, callers in kept.items() if callers}

    def restore(self, kept: Kept, now: float) -> None:
        """Remember the state that a process kept before."""
        for name, meter in self._meters.items():
            meter.restore(kept.get(name, {}), now)


def _together(client: str, address: str) -> str:
    return f"{client} {address}"
