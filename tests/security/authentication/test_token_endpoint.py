"""Backend services get tokens for assertions that they sign, each once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from app.access.limiter import Limiter, Limits
from app.access.pace import Pace
from app.access.smart.key_source import KeysUnavailable
from app.adapters.memory import MemoryDocuments
from tests.support.assertions import assertion, ec_key, form, rsa_key
from tests.support.backend_clients import KEYS_URL, HeldKeys, register_backends
from tests.support.hostile_assertions import UNFIT, UNPROVED
from tests.support.server import Server, serving
from tests.support.token_requests import granted, now, post, refused

CLIENT = "ehr-x"


@pytest.mark.parametrize("key", [rsa_key(), ec_key()], ids=["RS384", "ES384"])
@pytest.mark.requirement("pas-2.2.1/priv-3")
async def test_a_signed_assertion_gets_a_token_that_reads_the_clients_own_requests(backends: Server, key: Any) -> None:
    fields = form(assertion(key, CLIENT, now(backends)), "system/Claim.rs system/ClaimResponse.rs")
    answer = granted(await post(backends, fields))
    token = answer.pop("access_token")
    assert answer == {"token_type": "bearer", "expires_in": 300, "scope": "system/Claim.rs system/ClaimResponse.rs"}
    bearer = {"Authorization": f"Bearer {token}"}
    assert (await backends.http.get("/fhir/Claim", headers=bearer)).status_code == 200
    assert (await backends.http.get("/fhir/Patient", headers=bearer)).status_code == 403
    backends.clock.move(seconds=300)
    assert (await backends.http.get("/fhir/Claim", headers=bearer)).status_code == 401


@pytest.mark.acceptance("A7")
@pytest.mark.parametrize("name", UNPROVED)
async def test_an_assertion_without_a_valid_signature_gets_one_answer_for_every_reason(
    backends: Server, name: str
) -> None:
    unknown = await post(backends, form(assertion(rsa_key(), "nobody", now(backends))))
    answer = await post(backends, form(UNPROVED[name](CLIENT, now(backends))))
    refused(answer, "invalid_client", 401)
    assert answer.content == unknown.content
    assert answer.headers["www-authenticate"] == 'Basic realm="preauth"'


@pytest.mark.acceptance("A7")
@pytest.mark.parametrize("name", UNFIT)
async def test_a_signed_assertion_with_unfit_claims_is_refused(backends: Server, name: str) -> None:
    answer = await post(backends, form(UNFIT[name](CLIENT, now(backends))))
    assert refused(answer, "invalid_client", 401).startswith("The assertion ")


@pytest.mark.parametrize("client", ["ehr-off", "ehr-elsewhere", "ehr-s", "app"])
async def test_a_client_that_may_not_sign_assertions_gets_the_answer_of_an_unknown_one(
    backends: Server, client: str
) -> None:
    unknown = await post(backends, form(assertion(rsa_key(), "nobody", now(backends))))
    answer = await post(backends, form(assertion(rsa_key(), client, now(backends))))
    refused(answer, "invalid_client", 401)
    assert answer.content == unknown.content


@pytest.mark.parametrize(
    "other",
    [{"client_assertion_type": "urn:elsewhere"}, {"client_assertion_type": ""}, {"client_id": "ehr-s"}],
)
async def test_another_assertion_type_or_another_client_id_is_refused(backends: Server, other: dict[str, str]) -> None:
    refused(await post(backends, form(assertion(rsa_key(), CLIENT, now(backends)), **other)), "invalid_client", 401)


@pytest.mark.acceptance("A8")
async def test_an_assertion_is_good_once(backends: Server) -> None:
    fields = form(assertion(rsa_key(), CLIENT, now(backends)))
    granted(await post(backends, fields))
    assert "used before" in refused(await post(backends, fields), "invalid_client", 401)


@pytest.mark.acceptance("A8")
async def test_of_32_parallel_uses_of_an_assertion_one_succeeds(backends: Server) -> None:
    fields = form(assertion(rsa_key(), CLIENT, now(backends)))
    answers = await asyncio.gather(*(post(backends, fields) for _ in range(32)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 31


@pytest.mark.acceptance("A8")
async def test_an_assertion_stays_used_after_a_restart(tmp_path: Path) -> None:
    documents = MemoryDocuments()
    async with serving(tmp_path, documents=documents) as first:
        await register_backends(documents)
        fields = form(assertion(rsa_key(), CLIENT, now(first)))
        granted(await post(first, fields))
    async with serving(tmp_path, documents=documents) as second:
        refused(await post(second, fields), "invalid_client", 401)


async def test_two_clients_may_use_the_same_jti(backends: Server, tmp_path: Path) -> None:
    assert backends.system.identity.oauth is not None
    server = replace(backends.system.identity.oauth, clients_keys=HeldKeys([rsa_key()]))
    async with serving(tmp_path, documents=backends.system.documents, oauth=server) as other:
        for client in (CLIENT, "ehr-url"):
            granted(await post(other, form(assertion(rsa_key(), client, now(other), jti="1"))))


async def test_a_refused_assertion_does_not_use_its_jti_up(backends: Server) -> None:
    fields = form(assertion(rsa_key(owner="somebody else"), CLIENT, now(backends), {"kid": "rsa-1"}, jti="1"))
    refused(await post(backends, fields), "invalid_client", 401)
    granted(await post(backends, form(assertion(rsa_key(), CLIENT, now(backends), jti="1"))))


@pytest.mark.acceptance("A9")
async def test_a_clock_20_seconds_ahead_is_tolerated_and_a_lifetime_of_400_seconds_is_refused(
    backends: Server,
) -> None:
    granted(await post(backends, form(assertion(rsa_key(), CLIENT, now(backends) + 20))))
    late = assertion(rsa_key(), CLIENT, now(backends), exp=int(now(backends)) + 400)
    refused(await post(backends, form(late)), "invalid_client", 401)


@pytest.mark.parametrize(("client", "error"), [("public", "unauthorized_client"), ("app", "unauthorized_client")])
async def test_a_public_client_gets_no_token_without_a_user(backends: Server, client: str, error: str) -> None:
    refused(await post(backends, {"grant_type": "client_credentials", "client_id": client}), error)


async def test_a_client_without_the_grant_type_gets_no_token(backends: Server) -> None:
    refused(await post(backends, form(assertion(rsa_key(), "ehr-code", now(backends)))), "unauthorized_client")


async def test_keys_are_fetched_from_the_url_of_the_client_and_jku_must_be_that_url(
    backends: Server, tmp_path: Path
) -> None:
    keys = HeldKeys([rsa_key()])
    assert backends.system.identity.oauth is not None
    oauth = replace(backends.system.identity.oauth, clients_keys=keys)
    async with serving(tmp_path, documents=backends.system.documents, oauth=oauth) as server:
        for number, jku in enumerate((None, KEYS_URL)):
            text = assertion(rsa_key(), "ehr-url", now(server), {"jku": jku}, jti=str(number))
            granted(await post(server, form(text)))
        foreign = assertion(rsa_key(), "ehr-url", now(server), {"jku": "https://evil.test/jwks.json"})
        refused(await post(server, form(foreign)), "invalid_client", 401)
    assert keys.asked == [KEYS_URL, KEYS_URL]


async def test_keys_that_cannot_be_fetched_prove_nothing(backends: Server, tmp_path: Path) -> None:
    class Unreachable(HeldKeys):
        async def keys(self, url: str, kid: str) -> list[Any]:
            raise KeysUnavailable(f"{url} {kid}")

    assert backends.system.identity.oauth is not None
    oauth = replace(backends.system.identity.oauth, clients_keys=Unreachable([]))
    async with serving(tmp_path, documents=backends.system.documents, oauth=oauth) as server:
        answer = await post(server, form(assertion(rsa_key(), "ehr-url", now(server))))
        refused(answer, "invalid_client", 401)
        assert KEYS_URL not in answer.text


@pytest.mark.acceptance("A17")
async def test_ten_bad_assertions_a_minute_make_a_client_wait_and_a_good_client_is_unaffected(tmp_path: Path) -> None:
    limits = Limits(client=Pace(1e9, 10**6), concurrent=10**6, address=Pace(1e9, 10**6), failures=Pace(10 / 60, 10))
    async with serving(tmp_path, limiter=Limiter(limits)) as server:
        await register_backends(server.system.documents)
        bad = form(assertion(rsa_key(owner="somebody else"), CLIENT, now(server), {"kid": "rsa-1"}))
        answers = [await post(server, bad) for _ in range(11)]
        assert [answer.status_code for answer in answers] == [401] * 10 + [429]
        refused(answers[-1], "temporarily_unavailable", 429)
        assert int(answers[-1].headers["retry-after"]) <= 60
        assert (await post(server, form(assertion(rsa_key(), CLIENT, now(server))))).status_code == 429
        secret = {"grant_type": "client_credentials", "scope": "system/Claim.c", "client_id": "ehr-s"}
        assert (await post(server, {**secret, "client_secret": "wrong"})).status_code == 401
        server.clock.move(seconds=60)
        granted(await post(server, form(assertion(rsa_key(), CLIENT, now(server)))))


@pytest.mark.acceptance("A14")
async def test_a_disabled_client_gets_no_token(backends: Server) -> None:
    refused(await post(backends, form(assertion(rsa_key(), "ehr-off", now(backends)))), "invalid_client", 401)
