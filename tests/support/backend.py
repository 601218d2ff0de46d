"""A backend service as its vendor writes it: it signs an assertion with its own key and asks for a token.

https://hl7.org/fhir/smart-app-launch/backend-services.html
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFETIME = 300


def _key() -> RSAKey:
    return RSAKey.generate_key(2048, {"alg": "RS384", "use": "sig"}, auto_kid=True)


@dataclass(frozen=True, slots=True)
class Backend:
    """A backend service, its client id and its key."""

    client: str
    key: RSAKey = field(default_factory=_key)

    @property
    def jwks(self) -> dict[str, Any]:
        return {"keys": [self.key.as_dict(private=False)]}

    def token(self, base: str, scope: str = "system/*.cruds") -> str:
        """Find the token endpoint of the FHIR base and get a token there."""
        with httpx.Client(trust_env=False) as http:
            endpoint = http.get(f"{base}/.well-known/smart-configuration").raise_for_status().json()["token_endpoint"]
            answer = http.post(
                endpoint,
                data={
                    "grant_type": "client_credentials",
                    "scope": scope,
                    "client_assertion_type": ASSERTION_TYPE,
                    "client_assertion": self._assertion(endpoint),
                },
            )
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["access_token"]
        return token

    def _assertion(self, endpoint: str) -> str:
        claims = {
            "iss": self.client,
            "sub": self.client,
            "aud": endpoint,
            "jti": str(uuid.uuid4()),
            "exp": int(time.time()) + LIFETIME,
        }
        header = {"alg": "RS384", "kid": self.key.kid, "typ": "JWT"}
        return jwt.encode(header, claims, self.key, algorithms=["RS384"])
