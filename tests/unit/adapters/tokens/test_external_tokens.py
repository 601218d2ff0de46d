"""Tokens of external issuers: the shapes of three providers, and the refusal of hostile ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from app.access.grant import InvalidToken, Role
from app.access.verifier import Claimed, Verified
from app.adapters.tokens.by_issuer import ByIssuer
from app.adapters.tokens.external_tokens import ExternalTokens
from tests.support import issuers as shape
from tests.support.assertions import altered, ec_key, encoded, forged, rsa_key, signed, with_other_payload
from tests.support.issuers import HeldKeys, entra_claims, keycloak_claims, okta_claims, token

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = int(NOW.timestamp())
KEYCLOAK, ENTRA, OKTA = shape.issuers()
KEYS = HeldKeys(rsa_key(), ec_key(), ec_key("ec-256", "P-256"), rsa_key("rsa-2", owner="keycloak"))
TRUSTED = ByIssuer({issuer.issuer: ExternalTokens(issuer, KEYS) for issuer in (KEYCLOAK, ENTRA, OKTA)})


async def verified(text: str) -> Verified:
    return await TRUSTED.verify(text, NOW)


async def refusal(text: str) -> str:
    with pytest.raises(InvalidToken) as refused:
        await verified(text)
    return str(refused.value)


async def test_a_token_of_keycloak_names_its_client_role_and_organization() -> None:
    assert await verified(token(keycloak_claims(NOW))) == Verified(
        issuer="https://login.payer.example/realms/pas",
        client="ehr-x",
        subject="d6f8-service-account",
        scopes=frozenset({"profile", "system/Claim.crs"}),
        token="trrtcc:5b4e",
        expires=SECOND + 300,
        claimed=Claimed(role=Role.PROVIDER, organizations=frozenset({"org-a"}), payers=frozenset()),
    )


async def test_a_token_of_keycloak_may_have_its_role_at_the_client() -> None:
    claims = keycloak_claims(
        NOW, realm_access=None, resource_access={"preauth": {"roles": ["pas-reviewer"]}}, payers="p"
    )
    claimed = (await verified(token(claims))).claimed
    assert claimed == Claimed(role=Role.REVIEWER, organizations=frozenset({"org-a"}), payers=frozenset({"p"}))


async def test_a_token_of_entra_has_its_scopes_among_the_roles_of_the_application() -> None:
    assert await verified(token(entra_claims(NOW))) == Verified(
        issuer=ENTRA.issuer,
        client="app-7",
        subject="8c2f",
        scopes=frozenset({"Provider", "system/Claim.crs"}),
        token="u-1",
        expires=SECOND + 4500,
        claimed=Claimed(
            role=Role.PROVIDER, organizations=frozenset({"org-a", "org-b"}), payers=frozenset(), unregistered=True
        ),
    )


async def test_a_token_of_entra_for_a_user_has_its_scopes_in_scp() -> None:
    claims = entra_claims(NOW, azp=None, appid="app-1", roles=["Reviewer"], scp="user/Claim.rs user/Task.rs")
    answer = await verified(token(claims))
    assert answer.client == "app-1"
    assert answer.scopes == {"Reviewer", "user/Claim.rs", "user/Task.rs"}


@pytest.mark.parametrize("type_", [None, "application/okta-internal-at+jwt", "Okta-Internal-At+JWT"])
async def test_a_token_of_okta_has_a_list_of_scopes_and_an_own_claim_with_a_url(type_: str | None) -> None:
    answer = await verified(token(okta_claims(NOW), typ=type_))
    assert answer.client == answer.subject == "0oa1"
    assert answer.scopes == {"system/Claim.crs", "system/ClaimResponse.r"}
    assert answer.claimed == Claimed(organizations=frozenset({"org-a"}))


Forge = Callable[[], str]


def keycloak(**changes: Any) -> str:
    return token(keycloak_claims(NOW, **changes))


def expiring(number: str) -> str:
    return token(json.dumps(keycloak_claims(NOW, exp=0.5)).replace("0.5", number).encode())


HOSTILE: Mapping[str, Forge] = {
    "alg none": lambda: forged({"alg": "none", "kid": "rsa-1", "typ": "JWT"}, keycloak_claims(NOW)),
    "an unlisted algorithm": lambda: token(keycloak_claims(NOW), alg="RS384"),
    "the algorithm of another key": lambda: signed(
        ec_key(), {"alg": "ES384", "kid": "ec-1", "typ": "JWT"}, keycloak_claims(NOW)
    ),
    "an altered signature": lambda: altered(keycloak()),
    "an altered payload": lambda: with_other_payload(keycloak(), keycloak_claims(NOW, org="org-b")),
    "the key of another party": lambda: token(keycloak_claims(NOW), rsa_key(owner="somebody else")),
    "no kid": lambda: token(keycloak_claims(NOW), kid=None),
    "an unknown kid": lambda: token(keycloak_claims(NOW), kid="rsa-9"),
    "a kid that is a list": lambda: forged({"alg": "RS256", "kid": ["rsa-1"], "typ": "JWT"}, keycloak_claims(NOW)),
    "another type": lambda: token(keycloak_claims(NOW), typ="at+jwt"),
    "no type": lambda: token(keycloak_claims(NOW), typ=None),
    "a critical header that is null": lambda: forged(
        {"alg": "RS256", "kid": "rsa-1", "typ": "JWT", "crit": None}, keycloak_claims(NOW)
    ),
    "an unknown critical header": lambda: forged(
        {"alg": "RS256", "kid": "rsa-1", "typ": "JWT", "crit": ["x"], "x": 1}, keycloak_claims(NOW)
    ),
    "a long header": lambda: token(keycloak_claims(NOW), x="x" * 600),
    "another audience": lambda: keycloak(aud="https://other.example"),
    "the audience of another tenant": lambda: keycloak(aud=["https://pas.payer.example/fhir/other"]),
    "no audience": lambda: keycloak(aud=None),
    "an audience of another kind": lambda: keycloak(aud={"https://pas.payer.example/fhir": 1}),
    "an issuer that is not trusted": lambda: keycloak(iss="https://login.payer.example/realms/other"),
    "an issuer with a slash": lambda: keycloak(iss="https://login.payer.example/realms/pas/"),
    "no issuer": lambda: keycloak(iss=None),
    "an issuer that is a list": lambda: keycloak(iss=["https://login.payer.example/realms/pas"]),
    "the type of another issuer": lambda: token(okta_claims(NOW), typ="JWT"),
    "expired": lambda: keycloak(exp=SECOND - 30),
    "an expiry that is text": lambda: keycloak(exp=str(SECOND + 60)),
    "an expiry that is true": lambda: keycloak(exp=True),
    "no expiry": lambda: keycloak(exp=None),
    "an expiry that is NaN": lambda: expiring("NaN"),
    "an expiry that is infinite": lambda: expiring("1e999"),
    "a long life": lambda: keycloak(exp=SECOND + 3601),
    "a long life that began long ago": lambda: keycloak(iat=SECOND - 86_400),
    "issued in the future": lambda: keycloak(iat=SECOND + 31, exp=SECOND + 60),
    "no time of issue": lambda: keycloak(iat=None),
    "not valid yet": lambda: keycloak(nbf=SECOND + 31),
    "a start that is text": lambda: keycloak(nbf="0"),
    "an id_token": lambda: keycloak(typ="ID"),
    "an id_token with a hash": lambda: keycloak(at_hash="x"),
    "a refresh token": lambda: keycloak(typ="Refresh"),
    "no client": lambda: keycloak(azp=None),
    "a client that is a number": lambda: keycloak(azp=7),
    "a client of two lines": lambda: keycloak(azp="ehr-x\nehr-y"),
    "a client with NUL": lambda: keycloak(azp="ehr-x\0"),
    "a user with an escape sequence": lambda: keycloak(sub="\x1b[31mdana"),
    "a long name of a user": lambda: keycloak(sub="u" * 257),
    "a token id with NUL": lambda: keycloak(jti="\0"),
    "two clients": lambda: keycloak(azp=["ehr-x", "ehr-y"]),
    "no organization, patient or payer": lambda: keycloak(org=None, scope="system/*.cruds"),
    "an empty organization": lambda: keycloak(org=["", ""]),
    "an organization that is an object": lambda: keycloak(org={"id": "org-a"}),
    "an organization that is a number": lambda: keycloak(org=[1]),
    "two patients": lambda: keycloak(patient=["a", "b"]),
    "no roles": lambda: keycloak(realm_access=None),
    "no role of this server": lambda: keycloak(realm_access={"roles": ["offline_access"]}),
    "two roles": lambda: keycloak(realm_access={"roles": ["pas-provider", "pas-reviewer"]}),
    "roles that are numbers": lambda: keycloak(realm_access={"roles": [1]}),
    "a scope that is an object": lambda: keycloak(scope={"system/Claim.crs": True}),
    "a binding to a DPoP key": lambda: keycloak(cnf={"jkt": "x"}),
    "two bindings": lambda: keycloak(cnf={"x5t#S256": "x", "jkt": "x"}),
    "an empty binding": lambda: keycloak(cnf={}),
    "a binding of another kind": lambda: keycloak(cnf="x"),
    "another tenant of Entra": lambda: token(entra_claims(NOW, tid="1b0b")),
    "a version of Entra that was not configured": lambda: token(entra_claims(NOW, ver="1.0")),
    "claims that are a list": lambda: token(b"[]"),
    "claims that are not JSON": lambda: token(b"{"),
    "claims that are nested deeply": lambda: token(b'{"iss":' + b"[" * 3000),
    "too long": lambda: keycloak(x="x" * 8192),
    "two parts": lambda: "a.b",
    "five parts": lambda: "a.b.c.d.e",
    "no part": lambda: "",
    "characters beyond ASCII": lambda: keycloak() + "é",
    "broken base64": lambda: "!.!.!",
    "a payload of one character": lambda: f"a.{encoded(b'1')[0]}.c",
}  # fmt: skip


@pytest.mark.acceptance("A2", "A3", "A4")
@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_token_of_an_external_issuer_is_refused(name: str) -> None:
    assert await refusal(HOSTILE[name]())


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_refusal_quotes_no_part_of_the_token(name: str) -> None:
    text = await refusal(HOSTILE[name]())
    assert '"' not in text
    assert "org-" not in text


@pytest.mark.acceptance("A3")
async def test_the_clocks_of_an_issuer_may_differ_by_thirty_seconds() -> None:
    assert await verified(keycloak(exp=SECOND - 29))
    assert await verified(keycloak(iat=SECOND + 30, nbf=SECOND + 30, exp=SECOND + 60))


@pytest.mark.parametrize("missing", ["scope", "jti", "sub"])
async def test_a_token_without_a_claim_that_grants_is_still_one_of_its_client(missing: str) -> None:
    answer = await verified(keycloak(**{missing: None}))
    assert answer.client == "ehr-x"
    assert answer.subject == ("ehr-x" if missing == "sub" else "d6f8-service-account")


async def test_a_token_bound_to_a_certificate_names_its_thumbprint() -> None:
    assert (await verified(keycloak(cnf={"x5t#S256": "abc"}))).certificate == "abc"


async def test_a_key_of_another_size_does_not_fit_the_algorithm_of_a_curve() -> None:
    issuer = replace(OKTA, algorithms=frozenset({"ES256", "ES384"}))
    door = ByIssuer({issuer.issuer: ExternalTokens(issuer, KEYS)})
    good = signed(ec_key("ec-256", "P-256"), {"alg": "ES256", "kid": "ec-256"}, okta_claims(NOW))
    assert (await door.verify(good, NOW)).client == "0oa1"
    with pytest.raises(InvalidToken):
        await door.verify(forged({"alg": "ES256", "kid": "ec-1"}, okta_claims(NOW), b"x" * 64), NOW)


async def test_a_key_that_is_for_another_algorithm_does_not_fit() -> None:
    class Marked(HeldKeys):
        async def keys(self, _: str) -> Any:
            return [rsa_key().import_key(rsa_key().as_dict(private=False) | {"alg": "RS512"})]

    with pytest.raises(InvalidToken):
        await ExternalTokens(KEYCLOAK, Marked()).verify(keycloak(), NOW)
