"""Attempts that come at once: no more are checked than one after the other, and good ones are not refused."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.access.limiter import Limiter, Limits
from app.access.pace import Pace
from app.access.registry import Client
from app.adapters.memory import MemoryDocuments
from app.adapters.udap.server import udap_server
from app.ports import Document, StoreUnavailable
from app.records.access.registry import KINDS
from tests.support.assertions import assertion, form, rsa_key
from tests.support.backend_clients import SECRET, register_backends
from tests.support.community import MEMBER, authority, member
from tests.support.server import ROOT, Server, serving
from tests.support.token_requests import granted, now, post
from tests.support.udap import register, software, token_form, written

MOST = 10
AT_ONCE = 25


class Flaky(MemoryDocuments):
    """Cannot read clients while `away`."""

    away = False

    async def get(self, kind: str, id_: str) -> Document | None:
        if self.away and kind == KINDS[Client]:
            raise StoreUnavailable("away")
        return await super().get(kind, id_)


@pytest.fixture
async def limited(tmp_path: Path) -> AsyncIterator[Server]:
    """A server that checks ten failures of a client at an address, and no more for long."""
    unreached = Pace(1e9, 1_000_000)
    limits = Limits(client=unreached, concurrent=1_000, address=unreached, failures=Pace(MOST / 60, MOST))
    udap = udap_server(written(tmp_path, f"{ROOT}/fhir"), ROOT)
    async with serving(tmp_path, documents=Flaky(), limiter=Limiter(limits), udap=udap) as server:
        await register_backends(server.system.documents)
        yield server


async def statuses(server: Server, *requests: dict[str, str]) -> Counter[int]:
    answers = await asyncio.gather(*(post(server, fields) for fields in requests))
    return Counter(answer.status_code for answer in answers)


def by_secret(secret: str) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_id": "ehr-s",
        "client_secret": secret,
        "scope": "system/Claim.r",
    }


@pytest.mark.acceptance("A17")
async def test_wrong_secrets_at_once_are_checked_ten_times(limited: Server) -> None:
    guesses = [by_secret(f"guess {number}") for number in range(AT_ONCE)]
    assert await statuses(limited, *guesses) == {401: MOST, 429: AT_ONCE - MOST}


@pytest.mark.acceptance("A17")
async def test_wrong_assertions_at_once_are_checked_ten_times(limited: Server) -> None:
    stranger = rsa_key(owner="somebody else")
    guesses = [form(assertion(stranger, "ehr-x", now(limited), jti=str(number))) for number in range(AT_ONCE)]
    assert await statuses(limited, *guesses) == {401: MOST, 429: AT_ONCE - MOST}
    granted(await post(limited, by_secret(SECRET)))


@pytest.mark.acceptance("A17")
async def test_good_assertions_at_once_are_all_granted(limited: Server) -> None:
    good = [form(assertion(rsa_key(), "ehr-x", now(limited), jti=str(number))) for number in range(AT_ONCE)]
    assert await statuses(limited, *good) == {200: AT_ONCE}
    assert await statuses(limited, *good) == {401: MOST, 429: AT_ONCE - MOST}


@pytest.mark.acceptance("A17")
async def test_an_unavailable_store_does_not_count_as_a_failure_of_the_client(limited: Server) -> None:
    documents = limited.system.documents
    assert isinstance(documents, Flaky)
    documents.away = True
    assert await statuses(limited, *[by_secret(SECRET)] * AT_ONCE) == {503: AT_ONCE}
    documents.away = False
    granted(await post(limited, by_secret(SECRET)))


@pytest.mark.acceptance("A17")
async def test_statements_of_strangers_are_checked_ten_times(limited: Server) -> None:
    stranger = member(authority("stranger"), MEMBER)
    texts = [software(limited, party=stranger, jti=str(number)) for number in range(AT_ONCE)]
    answers = await asyncio.gather(*(register(limited, text) for text in texts))
    assert Counter(answer.status_code for answer in answers) == {400: MOST, 429: AT_ONCE - MOST}


async def test_statements_of_a_member_at_once_are_all_read(limited: Server) -> None:
    texts = [software(limited, jti=str(number)) for number in range(AT_ONCE)]
    answers = await asyncio.gather(*(register(limited, text) for text in texts))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: AT_ONCE - 1}
    granted(await post(limited, token_form(limited)))
