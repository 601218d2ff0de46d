"""Tokens that are bound to a client certificate: https://www.rfc-editor.org/rfc/rfc8705."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import datetime
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import quote, quote_plus

import httpx
import pytest
from msgspec.structs import replace

from app.access.registry import Client, People
from app.access.verifier import TokenVerifier, Verified
from app.records.access.registry import change_row
from app.web.certificate import thumbprint_of
from tests.support.apps import REDIRECT, VERIFIER, Browser, with_people
from tests.support.assertions import assertion, form, rsa_key
from tests.support.backend_clients import SECRET, backend, with_secret
from tests.support.people import register
from tests.support.server import Server, serving, shipped_system
from tests.support.token_requests import granted, now, post, refused

CERTIFICATE = b"the certificate of the client in DER"
OTHER_CERTIFICATE = b"another certificate"
HEADER = "client-cert"
PROXY = (ip_network("127.0.0.1/32"),)  # the address of the tests' connections
ELSEWHERE = (ip_network("10.0.0.0/8"),)


class Bound:
    """The server's own tokens, as if each were bound to the certificate."""

    def __init__(self, tokens: TokenVerifier) -> None:
        self._tokens = tokens

    async def verify(self, token: str, now: datetime) -> Verified:
        return replace(await self._tokens.verify(token, now), certificate=thumbprint_of(CERTIFICATE))


def by_rfc_9440(certificate: bytes) -> str:
    return f":{b64encode(certificate).decode()}:"


def by_nginx(certificate: bytes) -> str:
    lines = b64encode(certificate).decode()
    return quote(f"-----BEGIN CERTIFICATE-----\n{lines[:20]}\n{lines[20:]}\n-----END CERTIFICATE-----\n")


@pytest.fixture
async def behind_a_proxy(tmp_path: Path) -> AsyncIterator[Server]:
    tokens = Bound(shipped_system().identity.tokens)
    async with serving(tmp_path, tokens=tokens, trusted_proxies=PROXY, certificate_header=HEADER) as server:
        yield server


@pytest.mark.acceptance("A15")
@pytest.mark.parametrize("form", [by_rfc_9440, by_nginx])
async def test_a_bound_token_with_its_certificate_is_good(behind_a_proxy: Server, form: object) -> None:
    assert callable(form)
    answer = await behind_a_proxy.get("/Claim", **{HEADER: form(CERTIFICATE)})
    assert answer.status_code == 200


@pytest.mark.acceptance("A15")
@pytest.mark.parametrize(
    "value",
    [
        by_rfc_9440(OTHER_CERTIFICATE),
        by_nginx(OTHER_CERTIFICATE),
        "",
        ":",
        "::",
        ":!:",
        ":YQ:",
        thumbprint_of(CERTIFICATE),
        b64encode(CERTIFICATE).decode(),
        by_rfc_9440(CERTIFICATE) + ", " + by_rfc_9440(CERTIFICATE),
        ":" + "YWFh" * 5000 + ":",
        "%zz",
        "-----BEGIN CERTIFICATE-----",
        quote("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----"),
    ],
)
async def test_a_bound_token_with_another_certificate_is_refused(behind_a_proxy: Server, value: str) -> None:
    answer = await behind_a_proxy.get("/Claim", **{HEADER: value})
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


@pytest.mark.acceptance("A15")
async def test_a_bound_token_without_a_certificate_is_refused(behind_a_proxy: Server) -> None:
    assert (await behind_a_proxy.get("/Claim")).status_code == 401


@pytest.mark.acceptance("A15")
@pytest.mark.parametrize("path", ["/oauth/userinfo", "/oauth/introspect", "/oauth/launch"])
async def test_a_bound_token_without_its_certificate_is_refused_by_the_endpoints_of_oauth(
    behind_a_proxy: Server, path: str
) -> None:
    login = {"Authorization": behind_a_proxy.headers("ehr-a")["Authorization"]}
    answers = [
        await behind_a_proxy.http.post(path, data={"token": "x", "patient": "x"}, headers=login | more)
        for more in ({}, {HEADER: by_rfc_9440(CERTIFICATE)})
    ]
    assert answers[0].json()["error"] == "invalid_token"
    assert [answer.json().get("error") for answer in answers[1:]] != ["invalid_token"]


@pytest.mark.acceptance("A15")
async def test_the_state_of_a_bound_token_names_the_certificate(behind_a_proxy: Server) -> None:
    login = behind_a_proxy.headers("ehr-a")["Authorization"]
    headers = {"Authorization": login, HEADER: by_rfc_9440(CERTIFICATE)}
    token = {"token": login.removeprefix("Bearer ")}
    state = (await behind_a_proxy.http.post("/oauth/introspect", data=token, headers=headers)).json()
    assert state["cnf"] == {"x5t#S256": thumbprint_of(CERTIFICATE)}


@pytest.mark.acceptance("A15")
async def test_two_certificates_are_none(behind_a_proxy: Server) -> None:
    headers = [*behind_a_proxy.headers("ehr-a").items(), *[(HEADER, by_rfc_9440(CERTIFICATE))] * 2]
    assert (await behind_a_proxy.http.get("/fhir/Claim", headers=headers)).status_code == 401


@pytest.mark.acceptance("A15")
async def test_a_certificate_header_from_another_address_than_the_proxy_is_ignored(tmp_path: Path) -> None:
    tokens = Bound(shipped_system().identity.tokens)
    async with serving(tmp_path, tokens=tokens, trusted_proxies=ELSEWHERE, certificate_header=HEADER) as server:
        assert (await server.get("/Claim", **{HEADER: by_rfc_9440(CERTIFICATE)})).status_code == 401


@pytest.mark.acceptance("A15")
async def test_another_header_than_the_named_one_is_ignored(tmp_path: Path) -> None:
    tokens = Bound(shipped_system().identity.tokens)
    async with serving(tmp_path, tokens=tokens, trusted_proxies=PROXY) as server:
        assert (await server.get("/Claim", **{HEADER: by_rfc_9440(CERTIFICATE)})).status_code == 401


async def test_a_token_without_a_binding_needs_no_certificate(server: Server) -> None:
    assert (await server.get("/Claim", **{HEADER: by_rfc_9440(OTHER_CERTIFICATE)})).status_code == 200


async def token_for(server: Server, presented: bytes | None, *certificates: bytes) -> httpx.Response:
    """Ask for a token as a client with these registered certificates, presenting one."""
    await register(
        server.system.documents,
        People(clients=(backend(certificates=tuple(thumbprint_of(row) for row in certificates)),)),
    )
    headers = {} if presented is None else {HEADER: by_rfc_9440(presented)}
    return await post(server, form(assertion(rsa_key(), "ehr-x", now(server)), "system/Claim.rs"), **headers)


@pytest.fixture
async def proxied(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(tmp_path, trusted_proxies=PROXY, certificate_header=HEADER) as server:
        yield server


@pytest.mark.acceptance("A15")
@pytest.mark.requirement("pas-2.2.1/priv-3")
async def test_a_token_is_bound_to_the_registered_certificate_that_its_client_presents(proxied: Server) -> None:
    answer = granted(await token_for(proxied, CERTIFICATE, OTHER_CERTIFICATE, CERTIFICATE))
    bearer = {"Authorization": f"Bearer {answer['access_token']}"}
    for certificate, status in ((CERTIFICATE, 200), (OTHER_CERTIFICATE, 401)):
        headers = {**bearer, HEADER: by_rfc_9440(certificate)}
        assert (await proxied.http.get("/fhir/Claim", headers=headers)).status_code == status
    assert (await proxied.http.get("/fhir/Claim", headers=bearer)).status_code == 401


@pytest.mark.acceptance("A15")
@pytest.mark.parametrize("presented", [None, OTHER_CERTIFICATE])
async def test_a_client_with_registered_certificates_gets_no_token_without_one(
    proxied: Server, presented: bytes | None
) -> None:
    refused(await token_for(proxied, presented, CERTIFICATE), "invalid_client", 401)


@pytest.mark.acceptance("A15")
@pytest.mark.parametrize("path", ["/oauth/introspect", "/oauth/revoke"])
async def test_a_client_with_registered_certificates_needs_one_for_the_state_of_a_token_too(
    proxied: Server, path: str
) -> None:
    client = with_secret(certificates=(thumbprint_of(CERTIFICATE),))
    await register(proxied.system.documents, People(clients=(client,)))
    for certificate, status in ((CERTIFICATE, 200), (OTHER_CERTIFICATE, 401)):
        headers = {HEADER: by_rfc_9440(certificate)}
        answer = await proxied.http.post(path, data={"token": "x"}, auth=("ehr-s", quote_plus(SECRET)), headers=headers)
        assert answer.status_code == status


@pytest.mark.acceptance("A15")
async def test_a_client_without_registered_certificates_gets_a_token_without_a_binding(proxied: Server) -> None:
    answer = granted(await token_for(proxied, CERTIFICATE))
    bearer = {"Authorization": f"Bearer {answer['access_token']}"}
    assert (await proxied.http.get("/fhir/Claim", headers=bearer)).status_code == 200


@pytest.mark.acceptance("A15")
async def test_the_token_of_an_app_is_bound_to_the_registered_certificate_of_the_app(proxied: Server) -> None:
    browser = Browser(await with_people(proxied))
    bound = (thumbprint_of(CERTIFICATE),)
    await change_row(proxied.system.documents, Client, "app-p1", lambda row: replace(row, certificates=bound))
    fields = {"grant_type": "authorization_code", "client_id": "app-p1", "redirect_uri": REDIRECT}
    fields |= {"code_verifier": VERIFIER, "code": await browser.code("app-p1")}
    refused(await post(proxied, fields), "invalid_client", 401)
    answer = granted(await post(proxied, fields, **{HEADER: by_rfc_9440(CERTIFICATE)}))
    bearer = {"Authorization": f"Bearer {answer['access_token']}"}
    held = {**bearer, HEADER: by_rfc_9440(CERTIFICATE)}
    assert (await proxied.http.get("/fhir/ClaimResponse", headers=held)).status_code == 200
    assert (await proxied.http.get("/fhir/ClaimResponse", headers=bearer)).status_code == 401
