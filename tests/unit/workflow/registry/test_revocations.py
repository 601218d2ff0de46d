"""A revoked token is refused at its next use in the process that revoked it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.access.grant import InvalidToken
from app.access.verifier import Verified
from app.adapters.memory import MemoryDocuments
from app.ports import Document
from app.records.kinds import TERM_TABLE
from app.records.smart.kinds import REVOKED, Revoked
from app.records.smart.shelf import digest
from app.workflow.registry.revocations import Revocations

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TOKEN = Verified(issuer="https://payer.example", client="app", subject="app", scopes=frozenset(), token="t-1")


class RevokedMeanwhile(MemoryDocuments):
    """A store in which the token is revoked between the read of a check and the rest of the check."""

    def __init__(self, revocations: Revocations) -> None:
        super().__init__()
        self._revocations = revocations

    async def get(self, kind: str, id_: str) -> Document | None:
        read = await super().get(kind, id_)
        if read is None:
            await REVOKED.keep(self, id_, Revoked(), NOW, NOW + timedelta(hours=1))
            self._revocations.forget(id_)
        return read


async def test_a_token_that_is_revoked_during_a_check_is_refused_at_its_next_use() -> None:
    revocations = Revocations()
    documents = RevokedMeanwhile(revocations)
    await documents.start(TERM_TABLE)
    await revocations.check(documents, TOKEN, NOW)
    assert await REVOKED.find(documents, digest(TOKEN.token), NOW) is not None
    with pytest.raises(InvalidToken):
        await revocations.check(documents, TOKEN, NOW)
