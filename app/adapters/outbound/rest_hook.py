"""Send notifications to the rest-hooks of subscribers. Implements `Notifier`."""

from __future__ import annotations

from app.access.outbound.endpoint import EndpointRefused, OutboundRules, read_endpoint
from app.adapters.outbound.guard import REFUSAL, Guard
from app.adapters.outbound.http import Headers, Outbound, Unreachable
from app.ports import Undeliverable


class RestHook:
    """Reads each URL by the operator's rules, and calls it through the guard."""

    def __init__(self, rules: OutboundRules) -> None:
        self._rules = rules
        self._outbound = Outbound(Guard(rules.networks))

    async def post(self, url: str, headers: Headers, body: bytes, seconds: float) -> int:
        """Send a notification, and return the status. Raises Undeliverable."""
        try:
            return await self._outbound.post(read_endpoint(url, self._rules), headers, body, seconds)
        except (EndpointRefused, Unreachable) as failed:
            raise Undeliverable(REFUSAL) from failed
