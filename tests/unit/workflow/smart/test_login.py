"""A sign-in renews a password hash that costs less than new ones."""

from __future__ import annotations

from pathlib import Path

from app.access.grant import Role
from app.access.registry import People, User
from app.access.smart.secret import is_outdated
from app.records.access.registry import find
from app.workflow.smart.login import log_in
from tests.support.people import register
from tests.support.server import serving

OLDER = "scrypt$16384$8$1$AAECAwQFBgcICQoLDA0ODw==$DGS4UmdRuTT0PKFYVAzlQpWfEgvjZCGvL5xWdOkdXmk="


async def test_a_sign_in_renews_an_outdated_hash(tmp_path: Path) -> None:
    user = User(id="dana", role=Role.REVIEWER, payers=("sample-payer",), password=OLDER)
    async with serving(tmp_path) as server:
        await register(server.system.documents, People(users=(user,)))
        assert await log_in(server.system, "dana", "demo", "127.0.0.1") is not None
        renewed = await find(server.system.documents, User, "dana")
        assert renewed is not None
        assert not is_outdated(renewed.password)
        assert await log_in(server.system, "dana", "demo", "127.0.0.1") is not None
