"""An endpoint of notifications on loopback: a thread that takes them over HTTP and keeps them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from app.demo.listener import listening as endpoint

Json = dict[str, Any]

PATIENCE = 60.0
PAUSE = 0.02


@dataclass(slots=True)
class Listener:
    """The notifications that arrived, with their headers. The next answers have a status and, in seconds, a delay."""

    url: str = ""
    status: int = 200
    delay: float = 0
    arrived: list[tuple[dict[str, str], Json]] = field(default_factory=list)

    def take(self, headers: Mapping[str, str], bundle: Json) -> int:
        """Keep a notification, unless the status says that it was not taken."""
        if self.status == HTTPStatus.OK:
            self.arrived.append((dict(headers), bundle))
        time.sleep(self.delay)
        return self.status

    def of_kind(self, kind: str) -> list[Json]:
        """Return the Bundles of a kind, such as handshake."""
        return [bundle for _, bundle in list(self.arrived) if parameter(bundle, "type")["valueCode"] == kind]

    def numbers(self, subscription: str) -> list[int]:
        """Return the numbers of the events of a Subscription, as they arrived."""
        mine = [
            bundle
            for bundle in self.of_kind("event-notification")
            if parameter(bundle, "subscription")["valueReference"]["reference"].endswith(subscription)
        ]
        return [number_of(bundle) for bundle in mine]

    def wait(self, enough: Callable[[], bool]) -> None:
        """Wait until `enough`, or fail."""
        deadline = time.monotonic() + PATIENCE
        while not enough():
            assert time.monotonic() < deadline, f"only {len(self.arrived)} notifications arrived"
            time.sleep(PAUSE)


def parameter(bundle: Json, name: str) -> Json:
    """Return a parameter of the status in a notification."""
    [found] = [one for one in bundle["entry"][0]["resource"]["parameter"] if one["name"] == name]
    result: Json = found
    return result


def number_of(bundle: Json) -> int:
    """Return the number of the only event in a notification."""
    [part] = [one for one in parameter(bundle, "notification-event")["part"] if one["name"] == "event-number"]
    return int(part["valueString"])


@contextmanager
def listening() -> Iterator[Listener]:
    """Listen on a free loopback port while a test needs it."""
    listener = Listener()
    with endpoint(listener.take) as url:
        listener.url = url
        yield listener
