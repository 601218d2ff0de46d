"""Load from a process of its own: callers on raw sockets, each with its next request ready when its answer is in.

`python -m tests.bench.load` reads an Order as JSON on standard input and writes an Outcome on standard output.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import cast

import msgspec
import uvloop

from tests.bench.bundles import request_body

MOST_A_SECOND = 2000
LONGEST_ANSWER = 30
HEAD_END = b"\r\n\r\n"


class Order(msgspec.Struct, frozen=True):
    """The address, the bundles to send (from number `first`) and the seconds to send them for."""

    host: str
    port: int
    path: str
    authorization: str
    callers: int
    seconds: float
    first: int


class Outcome(msgspec.Struct, frozen=True):
    """The number of answers, the time they took, and how many were errors."""

    answers: int
    failures: int
    seconds: float


def load(order: Order) -> Outcome:
    """Run the order in another process."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.load"], input=msgspec.json.encode(order), capture_output=True, check=True
    )
    return msgspec.json.decode(done.stdout, type=Outcome)


async def _carried_out(order: Order) -> Outcome:
    last = order.first + int(order.seconds * MOST_A_SECOND)
    requests = iter([_request(order, request_body(serial)) for serial in range(order.first, last)])
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    ends = started + order.seconds
    callers: list[_Caller] = []
    for _ in range(order.callers):
        _, caller = await loop.create_connection(
            lambda: _Caller(requests, ends, loop.create_future()), order.host, order.port
        )
        callers.append(caller)
    await asyncio.wait_for(asyncio.gather(*(caller.done for caller in callers)), order.seconds + LONGEST_ANSWER)
    seconds = time.perf_counter() - started
    answers = [status for caller in callers for status in caller.statuses]
    return Outcome(len(answers), sum(not status.startswith(b"2") for status in answers), seconds)


class _Caller(asyncio.Protocol):
    """Use one connection: send the next request when the last answer is complete."""

    def __init__(self, requests: Iterator[bytes], ends: float, done: asyncio.Future[None]) -> None:
        self.done = done
        self.statuses: list[bytes] = []
        self._requests, self._ends = requests, ends
        self._received = bytearray()
        self._transport = asyncio.Transport()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none of asyncio's classes
        self._send()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(HEAD_END)
        if found and len(body) >= _length(bytes(head)):
            self.statuses.append(bytes(head).split(b" ", 2)[1])
            self._received.clear()
            self._send()

    def connection_lost(self, _: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def _send(self) -> None:
        request = next(self._requests, None) if time.perf_counter() < self._ends else None
        if request is None:
            self._transport.close()
        else:
            self._transport.write(request)


def _request(order: Order, body: bytes) -> bytes:
    head = (
        f"POST {order.path} HTTP/1.1\r\nHost: {order.host}:{order.port}\r\nAuthorization: {order.authorization}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0])


if __name__ == "__main__":
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(_carried_out(order))))
