"""Find the certificate that a client presented to the reverse proxy (mutual TLS).

The proxy writes it into the header that the operator names: https://www.rfc-editor.org/rfc/rfc9440 or the escaped PEM
of nginx. Only trusted proxies count, because anybody can send a header.
"""

from __future__ import annotations

import re
from base64 import b64decode, urlsafe_b64encode
from binascii import Error
from hashlib import sha256
from urllib.parse import unquote

from starlette.types import Scope

from app.access.grant import InvalidToken
from app.access.verifier import Verified
from app.web.addresses import Networks, from_trusted_proxy

LONGEST_HEADER = 16_384

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*")


def thumbprint_of(certificate: bytes) -> str:
    """Return the thumbprint `x5t#S256` of a certificate in DER: https://www.rfc-editor.org/rfc/rfc8705#section-3.1."""
    return urlsafe_b64encode(sha256(certificate).digest()).rstrip(b"=").decode()


def presented_certificate(scope: Scope, header: str | None, proxies: Networks) -> str | None:
    """Return the thumbprint of the client's certificate; None without one, or if it is not from a trusted proxy.

    `header` is the name of the proxy's header, in lower case; None if no proxy writes one.
    """
    if header is None or not from_trusted_proxy(scope, proxies):
        return None
    values = [value for name, value in scope["headers"] if name == header.encode()]
    if len(values) != 1 or len(values[0]) > LONGEST_HEADER:
        return None
    certificate = _decoded(values[0].decode("latin-1"))
    return thumbprint_of(certificate) if certificate else None


def check_binding(verified: Verified, scope: Scope, header: str | None, proxies: Networks) -> None:
    """Check that the client presents the certificate that its token is bound to, if any. Raises InvalidToken."""
    if verified.certificate is not None and verified.certificate != presented_certificate(scope, header, proxies):
        raise InvalidToken("it is bound to a certificate that the client did not present")


def _decoded(text: str) -> bytes | None:
    """Return the DER of `:base64:` or of an escaped PEM; None for other texts."""
    pem = _PEM.fullmatch(unquote(text))
    encoded = "".join(pem[1].split()) if pem else text[1:-1] if re.fullmatch(":[^:]+:", text) else ""
    try:
        return b64decode(encoded, validate=True)
    except (Error, ValueError):
        return None
