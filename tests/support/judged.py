"""Connect to a server and judge every FHIR body that it answers; a fault fails the test.

An answer echoes entries of the client, and the server keeps its Claim. A fault there counts unless the sent body had
it too.
"""

from __future__ import annotations

from typing import Any

import httpx

from app.fhir.json import read
from app.pas.edition import EDITIONS
from tests.support.canary import leaks
from tests.support.echoed import echoed
from tests.support.promised import broken
from tests.support.verdict import Fault, Verdict, verdict

Json = dict[str, Any]

NO_FHIR = ("/health", "/docs", "/openapi.json", "/assets/", "/oauth/")
"""Prefixes of paths without FHIR; the root answers FHIR unless the client prefers a page."""

PAGE = "text/html"
CONSENT = "/oauth/authorize/consent"
"""The page that asks again shows the user whose data it is about."""

_CURRENT, _EARLIER = EDITIONS


def is_outside_fhir(path: str) -> bool:
    """Return whether the answer is no FHIR; discovery lies below the bases, too."""
    return path.startswith(NO_FHIR) or "/.well-known/" in path


class Judged(httpx.AsyncBaseTransport):
    """A transport that judges each answer.

    With `junk`, an invalid body may be echoed: only errors are judged until the client sends a valid body.
    """

    def __init__(self, way: httpx.AsyncBaseTransport) -> None:
        self.junk = False
        self._way = way
        self._sent: list[tuple[str, bytes]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        sent = request.content if isinstance(request.stream, httpx.ByteStream) else b""
        if sent:
            self._sent.append((edition_of(path), sent))
        response = await self._way.handle_async_request(request)
        answer = await response.aread()
        if response.is_error and path != CONSENT:
            leaked = leaks(answer.decode("utf-8", "replace"))
            assert not leaked, f"{request.method} {path} has an error with {leaked}"
        if answer and not is_outside_fhir(path) and (response.is_error or not self._brings_junk()):
            media_type = response.headers["content-type"]
            if "/Binary/" in path and response.is_success and media_type != "application/fhir+json":
                return response
            if path == "/" and media_type.startswith(PAGE):
                return response
            assert media_type.startswith("application/fhir+json"), f"{path} is answered in {media_type}"
            found = own_faults(path, answer, sent, self._sent)
            assert not found, f"{request.method} {path} has an answer that is not conformant: {found[:5]}"
        return response

    def _brings_junk(self) -> bool:
        return self.junk and any(verdict(data, edition) for edition, data in self._sent[-1:])


def own_faults(path: str, answer: bytes, sent: bytes, earlier: list[tuple[str, bytes]]) -> list[Fault]:
    """Return the faults of an answer that the sent body, or an `earlier` one, did not have.

    An operation answers in the edition of its path; a read returns the edition in which the resource was stored.
    """
    edition, body = edition_of(path), read(answer)
    found = _without(verdict(answer, edition), body, sent, earlier)
    if "/$" in path:
        return [*(Fault(*one) for one in broken(path, body, EDITIONS[edition])), *found]
    other = _EARLIER if edition == _CURRENT else _CURRENT
    return found if found and _without(verdict(answer, other), body, sent, earlier) else []


def edition_of(path: str) -> str:
    """Return the edition of a path."""
    return _EARLIER if path.startswith(f"/{_EARLIER}/") else _CURRENT


def _without(found: Verdict, answer: Json, sent: bytes, earlier: list[tuple[str, bytes]]) -> list[Fault]:
    parts = echoed(answer, sent) if found else ()
    if not parts:
        return list(found)
    senders = [verdict(data, edition) for edition, data in earlier]
    known = {fault.text for one in senders for fault in one}
    all_known = any(one.is_cut for one in senders)

    def excused(fault: Fault) -> bool:
        return parts.holds(fault.place) and (all_known or fault.text in known)

    return [fault for fault in found if not excused(fault)]
