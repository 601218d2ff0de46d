"""A request to a FHIR endpoint: headers by name, query parameters, a bounded body, and the system."""

from __future__ import annotations

from starlette.datastructures import QueryParams
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

from app.fhir.outcome import Fault, FhirError
from app.workflow.call import Call
from app.workflow.system import System

_WITHOUT_BODY = ("GET", "HEAD", "DELETE")


class FhirRequest:
    """One request; `query` has the parameters in the order of the URL, `call` the caller, once known."""

    __slots__ = (
        *("_budgets", "_entered", "_heads", "_held", "_in_work", "_receive"),
        *("call", "path_params", "query", "scope", "system"),
    )

    def __init__(self, scope: Scope, receive: Receive, system: System) -> None:
        self.scope = scope
        self.system = system
        self._budgets = system.budgets
        self.call: Call | None = None
        self.path_params: dict[str, str] = scope.get("path_params", {})
        query = scope["query_string"]
        self.query: list[tuple[str, str]] = QueryParams(query).multi_items() if query else []
        self._heads: dict[bytes, bytes] = dict(reversed(scope["headers"]))
        self._receive = receive
        self._held = 0
        self._entered: str | None = None
        self._in_work = False

    async def enter(self, client: str, now: float) -> None:
        """Count the request for its client until it is answered. Raises ThrottledError.

        It waits for its turn; one with a body waits when the body is complete, so that slow senders keep no turn.
        """
        self._budgets.limiter.enter(client, now)
        self._entered = client
        if self.scope["method"] in _WITHOUT_BODY:
            await self._take_turn(client, now)

    async def _take_turn(self, client: str, now: float) -> None:
        await self._budgets.turns.begin(client, now)
        self._in_work = True

    def head(self, name: bytes) -> str | None:
        """Return the first header of that lower-case name."""
        value = self._heads.get(name)
        return None if value is None else value.decode("latin-1")

    def listed(self, name: bytes) -> str | None:
        """Return all lines of a header that is a list, joined by commas; `name` is in lower case."""
        if name not in self._heads:
            return None
        return ", ".join(value.decode("latin-1") for head, value in self.scope["headers"] if head == name)

    async def body(self, limit: int) -> bytes:
        """Return the complete body. Raises FhirError TOO_LARGE as soon as more than `limit` bytes have arrived.

        Raises FhirError BUSY if the client, or all clients together, send too many bytes at once.
        """
        content = bytearray()  # one block, as many small blocks would fragment the memory
        try:
            await self._read_into(content, limit)
        except BaseException:
            content.clear()  # the exception holds this frame until it is handled
            raise
        if self._entered is not None and not self._in_work:
            await self._take_turn(self._entered, self.system.clock.now().timestamp())
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
        """Count bytes as held for the client until the request is answered. Raises FhirError BUSY."""
        self._budgets.in_flight.take(self._client, size)
        self._held += size

    def release(self) -> None:
        """Count the request as answered, and its body as held no longer."""
        if self._entered is not None:
            self._budgets.limiter.leave(self._entered)
            if self._in_work:
                self._budgets.turns.end(self._entered, self.system.clock.now().timestamp())
                self._in_work = False
            self._entered = None
        if self._held:
            self._budgets.in_flight.give_back(self._client, self._held)
            self._held = 0

    @property
    def _client(self) -> str:
        return str(self.scope["state"].get("client", ""))


def too_large(limit: int) -> FhirError:
    """Return the refusal of a body of more than `limit` bytes."""
    return FhirError(Fault.TOO_LARGE, f"The body must not be larger than {limit} bytes.")
