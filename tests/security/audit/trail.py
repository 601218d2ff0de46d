"""Read the AuditEvents that a server has stored."""

from __future__ import annotations

from typing import Any

import msgspec

from app.adapters.memory import MemoryDocuments
from app.audit.write_event import EVENT
from app.ports import Document
from tests.support.server import Server

Json = dict[str, Any]


async def stored_events(server: Server) -> list[Document]:
    """Return the stored AuditEvents, after the queued ones are stored, too."""
    documents = server.system.documents
    assert isinstance(documents, MemoryDocuments)
    await server.system.audit.flush(documents, server.system.ids)
    return [document for (kind, _), document in documents._documents.items() if kind == EVENT]


class Trail:
    """The AuditEvents that a server stores from now on."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._seen: set[str] = set()

    async def start(self) -> Trail:
        """Leave out the events so far."""
        await self.documents()
        return self

    async def documents(self) -> list[Document]:
        """Return the stored rows of the new events."""
        fresh = [document for document in await stored_events(self._server) if document.id not in self._seen]
        self._seen |= {document.id for document in fresh}
        return fresh

    async def events(self) -> list[Json]:
        """Return the new events."""
        return [msgspec.json.decode(document.body) for document in await self.documents()]


def references(event: Json) -> list[str]:
    """Return the references to the resources and the patient of an event."""
    return [entity["what"]["reference"] for entity in event["entity"] if "reference" in entity.get("what", {})]


def client_of(event: Json) -> str | None:
    """Return the id of the client of an event."""
    value: str | None = event["agent"][0]["who"].get("identifier", {}).get("value")
    return value
