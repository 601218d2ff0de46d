"""Keep small documents that other parties publish, such as key sets: fresh, fetched once, and never for long.

A document is used for as long as its Cache-Control allows, for 10 to 300 seconds, and never after it has expired.
Without the 10 seconds, `no-store` would let each hostile token cause a fetch.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import msgspec

from app.access.outbound.endpoint import EndpointRefused, OutboundRules, read_endpoint
from app.access.smart.key_source import KeysUnavailable
from app.adapters.outbound.http import Answer, Outbound, Unreachable
from app.ports import Clock

LONGEST_LIFE = 300
LIFE_WITHOUT_WORD = 60
PAUSE = timedelta(seconds=10)
"""The shortest time between two fetches that a token's unknown key, or a failure, can cause."""

MOST_KEPT = 1_000
OK = 200

Value = TypeVar("Value")

_MAX_AGE = re.compile(r'(?:^|[,\s])max-age="?([0-9]{1,9})')
_NOT_KEPT = re.compile(r"(?:^|[,\s])no-(?:store|cache)(?:$|[,\s])")


class _Source(msgspec.Struct, Generic[Value]):
    """The state of one URL: its last value, when that was fetched and expires, and the fetch in progress."""

    value: Value | None = None
    fetched: datetime | None = None
    expires: datetime | None = None
    attempted: datetime | None = None
    failure: str = ""
    running: asyncio.Task[None] | None = None

    def fresh(self, now: datetime) -> Value | None:
        """Return the value unless it has expired, or the clock has gone back."""
        if self.fetched is None or self.expires is None:
            return None
        return self.value if self.fetched <= now < self.expires else None

    def is_pausing(self, now: datetime) -> bool:
        """Return whether the last fetch was too recent for another one."""
        return self.attempted is not None and timedelta(0) <= now - self.attempted < PAUSE


class Published(Generic[Value]):
    """The documents at URLs, as values that `read` makes of their JSON; `read` raises ValueError for another document.

    Callers that need a document at the same time share one fetch, and its failure.
    """

    def __init__(self, outbound: Outbound, rules: OutboundRules, clock: Clock, read: Callable[[object], Value]) -> None:
        self._outbound, self._rules, self._clock, self._read = outbound, rules, clock, read
        self._sources: OrderedDict[str, _Source[Value]] = OrderedDict()

    async def get(self, url: str, suits: Callable[[Value], bool] = lambda _: True) -> Value:
        """Return the document at `url`; fetch it if there is no fresh one that `suits`, at most every 10 seconds.

        The document may not suit after all. Raises KeysUnavailable.
        """
        source = self._source(url)
        now = self._clock.now()
        kept = source.fresh(now)
        if kept is not None and (suits(kept) or source.is_pausing(now)):
            return kept
        if source.failure and source.is_pausing(now) and source.running is None:
            raise KeysUnavailable(source.failure)
        if source.running is None:
            source.running = asyncio.create_task(self._fetch(url, source))
        await asyncio.shield(source.running)
        value = source.value if not source.failure else source.fresh(self._clock.now())
        if value is None:
            raise KeysUnavailable(source.failure)
        return value

    def _source(self, url: str) -> _Source[Value]:
        source = self._sources.setdefault(url, _Source())
        self._sources.move_to_end(url)
        if len(self._sources) > MOST_KEPT:
            self._sources.popitem(last=False)
        return source

    async def _fetch(self, url: str, source: _Source[Value]) -> None:
        """Fetch the document into its source. The value counts as fetched when the request was sent."""
        source.attempted = sent = self._clock.now()
        try:
            answer = await self._outbound.get(read_endpoint(url, self._rules))
            source.value = self._read(_document(answer))
            source.fetched, source.expires, source.failure = sent, sent + _life(answer), ""
        except (Unreachable, EndpointRefused) as failed:
            source.failure = str(failed)
        except (ValueError, RecursionError):
            source.failure = "The answer is not the expected JSON document."
        finally:
            source.running = None


def _document(answer: Answer) -> object:
    if answer.status != OK or answer.cut:
        raise ValueError
    return msgspec.json.decode(answer.body)


def _life(answer: Answer) -> timedelta:
    """Return how long the answer is used: https://www.rfc-editor.org/rfc/rfc9111#section-4.2, but PAUSE at least."""
    words = answer.headers.get("cache-control", "").lower()
    if _NOT_KEPT.search(words):
        return PAUSE
    match = _MAX_AGE.search(words)
    if match is None:
        return timedelta(seconds=LIFE_WITHOUT_WORD)
    age = answer.headers.get("age", "0")
    used = int(age) if re.fullmatch("[0-9]{1,9}", age) else LONGEST_LIFE
    return max(PAUSE, timedelta(seconds=min(int(match[1]) - used, LONGEST_LIFE)))
