"""A server that trusts an external issuer: its tokens open the same door, with the rights that were registered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from msgspec.structs import replace

from app.access.registry import Client
from app.adapters.outbound.guard import Guard
from app.adapters.outbound.http import Outbound
from app.adapters.tokens.by_issuer import ByIssuer
from app.adapters.tokens.jwks_cache import JwksCache
from app.adapters.tokens.trusted import trusted_issuers, trusted_tokens
from app.composition import build_system
from app.records.access.registry import add_row, change_row
from app.settings import Settings
from tests.support.assertions import rsa_key
from tests.support.backend_clients import SECRET, with_secret
from tests.support.issuers import LOCAL, key_set, keycloak_claims, token
from tests.support.keys import write_key
from tests.support.people import DEMO_CLIENTS
from tests.support.samples import request_bundle
from tests.support.server import ROOT, Server, serving, shipped_system, signing_key

KEYCLOAK = "https://login.payer.example/realms/pas"
FILE = f"""\
issuers:
  - issuer: {KEYCLOAK}
    jwks: keys.json
    algs: [RS256]
    audience: https://pas.payer.example/fhir
    types: [JWT]
    required: {{typ: Bearer}}
    claims: {{client: azp, org: org, payers: payers, roles: realm_access.roles}}
    roles: {{pas-provider: provider, pas-reviewer: reviewer}}
"""


@pytest.fixture
async def trusting(tmp_path: Path) -> AsyncIterator[Server]:
    """A server that trusts a Keycloak whose key set is a file, with one client of Keycloak on record."""
    file = tmp_path / "issuers.yaml"
    file.write_text(FILE, encoding="utf-8")
    (tmp_path / "keys.json").write_bytes(key_set(rsa_key()))
    async with serving(tmp_path, tokens=door(file), requestor_client_bound=True) as server:
        await add_row(server.system.documents, ehr_x())
        yield server


def ehr_x() -> Client:
    return replace(DEMO_CLIENTS["ehr-a"], id="ehr-x", issuer=KEYCLOAK)


def door(file: Path) -> ByIssuer:
    system = shipped_system()
    outbound = Outbound(Guard(()))
    keys = JwksCache(outbound, LOCAL, system.clock)
    issuers = trusted_issuers(file, LOCAL, (ROOT,))
    return trusted_tokens(
        {ROOT: system.identity.tokens}, issuers, keys=keys, outbound=outbound, rules=LOCAL, clock=system.clock
    )


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}", "Content-Type": "application/fhir+json"}


@pytest.mark.acceptance("A3")
async def test_a_registered_client_of_an_external_issuer_submits_and_reads_its_own(trusting: Server) -> None:
    good = bearer(token(keycloak_claims(trusting.clock.now(), scope="system/*.cruds")))
    submitted = await trusting.http.post("/fhir/Claim/$submit", json=request_bundle(), headers=good)
    assert submitted.status_code == 200
    found = await trusting.http.get("/fhir/ClaimResponse?status=active", headers=good)
    assert found.status_code == 200
    assert len(found.json()["entry"]) == 1


@pytest.mark.acceptance("A3")
async def test_a_user_without_a_role_does_not_get_the_role_of_the_client(trusting: Server) -> None:
    claims = keycloak_claims(trusting.clock.now(), scope="system/*.cruds", realm_access={"roles": ["offline_access"]})
    answer = await trusting.http.get("/fhir/Claim?status=active", headers=bearer(token(claims)))
    assert answer.status_code == 401
    assert "role" in answer.json()["issue"][0]["details"]["text"]


@pytest.mark.acceptance("A3")
async def test_an_organization_that_the_client_lacks_sees_nothing(trusting: Server) -> None:
    await trusting.post("/Claim/$submit", request_bundle())
    foreign = bearer(token(keycloak_claims(trusting.clock.now(), org="org-b", scope="system/*.cruds")))
    assert (await trusting.http.get("/fhir/ClaimResponse?status=active", headers=foreign)).status_code == 401


@pytest.mark.acceptance("A3")
@pytest.mark.parametrize(
    "claims",
    [{"org": None}, {"azp": "ehr-y"}, {"realm_access": {"roles": ["pas-reviewer"]}}, {"aud": "account"}, {"iss": ROOT}],
)
async def test_a_token_that_proves_too_little_is_refused(trusting: Server, claims: dict[str, object]) -> None:
    bad = bearer(token(keycloak_claims(trusting.clock.now(), scope="system/*.cruds", **claims)))
    answer = await trusting.http.get("/fhir/Claim?status=active", headers=bad)
    assert answer.status_code == 401
    assert answer.json()["resourceType"] == "OperationOutcome"


async def test_a_scope_of_the_token_allows_no_more_than_it_names(trusting: Server) -> None:
    narrow = bearer(token(keycloak_claims(trusting.clock.now(), scope="system/Claim.rs")))
    assert (await trusting.http.get("/fhir/Claim?status=active", headers=narrow)).status_code == 200
    assert (await trusting.http.get("/fhir/Patient?family=x", headers=narrow)).status_code == 403


async def test_tokens_of_this_server_open_the_same_door(trusting: Server) -> None:
    assert (await trusting.get("/Claim?status=active")).status_code == 200


@pytest.mark.acceptance("A14")
async def test_a_disabled_client_of_an_external_issuer_is_refused_within_a_minute(trusting: Server) -> None:
    good = bearer(token(keycloak_claims(trusting.clock.now(), scope="system/*.cruds")))
    assert (await trusting.http.get("/fhir/Claim?status=active", headers=good)).status_code == 200
    await change_row(trusting.system.documents, Client, ehr_x().key, lambda row: replace(row, disabled=True))
    trusting.clock.move(seconds=60)
    assert (await trusting.http.get("/fhir/Claim?status=active", headers=good)).status_code == 401


async def test_an_issuer_without_keys_now_is_answered_with_503_and_without_blame_of_the_token(tmp_path: Path) -> None:
    file = tmp_path / "issuers.yaml"
    file.write_text(FILE.replace("jwks: keys.json", "jwks: http://127.0.0.1:9/keys"), encoding="utf-8")
    async with serving(tmp_path, tokens=door(file)) as server:
        good = bearer(token(keycloak_claims(server.clock.now())))
        answer = await server.http.get("/fhir/Claim?status=active", headers=good)
    assert answer.status_code == 503
    assert "www-authenticate" not in answer.headers
    assert "Retry-After" in answer.headers


async def test_a_token_of_another_issuer_is_inactive_here_also_while_its_keys_cannot_be_fetched(tmp_path: Path) -> None:
    file = tmp_path / "issuers.yaml"
    file.write_text(FILE.replace("jwks: keys.json", "jwks: http://127.0.0.1:9/keys"), encoding="utf-8")
    async with serving(tmp_path, tokens=door(file)) as server:
        await add_row(server.system.documents, with_secret())
        text = token(keycloak_claims(server.clock.now()))
        answer = await server.http.post("/oauth/introspect", data={"token": text}, auth=("ehr-s", quote_plus(SECRET)))
    assert (answer.status_code, answer.json()) == (200, {"active": False})


def test_the_settings_name_the_file_of_issuers(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_bytes(key_set(rsa_key()))
    (tmp_path / "issuers.yaml").write_text(FILE, encoding="utf-8")
    write_key(tmp_path, signing_key().as_pem(private=True))
    system = build_system(Settings(data=tmp_path, store="memory", base_url=ROOT, issuers=tmp_path / "issuers.yaml"))
    assert isinstance(system.identity.tokens, ByIssuer)
    assert set(system.identity.tokens._verifiers) == {ROOT, KEYCLOAK}


@pytest.mark.parametrize("text", [None, FILE.replace(KEYCLOAK, ROOT)])
def test_a_missing_file_and_the_own_issuer_stop_the_start(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "issuers.yaml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(RuntimeError, match="PREAUTH_ISSUERS"):
        door(file)
