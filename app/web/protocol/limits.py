"""Limits of one connection, of one address and of all connections."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Final

from msgspec import Struct

LONGEST_URL: Final = 8_192
MOST_HEADER_LINES: Final = 100
MOST_HEADER_BYTES: Final = 32_768
"""Bytes of all header lines, with the four characters around each name and value."""

LONGEST_HEAD: Final = LONGEST_URL + MOST_HEADER_BYTES + 256
"""Bytes that may arrive without completing a head, a piece of the body or the trailers."""

MOST_PIPELINED: Final = 8
"""Requests that may wait on a connection while an earlier one is answered."""

PIECES_OF_ANY_SIZE: Final = 1_000
LEAST_PIECE: Final = 64
"""Bytes that the further pieces of a body must have on average: a small piece costs as much as a large one."""

LEAST_PROGRESS: Final = 1_024
"""Bytes that must move within the timeout of a body; fewer count as a stall."""

MOST_DISCARDED: Final = 16_777_216
"""Bytes of a refused request that the server reads and discards, so that the client can read the answer."""


SECONDS_TO_READ: Final = 1.0
"""Seconds for a client to read the 503 of a server that ends."""


class Limits(Struct, frozen=True):
    """The limits that an operator sets; times are in seconds. The limit of an address does not apply to `proxies`."""

    connections: int
    connections_per_address: int
    header_timeout: float
    body_timeout: float
    unread_bytes: int
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
