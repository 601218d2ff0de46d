"""The key that signs page tokens: one for all processes of a store. A new store gets a new key."""

from __future__ import annotations

import secrets

from app.ports import Conflict, Document, Documents, Insert

KIND = "secret"
KEY_ID = "page-tokens"
KEY_BYTES = 32


class PageKey:
    """The key of a store, read at the start of the server."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._key: bytes | None = None

    @property
    def key(self) -> bytes:
        """The key. Raises RuntimeError before the start."""
        if self._key is None:
            raise RuntimeError("The key is read at the start.")
        return self._key

    async def start(self) -> None:
        """Read the key; make one if the store has none."""
        while (document := await self._documents.get(KIND, KEY_ID)) is None:
            row = Document(KIND, KEY_ID, secrets.token_hex(KEY_BYTES))
            try:
                await self._documents.commit(Insert(row))
            except Conflict:  # another process makes it at the same time
                continue
        self._key = bytes.fromhex(document.body)
