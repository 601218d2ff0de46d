"""Read and verify signed texts (JWS): https://www.rfc-editor.org/rfc/rfc7515.

The library may fail on a hostile text in any way. Each failure means that the text is not signed.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

Header = TypeVar("Header")

_DEMANDING = frozenset({"crit", "b64"})
"""Members of a header that change how a text is read. None is understood, so none may be present, not even as null."""


class NotSigned(Exception):  # noqa: N818 - a fault of the sender
    """The text is no JWS, or the key did not sign it."""


def read_signed(text: str, header: type[Header], registry: jws.JWSRegistry | None = None) -> tuple[Header, bytes]:
    """Return the header and the payload of a text, without trust in them. Raises NotSigned."""
    try:
        parts = jws.extract_compact(text.encode(), registry=registry)
        members = parts.headers()
        read = msgspec.convert(members, header)
    except Exception as unreadable:
        raise NotSigned from unreadable
    if _DEMANDING & members.keys():
        raise NotSigned
    return read, parts.payload


def verified_payload(text: str, key: RSAKey | ECKey, algorithm: str, registry: jws.JWSRegistry | None = None) -> bytes:
    """Return the payload of a text that the key signed with the algorithm. Raises NotSigned."""
    try:
        return jws.deserialize_compact(text, key, algorithms=[algorithm], registry=registry).payload
    except Exception as refused:
        raise NotSigned from refused
