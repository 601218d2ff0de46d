"""A client that sends the worst shapes again and again, on several connections.

`python -m tests.bench.worst.sender URL AUTHORIZATIONS SECONDS`; AUTHORIZATIONS is a JSON object with the header of each
client.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

from tests.bench.worst.shapes import WorstShape, worst_shapes

CONNECTIONS = 4
PATIENCE = 60


def send(address: str, shape: WorstShape, authorization: str) -> int:
    """Send a body and return the status of the answer; 0 if the server closed the connection first."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    heads = {"Authorization": authorization, "Content-Type": "application/fhir+json"}
    try:
        connection.request("POST", parts.path + shape.path, shape.body, heads)
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
    return answer.status


def _send_all(address: str, shapes: Sequence[WorstShape], authorizations: dict[str, str], ends: float) -> None:
    while time.monotonic() < ends:
        for shape in shapes:
            send(address, shape, authorizations[shape.client])


def main() -> None:
    address, authorizations, seconds = sys.argv[1], json.loads(sys.argv[2]), float(sys.argv[3])
    shapes = worst_shapes()
    ends = time.monotonic() + seconds
    turned = [shapes[turn * 5 :] + shapes[: turn * 5] for turn in range(CONNECTIONS)]
    threads = [
        threading.Thread(target=_send_all, args=(address, own, authorizations, ends), daemon=True) for own in turned
    ]
    for thread in threads:
        thread.start()
    sys.stdout.write("sending\n")
    sys.stdout.flush()
    for thread in threads:
        thread.join(max(0, ends - time.monotonic()) + 1)


if __name__ == "__main__":
    main()
