"""A store that stops answering when a test says so."""

from __future__ import annotations

from app.adapters.memory import MemoryDocuments
from app.ports import Document, Query, TooCostly, TooLarge, Write


class BrokenDocuments(MemoryDocuments):
    """A store that stops answering, with an unexpected error or its own."""

    error: Exception | None = None

    async def commit(self, *writes: Write) -> None:
        if self.error is not None:
            raise self.error
        await super().commit(*writes)

    async def get(self, kind: str, id: str) -> Document | None:  # noqa: A002 - the contract's word
        if self.error is not None and not isinstance(self.error, TooLarge | TooCostly):
            raise self.error
        return await super().get(kind, id)

    async def ping(self) -> None:
        if self.error is not None:
            raise self.error

    async def find(self, query: Query) -> list[Document]:
        if self.error is not None and not isinstance(self.error, TooLarge):
            raise self.error
        return await super().find(query)

    async def count(self, query: Query, cap: int) -> int:
        if self.error is not None and not isinstance(self.error, TooLarge):
            raise self.error
        return await super().count(query, cap)
