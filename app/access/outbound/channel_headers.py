"""Check the headers that a subscriber wants with its notifications (`Subscription.channel.header`).

They hold the subscriber's secret. No refusal quotes them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.access.outbound.endpoint import EndpointRefused

MOST_HEADERS = 10
MOST_CHARACTERS = 2048

_HEADER = re.compile(
    r"(Authorization|X-[A-Za-z0-9-]{1,64}): {0,8}([\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)", re.IGNORECASE
)


def read_channel_headers(lines: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return names and values of the lines, such as `Authorization: Bearer …`. Raises EndpointRefused.

    Only `Authorization` and `X-…` are allowed, each once: the others change how the request itself is read.
    """
    if len(lines) > MOST_HEADERS or sum(map(len, lines)) > MOST_CHARACTERS:
        raise EndpointRefused(
            f"channel.header must have at most {MOST_HEADERS} lines, with {MOST_CHARACTERS} characters together."
        )
    matches = [_HEADER.fullmatch(line) for line in lines]
    headers = tuple((match[1], match[2]) for match in matches if match is not None)
    if len(headers) < len(lines):
        raise EndpointRefused(
            "Each channel.header must be `Authorization` or a name that begins with `X-`, a colon, and a value in"
            " printable ASCII."
        )
    if len({name.lower() for name, _ in headers}) < len(headers):
        raise EndpointRefused("channel.header must not repeat a name.")
    return headers
