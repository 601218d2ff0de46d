"""Providers' systems that submit without pause, and keep every answer they get."""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from tests.support.samples import request_bundle, request_item

THREADS = 6
REQUESTS_A_MEMBER = 10
CODES = ("97110", "72148", "A9270")
"""Approved; pended, as two units are asked for; denied."""

PAUSE = 0.01
PATIENCE = 20.0


class Server(Protocol):
    """A server at an address."""

    @property
    def address(self) -> tuple[str, int]: ...


class Submitters:
    """Six threads that send each of their requests twice, to whichever server is there at the moment."""

    _server: Server

    def __init__(self, authorization: str) -> None:
        self._headers = {"Authorization": authorization, "Content-Type": "application/fhir+json"}
        self._serials = itertools.count()
        self._ended = threading.Event()
        self.sent: set[int] = set()
        self.answers: defaultdict[int, list[str]] = defaultdict(list)
        self.refused: list[str] = []

    @contextmanager
    def running(self, server: Server) -> Iterator[None]:
        """Submit until the end of the block, to `server` first."""
        self._server = server
        threads = [threading.Thread(target=self._submit) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._ended.set()
            for thread in threads:
                thread.join()

    def turn_to(self, server: Server) -> None:
        """Submit to another server from now on."""
        self._server = server

    def wait_for(self, answers: int) -> None:
        """Return when so many more answers have come."""
        before = self._answered()
        deadline = time.monotonic() + PATIENCE
        while self._answered() < before + answers:
            assert time.monotonic() < deadline, "the server gives no answers"
            time.sleep(PAUSE)

    def resend(self, server: Server) -> None:
        """Send everything that was ever sent once more."""
        connection = http.client.HTTPConnection(*server.address)
        for serial in sorted(self.sent):
            self._send(connection, serial)
        connection.close()

    def _answered(self) -> int:
        return sum(map(len, list(self.answers.values())))

    def _submit(self) -> None:
        while not self._ended.is_set():
            serial = next(self._serials)
            self.sent.add(serial)
            for _ in range(2):
                self._send_somewhere(serial)

    def _send_somewhere(self, serial: int) -> None:
        server = self._server
        connection = http.client.HTTPConnection(*server.address, timeout=PATIENCE)
        try:
            self._send(connection, serial)
        except (OSError, http.client.HTTPException):
            # It was killed, and whether it took the request nobody knows.
            while self._server is server and not self._ended.is_set():
                time.sleep(PAUSE)
        finally:
            connection.close()

    def _send(self, connection: http.client.HTTPConnection, serial: int) -> None:
        connection.request("POST", "/fhir/Claim/$submit", request_body(serial), self._headers)
        response = connection.getresponse()
        text = response.read().decode()
        if response.status == http.client.OK:
            self.answers[serial].append(text)
        else:
            self.refused.append(f"{response.status} {text}")


def request_body(serial: int) -> str:
    """Write the request of that number, always the same."""
    item = request_item(code=CODES[serial % len(CODES)], quantity=2)
    bundle = request_bundle(member=f"C{serial // REQUESTS_A_MEMBER:05d}", identifier=f"REQ-{serial}", items=[item])
    return json.dumps(bundle)
