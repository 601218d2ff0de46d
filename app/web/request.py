"""A request as the FHIR endpoints ask it: the server's parts, headers by name, and the parameters of the address."""

from __future__ import annotations

from starlette.datastructures import QueryParams
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

from app.fhir.outcome import Fault, FhirError
from app.workflow.system import System


class FhirRequest:
    """Who asks what of which server; `query` has the parameters in the order in which they stand in the address."""

    __slots__ = ("_heads", "_held", "_receive", "path_params", "query", "scope", "system")

    def __init__(self, scope: Scope, receive: Receive, system: System) -> None:
        self.scope = scope
        self.system = system
        self.path_params: dict[str, str] = scope.get("path_params", {})
        asked = scope["query_string"]
        self.query: list[tuple[str, str]] = QueryParams(asked).multi_items() if asked else []
        self._heads: dict[bytes, bytes] = dict(reversed(scope["headers"]))
        self._receive = receive
        self._held = 0

    def head(self, name: bytes) -> str | None:
        """Return the header of that lower-case name, of several the first."""
        value = self._heads.get(name)
        return None if value is None else value.decode("latin-1")

    def listed(self, name: bytes) -> str | None:
        """Return the header of that lower-case name, whose value is a list: all of its lines, joined."""
        if name not in self._heads:
            return None
        return ", ".join(value.decode("latin-1") for head, value in self.scope["headers"] if head == name)

    async def body(self, limit: int) -> bytes:
        """Return the body, whole. Raises FhirError TOO_LARGE as soon as more than `limit` bytes have come.

        Raises FhirError BUSY where the bodies of the client, or of all clients, are too many at once.
        """
        content = bytearray()  # one block: many small ones would keep the memory around them from being returned
        try:
            await self._read_into(content, limit)
        except BaseException:
            content.clear()  # whoever handles the exception holds this frame for a while
            raise
        return bytes(content)

    async def _read_into(self, content: bytearray, limit: int) -> None:
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            chunk: bytes = message.get("body", b"")
            if len(content) + len(chunk) > limit:
                raise too_large(limit)
            self._hold(len(chunk))
            content += chunk
            more = message.get("more_body", False)

    def _hold(self, size: int) -> None:
        """Count bytes of the body to their client until the request is answered. Raises FhirError BUSY."""
        self.system.in_flight.take(self._client, size)
        self._held += size

    def let_go(self) -> None:
        """Take the body, which is answered or given up, out of what the server holds."""
        if self._held:
            self.system.in_flight.give_back(self._client, self._held)
            self._held = 0

    @property
    def _client(self) -> str:
        return str(self.scope["state"].get("client", ""))


def too_large(limit: int) -> FhirError:
    """Say how large a body may be."""
    return FhirError(Fault.TOO_LARGE, f"The body is larger than this server takes: {limit} bytes.")
