"""A request needs a valid token with the required scopes, and the server checks both before any lookup."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from joserfc.jwk import RSAKey

from app.adapters.tokens.own_tokens import mint
from tests.api.reading import answered, issues, sample
from tests.support.people import DEMO_CLIENTS
from tests.support.samples import inquiry_bundle, patient, request_bundle
from tests.support.server import ROOT, Server, serving, signing_key

CALLS = [
    ("GET", "/Claim"),
    ("GET", "/Claim/1"),
    ("GET", "/ClaimResponse/1/_history/1"),
    ("GET", "/Patient?family=x"),
    ("POST", "/Claim"),
    ("POST", "/Patient"),
    ("PUT", "/Patient/1"),
    ("POST", "/Claim/$submit"),
    ("POST", "/Claim/$inquire"),
    ("POST", "/ClaimResponse/1/$decide"),
]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/fhir+json"}


def token(server: Server, client: str = "ehr-a", *scopes: str, key: RSAKey | None = None, hours: float = 1) -> str:
    principal = DEMO_CLIENTS[client]
    lifetime = timedelta(hours=hours)
    granted = scopes or principal.scopes
    return mint(key or signing_key(), ROOT, principal.id, granted, server.clock.now(), lifetime=lifetime)


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize("base", ["/fhir", "/2.0.1/fhir"])
async def test_a_request_without_a_token_is_refused(server: Server, base: str, method: str, path: str) -> None:
    answer = await server.http.request(method, base + path, content=b"{", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="preauth"'
    assert issues(answer)[0]["code"] == "login"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer e30.e30.e30", "Bearer a" * 999])
async def test_a_token_that_this_server_did_not_issue_is_refused(server: Server, header: str) -> None:
    answer = await server.http.get("/fhir/Claim", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert issues(answer)[0]["code"] == "login"


@pytest.mark.parametrize("authorization", ["", "Bearer", "Basic YTpi", "Bearer e30.e30.e30"])
@pytest.mark.parametrize(("demo", "hint"), [(True, "`preauth token ehr-a`"), (False, "The operator of this server")])
async def test_a_refusal_explains_how_to_get_a_token(tmp_path: Path, authorization: str, demo: bool, hint: str) -> None:
    async with serving(tmp_path, demo=demo) as server:
        answer = await server.http.get("/fhir/Claim", headers={"Authorization": authorization})
    assert hint in issues(answer)[0]["details"]["text"]


async def test_a_refused_token_is_called_invalid_with_the_reason(server: Server) -> None:
    headers = bearer(token(server))
    server.clock.move(hours=2)
    for sent, reason in ((headers, "it has expired"), (bearer("e30.e30.e30"), "it is not a token that this server")):
        challenge = (await server.http.get("/fhir/Claim", headers=sent)).headers["www-authenticate"]
        assert challenge.startswith('Bearer realm="preauth", error="invalid_token", error_description="')
        assert reason in challenge
        assert challenge.count('"') == 6


@pytest.mark.parametrize(
    ("client", "scope", "needed"),
    [
        ("ehr-a", "system/Patient.r", "system/Claim.s"),
        ("reviewer", "user/Patient.r", "user/Claim.s"),
        ("patient-1", "patient/Patient.r", "patient/Claim.s"),
    ],
)
async def test_a_missing_scope_is_named_in_the_syntax_of_the_client(
    server: Server, client: str, scope: str, needed: str
) -> None:
    refused = await server.http.get("/fhir/Claim", headers=bearer(token(server, client, scope)))
    assert refused.status_code == 403
    expected = f'Bearer realm="preauth", error="insufficient_scope", scope="{needed}"'
    assert refused.headers["www-authenticate"] == expected


async def test_a_token_of_another_key_is_refused(server: Server) -> None:
    other = RSAKey.generate_key(2048)
    other.ensure_kid()
    assert (await server.http.get("/fhir/Claim", headers=bearer(token(server, key=other)))).status_code == 401


async def test_a_token_with_changed_claims_is_refused(server: Server) -> None:
    header, _, signature = token(server, "ehr-a").split(".")
    payload = token(server, "admin").split(".")[1]
    answer = await server.http.get("/fhir/Claim", headers=bearer(f"{header}.{payload}.{signature}"))
    assert answer.status_code == 401


async def test_a_token_ends_with_its_time(server: Server) -> None:
    headers = bearer(token(server))
    assert (await server.http.get("/fhir/Claim", headers=headers)).status_code == 200
    server.clock.move(hours=1)
    refused = await server.http.get("/fhir/Claim", headers=headers)
    assert refused.status_code == 401
    assert "expired" in issues(refused)[0]["details"]["text"]
    assert headers["Authorization"].removeprefix("Bearer ")[:30] not in refused.text


async def test_the_scheme_is_read_in_any_case(server: Server) -> None:
    answer = await server.http.get("/fhir/Claim", headers={"Authorization": f"bearer {token(server)}"})
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/fhir/metadata", "/2.0.1/fhir/metadata", "/health", "/health/live", "/health/ready"])
async def test_capabilities_and_health_need_no_token(server: Server, path: str) -> None:
    assert (await server.http.get(path)).status_code == 200
    assert (await server.http.get(path, headers=bearer("nonsense"))).status_code == 200


@pytest.mark.parametrize(
    ("scope", "method", "path", "needed"),
    [
        ("system/Claim.rs", "POST", "/Claim/$submit", "Claim.c"),
        ("system/ClaimResponse.cruds", "POST", "/Claim/$submit", "Claim.c."),
        ("system/Claim.cruds", "POST", "/Claim/$submit", "include ClaimResponse.r."),
        ("system/Claim.c system/ClaimResponse.s", "POST", "/Claim/$submit", "include ClaimResponse.r."),
        ("system/*.s", "POST", "/Claim/$submit", "Claim.c and ClaimResponse.r."),
        ("system/Claim.cr", "POST", "/Claim/$inquire", "Claim.s and ClaimResponse.r."),
        ("system/Claim.s", "POST", "/Claim/$inquire", "include ClaimResponse.r."),
        ("system/*.r", "POST", "/Claim/$inquire", "include Claim.s."),
        ("system/Claim.rs", "POST", "/Claim", "Claim.c"),
        ("system/Claim.s", "GET", "/Claim/1", "Claim.r"),
        ("system/Claim.r", "GET", "/Claim", "Claim.s"),
        ("system/Claim.cruds", "GET", "/Patient/1", "Patient.r"),
        ("system/Patient.s", "GET", "/Patient/1/_history/1", "Patient.r"),
        ("system/Patient.rs", "POST", "/Patient", "Patient.c"),
        ("system/Patient.crs", "PUT", "/Patient/1", "Patient.u"),
        ("system/Claim.u", "POST", "/ClaimResponse/1/$decide", "ClaimResponse.u"),
        ("openid", "GET", "/Claim", "Claim.s"),
    ],
)
async def test_an_interaction_outside_the_scopes_is_forbidden(
    server: Server, scope: str, method: str, path: str, needed: str
) -> None:
    answer = await server.http.request(
        method, "/fhir" + path, content=b"{", headers=bearer(token(server, "admin", *scope.split()))
    )
    assert answer.status_code == 403
    assert issues(answer)[0]["code"] == "forbidden"
    assert needed in issues(answer)[0]["details"]["text"]


async def test_a_refusal_by_scope_does_not_reveal_which_resources_exist(server: Server) -> None:
    response = answered(await server.post("/Claim/$submit", sample("request-approve")))
    headers = bearer(token(server, "ehr-a", "system/Claim.rs"))
    there = await server.http.get(f"/fhir/ClaimResponse/{response['id']}", headers=headers)
    not_there = await server.http.get("/fhir/ClaimResponse/unknown", headers=headers)
    assert there.status_code == not_there.status_code == 403
    assert there.content == not_there.content


async def test_a_narrow_scope_allows_its_own_interaction(server: Server) -> None:
    submitting = bearer(token(server, "ehr-a", "system/Claim.c", "system/ClaimResponse.r"))
    answer = await server.http.post("/fhir/Claim/$submit", json=request_bundle(), headers=submitting)
    assert answer.status_code == 200
    assert (await server.http.get("/fhir/Claim", headers=submitting)).status_code == 403
    asking = bearer(token(server, "ehr-a", "system/Claim.s", "system/ClaimResponse.r"))
    assert (await server.http.post("/fhir/Claim/$inquire", json=inquiry_bundle(), headers=asking)).status_code == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/Claim/$submit", sample("request-approve")),
        ("/Claim/$inquire", sample("inquiry")),
        ("/Claim", sample("bill")),
        ("/Patient", patient()),
    ],
)
async def test_a_patient_cannot_write_or_inquire_with_any_scope(
    server: Server, path: str, body: dict[str, object]
) -> None:
    for scopes in (("patient/*.cruds",), ("system/*.cruds",)):
        headers = bearer(token(server, "patient-1", *scopes))
        assert (await server.http.post("/fhir" + path, json=body, headers=headers)).status_code == 403
    assert (await server.get("/Claim?_total=accurate", "reviewer")).json()["total"] == 0
