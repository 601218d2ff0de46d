"""Clients find the authorization server: everything that its discovery promises is served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jws
from joserfc.jwk import KeySet

from app.access.grant import InvalidToken
from app.access.smart.authorization_server import ExternalServer
from app.access.smart.key_source import PublicKey
from app.adapters.tokens.composed import composed_tokens
from app.settings import Settings
from app.web.bases import BASES
from app.workflow.smart.grant_types import GRANT_TYPES
from tests.api.described.declaring import statement
from tests.support.assertions import assertion, ec_key, form, rsa_key
from tests.support.hostile_tokens import good
from tests.support.keys import write_key
from tests.support.server import ROOT, START, HeldClock, Server, serving, signing_key
from tests.support.token_requests import granted, now, post, refused

ISSUERS = """\
issuers:
  - issuer: https://login.payer.example
    jwks: auto
    algs: [RS256]
    audience: here
    token-endpoint: https://login.payer.example/token
    claims: {org: org}
"""
PATHS = [f"{base}/.well-known/smart-configuration" for base in ("", *BASES)]


async def configuration(server: Server, path: str = PATHS[0], **headers: str) -> dict[str, Any]:
    answer = await server.http.get(path, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    return dict(answer.json())


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("accept", ["*/*", "text/html", "application/fhir+json"])
async def test_the_configuration_is_json_for_every_accept_header_and_needs_no_token(
    server: Server, path: str, accept: str
) -> None:
    assert await configuration(server, path, Accept=accept) == await configuration(server)


async def test_every_url_of_the_configuration_is_served_and_absolute(server: Server) -> None:
    found = await configuration(server)
    urls = [value for name, value in found.items() if name.endswith(("_endpoint", "_uri"))]
    assert len(urls) >= 2
    for url in urls:
        assert url.startswith(f"{ROOT}/oauth/")
        assert (await server.http.get(url)).status_code != 404


async def test_every_promised_grant_type_has_a_flow_and_plain_proof_keys_are_not_promised(server: Server) -> None:
    found = await configuration(server)
    assert found["grant_types_supported"] == list(GRANT_TYPES)
    for grant_type in found["grant_types_supported"]:
        refused(await post(server, {"grant_type": grant_type}), "invalid_client", 401)
    assert found["code_challenge_methods_supported"] == ["S256"]


async def test_every_promised_algorithm_signs_an_assertion(backends: Server) -> None:
    found = await configuration(backends)
    keys: dict[str, PublicKey] = {"RS384": rsa_key(), "ES384": ec_key()}
    assert found["token_endpoint_auth_signing_alg_values_supported"] == list(keys)
    for number, key in enumerate(keys.values()):
        granted(await post(backends, form(assertion(key, "ehr-x", now(backends), jti=str(number)))))


async def test_the_published_keys_verify_a_token(backends: Server) -> None:
    token = granted(await post(backends, form(assertion(rsa_key(), "ehr-x", now(backends)))))["access_token"]
    jwks = await backends.http.get("/oauth/jwks")
    assert jwks.headers["cache-control"] == "public, max-age=60"
    signed = jws.deserialize_compact(token, KeySet.import_key_set(jwks.json()), algorithms=["RS256"])
    assert signed.headers()["typ"] == "at+jwt"


@pytest.mark.parametrize("base", BASES)
async def test_the_capability_statement_names_the_endpoints_of_oauth(server: Server, base: str) -> None:
    security = (await statement(server, base))["rest"][0]["security"]
    (extension,) = security["extension"]
    found = await configuration(server)
    assert extension["url"] == "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
    uris = {row["url"]: row["valueUri"] for row in extension["extension"]}
    assert uris["token"] == found["token_endpoint"]
    assert uris.get("authorize") == found.get("authorization_endpoint")


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/jwks", *PATHS])
async def test_without_the_embedded_server_its_paths_do_not_exist(tmp_path: Path, path: str) -> None:
    async with serving(tmp_path, oauth=None) as server:
        answers: list[httpx.Response] = [await server.http.get(path), await server.http.post(path, data={})]
        assert {answer.status_code for answer in answers} == {404}


async def test_without_the_embedded_server_the_statement_claims_no_smart(tmp_path: Path) -> None:
    async with serving(tmp_path, oauth=None) as server:
        assert (await statement(server, "/fhir"))["rest"][0]["security"].keys() == {"cors", "description"}


@pytest.mark.parametrize("path", PATHS)
async def test_without_the_embedded_server_discovery_names_the_endpoints_of_the_external_issuer(
    tmp_path: Path, path: str
) -> None:
    login = "https://login.payer.example"
    external = ExternalServer(login, f"{login}/token", f"{login}/authorize")
    async with serving(tmp_path, oauth=None, external_oauth=external) as server:
        found = await configuration(server, path)
        assert found["issuer"] == login
        assert (found["token_endpoint"], found["authorization_endpoint"]) == (f"{login}/token", f"{login}/authorize")
        assert (await server.http.get("/oauth/jwks")).status_code == 404


def test_the_file_of_issuers_names_the_endpoints_for_discovery(tmp_path: Path) -> None:
    file = tmp_path / "issuers.yaml"
    file.write_text(ISSUERS, encoding="utf-8")
    write_key(tmp_path, signing_key().as_pem(private=True))
    settings = Settings(data=tmp_path, store="memory", base_url=ROOT, issuers=file, authorization_server="off")
    composed = composed_tokens(settings, HeldClock())
    assert composed.embedded is None
    assert composed.external == ExternalServer("https://login.payer.example", "https://login.payer.example/token")


async def test_without_the_embedded_server_its_own_tokens_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "issuers.yaml"
    file.write_text(ISSUERS, encoding="utf-8")
    write_key(tmp_path, signing_key().as_pem(private=True))
    settings = Settings(data=tmp_path, store="memory", base_url=ROOT, issuers=file, authorization_server="off")
    with pytest.raises(InvalidToken):
        await composed_tokens(settings, HeldClock()).verifier.verify(good(), START)
