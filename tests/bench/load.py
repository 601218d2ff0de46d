"""Load from a process of its own: callers on raw sockets, each with its next request ready when its answer is in.

`python -m tests.bench.load` reads an Order as JSON on standard input and writes an Outcome on standard output.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator

import msgspec
import uvloop

from tests.bench.bundles import request_body

MOST_A_SECOND = 2000
HEAD_END = b"\r\n\r\n"


class Order(msgspec.Struct, frozen=True):
    """Where to send how much: bundles from number `first` on, for so many seconds."""

    host: str
    port: int
    path: str
    authorization: str
    callers: int
    seconds: float
    first: int


class Outcome(msgspec.Struct, frozen=True):
    """How many answers came in which time, and how many of them said that something failed."""

    answers: int
    failures: int
    seconds: float


def load(order: Order) -> Outcome:
    """Have another process do it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.load"], input=msgspec.json.encode(order), capture_output=True, check=True
    )
    return msgspec.json.decode(done.stdout, type=Outcome)


async def _carried_out(order: Order) -> Outcome:
    last = order.first + int(order.seconds * MOST_A_SECOND)
    requests = iter([_request(order, request_body(serial)) for serial in range(order.first, last)])
    started = time.perf_counter()
    ends = started + order.seconds
    statuses = await asyncio.gather(*(_call(order, requests, ends) for _ in range(order.callers)))
    seconds = time.perf_counter() - started
    answers = [status for own in statuses for status in own]
    return Outcome(len(answers), sum(not status.startswith(b"2") for status in answers), seconds)


async def _call(order: Order, requests: Iterator[bytes], ends: float) -> list[bytes]:
    reader, writer = await asyncio.open_connection(order.host, order.port)
    statuses: list[bytes] = []
    for request in requests:
        writer.write(request)
        head = await reader.readuntil(HEAD_END)
        await reader.readexactly(_length(head))
        statuses.append(head.split(b" ", 2)[1])
        if time.perf_counter() > ends:
            break
    writer.close()
    return statuses


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
