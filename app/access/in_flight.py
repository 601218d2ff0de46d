"""How many bytes of request bodies the server holds at one time, by client and in all."""

from __future__ import annotations

from collections import Counter

from app.fhir.outcome import Fault, FhirError


class InFlight:
    """Counts the bytes of requests that are not answered yet."""

    def __init__(self, most: int, most_per_client: int) -> None:
        self._most, self._most_per_client = most, most_per_client
        self.total = 0
        self._clients: Counter[str] = Counter()

    def take(self, client: str, size: int) -> None:
        """Count bytes that have come. Raises FhirError BUSY, and counts nothing, where they are too many."""
        if self._clients[client] + size > self._most_per_client:
            raise FhirError(Fault.BUSY, f"This client must not have more than {self._most_per_client} bytes under way.")
        if self.total + size > self._most:
            raise FhirError(Fault.BUSY, "The server holds as many request bodies as it takes; try again later.")
        self.total += size
        self._clients[client] += size

    def give_back(self, client: str, size: int) -> None:
        """Forget bytes whose request is answered."""
        self.total -= size
        self._clients[client] -= size
        if not self._clients[client]:
            del self._clients[client]
