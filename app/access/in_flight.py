"""Limit the bytes of request bodies that the server holds at one time, per client and in total."""

from __future__ import annotations

from collections import Counter

from app.fhir.outcome import Fault, FhirError


class InFlight:
    """The bytes of the requests in progress."""

    def __init__(self, most: int, most_per_client: int) -> None:
        self._most, self._most_per_client = most, most_per_client
        self.total = 0
        self._clients: Counter[str] = Counter()

    def take(self, client: str, size: int) -> None:
        """Count received bytes. Raises FhirError BUSY, and counts nothing, if they exceed a limit."""
        if self._clients[client] + size > self._most_per_client:
            raise FhirError(
                Fault.BUSY,
                f"The requests of a client in progress must not exceed {self._most_per_client} bytes together.",
            )
        if self.total + size > self._most:
            raise FhirError(Fault.BUSY, "The server is busy with other requests. Try again later.")
        self.total += size
        self._clients[client] += size

    def give_back(self, client: str, size: int) -> None:
        """Release the bytes of a request that was answered."""
        self.total -= size
        self._clients[client] -= size
        if not self._clients[client]:
            del self._clients[client]
