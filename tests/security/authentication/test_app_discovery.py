"""Discovery of App Launch: SMART's configuration, and OpenID Connect's."""

from __future__ import annotations

import pytest

from app.web.bases import BASES
from tests.support.server import ROOT, Server

ENDPOINTS = {
    "authorization_endpoint": f"{ROOT}/oauth/authorize",
    "token_endpoint": f"{ROOT}/oauth/token",
    "introspection_endpoint": f"{ROOT}/oauth/introspect",
    "revocation_endpoint": f"{ROOT}/oauth/revoke",
    "jwks_uri": f"{ROOT}/oauth/jwks",
    "issuer": ROOT,
}

PROVED = {
    "launch-ehr": "test_launch",
    "launch-standalone": "test_authorization_code",
    "authorize-post": "test_authorize",
    "client-public": "test_authorization_code",
    "client-confidential-symmetric": "test_authorization_code",
    "client-confidential-asymmetric": "test_token_endpoint",
    "sso-openid-connect": "test_authorization_code",
    "context-banner": "test_launch",
    "context-ehr-patient": "test_launch",
    "context-standalone-patient": "test_authorization_code",
    "permission-offline": "test_refresh",
    "permission-online": "test_refresh",
    "permission-patient": "test_authorization_code",
    "permission-user": "test_launch",
    "permission-v1": "test_authorization_code",
    "permission-v2": "test_authorization_code",
}
"""Each capability, and the file whose tests prove it."""


@pytest.mark.parametrize("path", ["", *BASES])
async def test_each_base_names_the_endpoints_and_the_proved_capabilities(server: Server, path: str) -> None:
    answer = await server.http.get(f"{path}/.well-known/smart-configuration", headers={"Accept": "text/html"})
    assert answer.headers["content-type"] == "application/json"
    described = answer.json()
    assert {name: described[name] for name in ENDPOINTS} == ENDPOINTS
    assert described["response_types_supported"] == ["code"]
    assert described["code_challenge_methods_supported"] == ["S256"]
    assert described["grant_types_supported"] == ["client_credentials", "authorization_code", "refresh_token"]
    assert set(described["capabilities"]) == set(PROVED)


async def test_openid_connect_is_described_at_the_issuer(server: Server) -> None:
    described = (await server.http.get("/.well-known/openid-configuration")).json()
    assert {name: described[name] for name in ENDPOINTS} == ENDPOINTS
    assert described["id_token_signing_alg_values_supported"] == ["RS256"]
    assert described["subject_types_supported"] == ["public"]
    assert described["response_types_supported"] == ["code"]
    assert described["userinfo_endpoint"] == f"{ROOT}/oauth/userinfo"


async def test_a_key_that_signs_has_an_id(server: Server) -> None:
    keys = (await server.http.get("/oauth/jwks")).json()["keys"]
    assert keys
    assert all(key["kid"] and key["kty"] == "RSA" and key.keys().isdisjoint({"d", "p", "q"}) for key in keys)
