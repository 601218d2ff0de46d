"""Sign page tokens, so that a token continues only the search of the caller who got it, and only for an hour.

A page token grants nothing: every page is read within the caller's Reach again.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

VALID_FOR = timedelta(hours=1)

_DIGITS = 32
"""Hexadecimal digits of a signature, 128 bits."""


class InvalidPageToken(Exception):  # noqa: N818 - it describes the caller's token, not an error of the server
    """The token was not signed here for this caller and this search, was changed, or has expired."""


def sealed(key: bytes, token: str, bound: Iterable[str], now: datetime) -> str:
    """Sign a token. `bound` names the caller and the search."""
    expires = f"{int((now + VALID_FOR).timestamp()):x}"
    return f"{token}.{expires}.{_signature(key, token, expires, bound)}"


def opened(key: bytes, text: str, bound: Iterable[str], now: datetime) -> str:
    """Return the signed token. Raises InvalidPageToken."""
    token, _, rest = text.partition(".")
    expires, _, signature = rest.partition(".")
    expected = _signature(key, token, expires, bound)
    # Only a signed time of expiry is read.
    genuine = hmac.compare_digest(signature.encode(), expected.encode())
    if not genuine or int(expires, 16) < now.timestamp():
        raise InvalidPageToken
    return token


def _signature(key: bytes, token: str, expires: str, bound: Iterable[str]) -> str:
    # The length of each part keeps two lists of parts from having the same text.
    parts = [part.encode() for part in (token, expires, *bound)]
    text = b"".join(b"%d:%b" % (len(part), part) for part in parts)
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:_DIGITS]
