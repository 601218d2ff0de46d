"""Exchange bytes with a server without a library that would correct them."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Any

from app.fhir.json import read

PATIENCE = 30
"""Seconds to wait for a connection to end."""


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """One HTTP answer; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def issue(self) -> dict[str, Any]:
        """Return the only issue of the OperationOutcome."""
        assert self.headers["content-type"] == "application/fhir+json"
        outcome = read(self.body)
        assert outcome["resourceType"] == "OperationOutcome"
        (issue,) = outcome["issue"]
        return dict(issue)


def connect(address: tuple[str, int]) -> socket.socket:
    return socket.create_connection(address, PATIENCE)


def send(connection: socket.socket, data: bytes) -> None:
    """Send all bytes, or as many as the server accepts."""
    try:
        connection.sendall(data)
    except (BrokenPipeError, ConnectionResetError):
        return


def until_closed(connection: socket.socket) -> bytes:
    """Return all bytes until the server ends the connection; fail if it does not."""
    came = bytearray()
    while piece := _piece(connection):
        came += piece
    return bytes(came)


def _piece(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65_536)
    except ConnectionResetError:
        return b""


def exchange(address: tuple[str, int], data: bytes) -> list[RawAnswer]:
    """Send bytes; return the answers until the server ends the connection."""
    with connect(address) as connection:
        send(connection, data)
        return answers(until_closed(connection))


def answers(data: bytes) -> list[RawAnswer]:
    """Split bytes into answers by their Content-Length."""
    found = []
    while data:
        head, _, rest = data.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", "0"))
        found.append(RawAnswer(int(status.split()[1]), headers, rest[:length]))
        data = rest[length:]
    return found


def request(path: str = "/fhir/metadata", *lines: str, method: str = "GET", body: bytes = b"") -> bytes:
    """Write a request with a Host header and the given header lines."""
    length = [f"Content-Length: {len(body)}"] if body else []
    head = "\r\n".join([f"{method} {path} HTTP/1.1", "Host: preauth.test", *lines, *length])
    return head.encode("latin-1") + b"\r\n\r\n" + body
