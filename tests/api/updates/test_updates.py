"""An update of a request changes the payer's record of it; the answer has the current result of each submitted item."""

from __future__ import annotations

import pytest

from tests.api.reading import actions
from tests.api.updating import MRI, THERAPY, added, sent, submitted, update_of
from tests.support.server import Server


@pytest.mark.requirement("pas-2.2.1/spec-46")
async def test_an_added_item_is_reviewed_and_the_decided_one_stays(server: Server) -> None:
    first = sent([THERAPY])
    before = await submitted(server, first)
    after = await submitted(server, update_of(first, [THERAPY, added(MRI)]))
    assert actions(after) == {1: "A1", 2: "A4"}
    assert (after["id"], after["preAuthRef"]) == (before["id"], before["preAuthRef"])
    kept = (await server.get(f"/ClaimResponse/{before['id']}")).json()
    assert (actions(kept), kept["meta"]["versionId"]) == (actions(after), "2")
    claim = (await server.get(f"/{kept['request']['reference']}")).json()
    assert ([item["sequence"] for item in claim["item"]], claim["meta"]["versionId"]) == ([1, 2], "2")
