"""Prove that the client that redeems an authorization code is the client that asked for it (PKCE, S256 only).

https://www.rfc-editor.org/rfc/rfc7636
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode

METHOD = "S256"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def is_challenge(text: str) -> bool:
    """Return whether the text can be a code challenge: the SHA-256 of a verifier in base64url without padding."""
    return _CHALLENGE.fullmatch(text) is not None


def proves(verifier: str, challenge: str) -> bool:
    """Return whether the code verifier belongs to the challenge."""
    if _VERIFIER.fullmatch(verifier) is None:
        return False
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return hmac.compare_digest(urlsafe_b64encode(digest).rstrip(b"="), challenge.encode())
