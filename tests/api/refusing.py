"""Something is refused: one OperationOutcome goes back, and the whole store is as it was before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from app.adapters.memory import MemoryDocuments
from app.audit.write_event import EVENT
from app.ports import Document
from app.records.audit.seals import OPEN_KIND, SEAL_KIND
from tests.api.reading import issues
from tests.support.server import Server

REQUEST = "Bundle.entry[0].resource"
AUDIT_KINDS = {EVENT, OPEN_KIND, SEAL_KIND}
BASES = ("/fhir", "/2.0.1/fhir")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP status, and the places and texts of the issues in their order."""

    status: int
    places: tuple[str | None, ...]
    texts: tuple[str, ...]


def everything(server: Server) -> dict[tuple[str, str], Document]:
    """Return every document of the store without the audit log: a refused access is an event, too."""
    documents = server.system.documents
    assert isinstance(documents, MemoryDocuments)
    return {key: document for key, document in documents._documents.items() if key[0] not in AUDIT_KINDS}


async def refused(
    server: Server, path: str, body: Any, *, client: str = "ehr-a", base: str = "/fhir", **headers: str
) -> Refusal:
    """Post what cannot be processed."""
    before = everything(server)
    answer = await server.post(path, body, client, base, **headers)
    assert everything(server) == before
    return refusal(answer)


def refusal(answer: httpx.Response) -> Refusal:
    assert 400 <= answer.status_code < 500, answer.text
    found = [one for one in issues(answer) if one["severity"] == "error"]
    places = tuple(one.get("expression", [None])[0] for one in found)
    return Refusal(answer.status_code, places, tuple(one["details"]["text"] for one in found))
