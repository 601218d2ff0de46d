"""The cache of key sets: one fetch for many callers, short lives, and no key after it was withdrawn."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey

from app.access.outbound.endpoint import OutboundRules
from app.access.smart.key_source import KeysUnavailable
from app.adapters.tokens.jwks_cache import JwksCache
from tests.support.assertions import rsa_key
from tests.support.key_server import KEY, Source
from tests.support.other_server import outbound

OTHER_KEY = ECKey.generate_key("P-256", {"kid": "two"})
WEAK_KEY = rsa_key("weak", 1024)
SECRET_KEY = OctKey.generate_key(256, {"kid": "secret"})


async def test_many_callers_of_a_cold_cache_cause_one_fetch() -> None:
    source = Source()
    source.wait = 0.05
    async with source.serving() as cache:
        answers = await asyncio.gather(*(cache.kids() for _ in range(500)))
    assert answers == [["one"]] * 500
    assert cache.fetches == 1


async def test_many_callers_share_a_failure() -> None:
    source = Source()
    source.status = b"500 Down"
    async with source.serving() as cache:
        outcomes = await asyncio.gather(*(cache.kids() for _ in range(50)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {KeysUnavailable}
    assert cache.fetches == 1


async def test_a_caller_that_gives_up_does_not_end_the_fetch_of_the_others() -> None:
    source = Source()
    source.wait = 0.1
    async with source.serving() as cache:
        first = asyncio.create_task(cache.kids())
        await asyncio.sleep(0.02)
        second = asyncio.create_task(cache.kids())
        await asyncio.sleep(0)
        first.cancel()
        assert await second == ["one"]
    assert cache.fetches == 1


async def test_unknown_kids_cause_one_fetch_in_ten_seconds() -> None:
    source = Source()
    async with source.serving() as cache:
        assert await cache.kids() == ["one"]
        source.clock.advance(10)
        assert [await cache.kids(f"unknown-{number}") for number in range(1000)] == [[]] * 1000
        assert cache.fetches == 2
        source.clock.advance(10)
        assert await cache.kids("unknown") == []
    assert cache.fetches == 3


async def test_a_new_key_is_known_ten_seconds_after_the_last_fetch() -> None:
    source = Source()
    async with source.serving() as cache:
        assert await cache.kids("two") == []
        source.keys.append(OTHER_KEY.as_dict(private=False))
        source.clock.advance(9)
        assert await cache.kids("two") == []
        source.clock.advance(1)
        assert await cache.kids("two") == ["two"]


@pytest.mark.parametrize(
    ("headers", "life"),
    [
        (b"", 60),
        (b"Cache-Control: public\r\n", 60),
        (b"Cache-Control: max-age=20\r\n", 20),
        (b'cache-control: public, Max-Age="20"\r\n', 20),
        (b"Cache-Control: s-maxage=9000, max-age=20\r\n", 20),
        (b"Cache-Control: max-age=20\r\nAge: 5\r\n", 15),
        (b"Cache-Control: max-age=300\r\n", 300),
        (b"Cache-Control: max-age=86400\r\n", 300),
        (b"Cache-Control: max-age=999999999\r\nAge: 0\r\n", 300),
    ],
)
async def test_a_key_set_lives_as_long_as_its_cache_control_allows(headers: bytes, life: int) -> None:
    source = Source()
    source.headers = headers
    async with source.serving() as cache:
        await cache.kids()
        source.clock.advance(life - 0.001)
        await cache.kids()
        assert cache.fetches == 1
        source.clock.advance(0.001)
        await cache.kids()
    assert cache.fetches == 2


@pytest.mark.parametrize(
    "headers",
    [
        b"Cache-Control: no-store\r\n",
        b"Cache-Control: max-age=20, no-cache\r\n",
        b"Cache-Control: max-age=0\r\n",
        b"Cache-Control: max-age=1\r\n",
        b"Cache-Control: max-age=20\r\nAge: 21\r\n",
        b"Cache-Control: max-age=200\r\nAge: x\r\n",
    ],
)
async def test_a_key_set_that_must_not_be_kept_is_fetched_every_ten_seconds(headers: bytes) -> None:
    source = Source()
    source.headers = headers
    async with source.serving() as cache:
        assert [await cache.kids("unknown"), *[await cache.kids() for _ in range(100)]] == [[]] + [["one"]] * 100
        source.clock.advance(9.999)
        await cache.kids()
        assert cache.fetches == 1
        source.clock.advance(0.001)
        assert await cache.kids() == ["one"]
    assert cache.fetches == 2


async def test_a_withdrawn_key_ends_with_the_life_of_the_set() -> None:
    source = Source()
    async with source.serving() as cache:
        assert await cache.kids() == ["one"]
        source.keys = [OTHER_KEY.as_dict(private=False)]
        source.clock.advance(60)
        assert await cache.kids() == []


async def test_an_expired_key_is_not_served_while_its_source_is_down() -> None:
    source = Source()
    async with source.serving() as cache:
        assert await cache.kids() == ["one"]
        source.status = b"503 Down"
        source.clock.advance(60)
        with pytest.raises(KeysUnavailable):
            await cache.kids()
        with pytest.raises(KeysUnavailable):
            await cache.kids()
        assert cache.fetches == 2
        source.status = b"200 OK"
        source.clock.advance(10)
        assert await cache.kids() == ["one"]


async def test_a_fresh_key_is_served_while_its_source_is_down() -> None:
    source = Source()
    async with source.serving() as cache:
        assert await cache.kids() == ["one"]
        source.status = b"503 Down"
        source.clock.advance(30)
        assert [await cache.kids("unknown"), await cache.kids()] == [[], ["one"]]


async def test_a_clock_that_goes_back_does_not_lengthen_a_life() -> None:
    source = Source()
    async with source.serving() as cache:
        await cache.kids()
        source.clock.advance(-3600)
        await cache.kids()
    assert cache.fetches == 2


@pytest.mark.parametrize(
    "key",
    [
        KEY.as_dict(private=True), SECRET_KEY.as_dict(private=True) | {"kid": "one"},
        WEAK_KEY.as_dict(private=False) | {"kid": "one"},
        OTHER_KEY.as_dict(private=False) | {"kid": "one", "use": "enc"},
        {"kty": "EC", "kid": "one"}, {"kty": "RSA", "kid": "one", "n": 1, "e": None}, {"kty": ["EC"], "kid": "one"},
    ],
)  # fmt: skip
async def test_a_key_that_must_not_verify_is_dropped_alone(key: dict[str, Any]) -> None:
    source = Source()
    source.keys = [key, OTHER_KEY.as_dict(private=False)]
    async with source.serving() as cache:
        assert [await cache.kids("one"), await cache.kids("two")] == [[], ["two"]]


async def test_two_keys_with_one_kid_and_type_are_dropped() -> None:
    source = Source()
    source.keys = [KEY.as_dict(private=False), OTHER_KEY.as_dict(private=False) | {"kid": "one"}]
    async with source.serving() as cache:
        assert await cache.kids() == []


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"null", b"{", b'{"keys": 1}', b'{"keys": {}}', b"[" * 60_000, b"\xff",
        b'{"keys": []}' + b" " * 65_536,
        json.dumps({"keys": [KEY.as_dict(private=False)] * 51}).encode(),
    ],
)  # fmt: skip
async def test_another_document_or_a_large_one_is_refused(body: bytes) -> None:
    source = Source()
    source.body = body
    async with source.serving() as cache:
        with pytest.raises(KeysUnavailable):
            await cache.kids()


async def test_a_redirect_to_a_key_set_is_refused() -> None:
    source = Source()
    source.status, source.headers = b"302 Found", b"Location: /jwks\r\n"
    async with source.serving() as cache:
        with pytest.raises(KeysUnavailable):
            await cache.kids()


async def test_a_key_set_at_a_private_address_is_not_fetched() -> None:
    source = Source()
    async with source.serving() as cache, outbound() as calls:
        guarded = JwksCache(calls, OutboundRules(), source.clock)
        with pytest.raises(KeysUnavailable):
            await guarded.keys(cache.url, "one")
        with pytest.raises(KeysUnavailable):
            await guarded.keys(cache.url.replace("http:", "https:"), "one")
    assert cache.fetches == 0


async def test_only_a_thousand_key_sets_are_kept() -> None:
    source = Source()
    source.status = b"404 Not found"
    async with outbound() as calls:
        cache = JwksCache(calls, OutboundRules(), source.clock)
        for number in range(1010):
            with pytest.raises(KeysUnavailable):
                await cache.keys(f"http://127.0.0.1/{number}", "one")
    assert len(cache._sets._sources) == 1000
