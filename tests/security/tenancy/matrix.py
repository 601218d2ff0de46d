"""The generated matrix: every route below a FHIR base, each principal, and three targets and an unknown one.

`python -m tests.security.tenancy.matrix` writes the table of the file beside it. A test compares both.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.access.grant import Role
from app.access.registry import Client, People
from app.fhir.json import write
from app.web.interactions.routes import ROUTES
from tests.api.reading import resources
from tests.api.reviewing import clock_change, pended, ruling
from tests.security.audit.requests import service_asked
from tests.security.tenancy.parties import OF_A, OF_B, OF_C
from tests.support.people import register
from tests.support.server import Server, serving

Json = dict[str, Any]
Ids = dict[str, dict[str, str]]

TABLE = Path(__file__).with_name("matrix.txt")

TARGETS = ("A", "B", "C", "unknown")
UNKNOWN = "00000000-0000-4000-a000-000000000000"

HEAD = """\
Who gets which answer. For each route: the statuses for the targets A, B, C and unknown, and the principals that get
them. A route without an id has one status. * marks an answer with the target itself.

A is a request of org-a for member M001 of sample-payer, B of org-b for M003 of second-payer, C of org-c (sent by house)
for M002 of sample-payer. Of Organizations and Practitioners, A and C are those of sample-payer, B of second-payer.
`none` sends no token. The members of patient-1 and patient-2 are M001 and M002 of sample-payer.
"""

SECOND_PAYER = "1666666668"
MORE = (
    Client(id="auditor-2", role=Role.AUDITOR, scopes=("user/*.rs", "user/AuditEvent.rs"), payers=("second-payer",)),
)
PRINCIPALS = (
    *("ehr-a", "ehr-b", "house", "biller", "patient-1", "patient-2", "reviewer", "reviewer-2", "physician"),
    *("auditor", "auditor-2", "admin", "admin-2", "none"),
)
CASES = (
    ("A", "ehr-a", {"requestor": OF_A, "member": "M001"}),
    ("B", "ehr-b", {"requestor": OF_B, "member": "M003", "payer": SECOND_PAYER}),
    ("C", "house", {"requestor": OF_C, "member": "M002"}),
)


async def table() -> str:
    """Return the matrix as text."""
    with TemporaryDirectory() as folder:
        async with prepared(Path(folder)) as (server, ids):
            blocks = [await _block(server, ids, method, path) for path, method, _ in sorted(ROUTES, key=_place)]
    return HEAD + "".join(blocks)


@asynccontextmanager
async def prepared(folder: Path) -> AsyncIterator[tuple[Server, Ids]]:
    """Serve the three cases; yield the server and the ids of the targets by type."""
    async with serving(folder, requestor_client_bound=True) as server:
        await register(server.system.documents, People(clients=MORE))
        server.clients = {**server.clients, **{client.id: client for client in MORE}}
        server.is_sent_junk()
        ids: Ids = {}
        for name, client, asked in CASES:
            response = await _submitted(server, client, asked)
            payer = "admin-2" if name == "B" else "admin"
            found = {
                "ClaimResponse": response["id"],
                "ExplanationOfBenefit": response["id"],
                "Task": response["id"],
                "Claim": response["request"]["reference"].removeprefix("Claim/"),
                "Patient": response["patient"]["reference"].removeprefix("Patient/"),
                "Coverage": await _coverage(server, response["patient"]["reference"], payer),
                "Organization": "second-payer" if name == "B" else "sample-payer",
                "Practitioner": await _practitioner(server, payer),
            }
            for type_, id_ in found.items():
                ids.setdefault(type_, {"unknown": UNKNOWN})[name] = id_
        yield server, ids


async def _submitted(server: Server, client: str, asked: Json) -> Json:
    response = await pended(server, client, **asked)
    answer: Json = (await server.get(f"/ClaimResponse/{response}", client)).json()
    return answer


async def _coverage(server: Server, patient: str, payer: str) -> str:
    return str(resources((await server.get(f"/Coverage?beneficiary={patient}", payer)).json())[0]["id"])


async def _practitioner(server: Server, payer: str) -> str:
    body = {"resourceType": "Practitioner", "name": [{"family": "Rivera"}]}
    return str((await server.post("/Practitioner", body, payer)).json()["id"])


async def _block(server: Server, ids: Ids, method: str, path: str) -> str:
    """Return the rows of a route: the principals with the same statuses together."""
    type_ = path.split("/")[1]
    known = ids.get(type_)
    targets = TARGETS if known and (_has_target(method, path) or "{id" in path) else TARGETS[-1:]
    rows: dict[str, list[str]] = {}
    for principal in PRINCIPALS:
        cells = [await _cell(server, method, path, (known or {}).get(target, UNKNOWN), principal) for target in targets]
        rows.setdefault(" ".join(f"{cell:4}" for cell in cells).rstrip(), []).append(principal)
    lines = "".join(f"  {cells:19} {' '.join(principals)}\n" for cells, principals in rows.items())
    return f"\n{method} {re.sub(r':[a-z]+}', '}', path)}\n{lines}"


def _has_target(method: str, path: str) -> bool:
    """Return whether the answer of a route without an id may have resources."""
    return method == "GET" or path.endswith("/_search")


async def _cell(server: Server, method: str, path: str, id_: str, principal: str) -> str:
    type_ = path.split("/")[1]
    below = re.sub(r"{id[^}]*}", id_, re.sub(r"{version[^}]*}", "1", path))
    headers = {} if principal == "none" else server.headers(principal, **{"If-Match": 'W/"99"'})
    content: str | None = None
    if path.endswith("/_search"):
        headers, content = headers | {"Content-Type": "application/x-www-form-urlencoded"}, f"_id={id_}"
    elif method == "GET" and path == f"/{type_}":
        below = f"{below}?_id={id_}"
    elif method != "GET":
        content = write(_body(path, type_, id_))
    answer = await server.http.request(method, f"/fhir{below}", content=content, headers=headers)
    return f"{answer.status_code}{'*' if id_ in _shown(answer.json()) else ''}"


PARAMETERS: dict[str, Json] = {
    "request-peer-to-peer": {"parameter": [{"name": "contact", "valueString": "1-800-555-0142"}]},
    "schedule": {"parameter": [{"name": "start", "valueDateTime": "2026-12-01T15:00:00Z"}]},
    "conclude": {"parameter": [{"name": "outcome", "valueCode": "upheld"}]},
    "legal-hold": {"parameter": [{"name": "hold", "valueCode": "true"}, {"name": "reason", "valueString": "any"}]},
    "auth-for-claim": {"parameter": service_asked()},
    "authorization-summary": {},
}
"""The parameters of operations, by code."""

OF_SUBSCRIPTIONS = {"status", "events"}
OF_TASKS = {"take", "release", "assign"}
OF_REPORTS = {"metrics", "metrics-requests", "denials", "denials-claims", "denial-risk"}
WITHOUT_PARAMETERS = {"import", *OF_SUBSCRIPTIONS, *OF_TASKS, *OF_REPORTS}
"""The operations whose body here lacks what they need."""


def _body(path: str, type_: str, id_: str) -> Json:
    """Return a body that changes nothing: its version is stale, or it is incomplete."""
    if path.endswith("$decide"):
        return {"resourceType": "Parameters", "parameter": [ruling()]}
    if path.endswith(("$extend", "$set-urgency")):
        return clock_change(path.rpartition("$")[2])
    if path.rpartition("$")[2] in PARAMETERS:
        return {"resourceType": "Parameters", **PARAMETERS[path.rpartition("$")[2]]}
    if path.endswith(("$submit", "$inquire")):
        return {"resourceType": "Bundle", "type": "collection"}
    if path.rpartition("$")[2] in WITHOUT_PARAMETERS:
        return {"resourceType": "Parameters"}
    reference = {"display": "any"}
    more = {"status": "active", "beneficiary": reference, "payor": [reference]} if type_ == "Coverage" else {}
    named = {"name": "any"} if type_ == "Organization" else {}
    return {"resourceType": type_, **({"id": id_} if "{id" in path else {}), **more, **named}


def _shown(body: Json) -> set[str]:
    """Return the ids of the resources in an answer."""
    return {one.get("id", "") for one in (body, *resources(body))}


def _place(route: tuple[str, str, object]) -> tuple[str, str]:
    return route[0], route[1]


if __name__ == "__main__":
    TABLE.write_text(asyncio.run(table()), encoding="utf-8")
