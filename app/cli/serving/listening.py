"""The socket that the server listens on."""

from __future__ import annotations

import socket

BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """Bind the port before anything else is opened. Raises RuntimeError, with a sentence, if that fails."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as refused:
        listening.close()
        where = f"{host}:{port}"
        remedy = "Choose another address with --host and --port."
        raise RuntimeError(f"Cannot listen on {where}: {refused.strerror}. {remedy}") from refused
    return listening


def url_of(listening: socket.socket) -> str:
    """Return the URL of the bound address."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
