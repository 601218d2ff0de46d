"""The form of a token request: its scopes, its grant type, and its budget."""

from __future__ import annotations

import httpx
import pytest

from tests.support.assertions import assertion, form, rsa_key
from tests.support.server import Server
from tests.support.token_requests import now, post, refused

CLIENT = "ehr-x"


@pytest.mark.acceptance("A10")
@pytest.mark.parametrize(
    "scope",
    [None, "", "system/*.cruds", "system/Claim.crs system/Patient.r", "system/Claim.", "user/Claim.r", "openid",
     "system/ClaimResponse.rs?status:not=active", "system/ClaimResponse.rs?_has:Claim=1"],
)  # fmt: skip
async def test_missing_wider_and_malformed_scopes_are_refused(backends: Server, scope: str | None) -> None:
    refused(await post(backends, form(assertion(rsa_key(), CLIENT, now(backends)), scope)), "invalid_scope")


@pytest.mark.acceptance("A10")
@pytest.mark.parametrize("grant_type", ["password", "implicit", "CLIENT_CREDENTIALS", "client_credentials "])
async def test_an_unknown_grant_type_is_refused_before_the_client_proves_itself(
    backends: Server, grant_type: str
) -> None:
    refused(await post(backends, {"grant_type": grant_type}), "unsupported_grant_type")


@pytest.mark.acceptance("A10")
@pytest.mark.parametrize("repeated", ["scope=system%2FClaim.c", "grant_type=client_credentials", "scope="])
async def test_a_repeated_parameter_is_refused(backends: Server, repeated: str) -> None:
    fields = form(assertion(rsa_key(), CLIENT, now(backends)))
    body = str(httpx.QueryParams(fields)) + "&" + repeated
    refused(await post(backends, body), "invalid_request")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("scope=system/Claim.c", 400),
        ("a=%ff", 400),
        ("a=é", 400),
        ("&".join(f"f{number}=1" for number in range(31)), 400),
        ("&" * 1_000_000, 413),
        ("a=" + "x" * 16_384, 413),
    ],
    ids=["empty", "no grant type", "no UTF-8", "no ASCII", "31 fields", "a million fields", "16 KiB"],
)
async def test_a_body_beyond_its_budget_is_refused(backends: Server, body: str, status: int) -> None:
    refused(await post(backends, body), "invalid_request", status)


@pytest.mark.parametrize("media_type", ["application/json", "multipart/form-data; boundary=x", "text/plain"])
async def test_a_body_of_another_type_is_refused(backends: Server, media_type: str) -> None:
    answer = await post(backends, "grant_type=client_credentials", **{"Content-Type": media_type})
    refused(answer, "invalid_request", 415)


async def test_parameters_in_the_url_are_ignored(backends: Server) -> None:
    fields = form(assertion(rsa_key(), CLIENT, now(backends)))
    answer = await backends.http.post("/oauth/token", params=fields, data={"scope": "system/Claim.c"})
    refused(answer, "invalid_request")
