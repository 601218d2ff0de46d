"""Authorization numbers: no number is given twice."""

from __future__ import annotations

from pathlib import Path

from app.domain.authorization_number import canonical
from tests.api.reading import answered, extension, resources, review
from tests.api.reviewing import decide, pended, ruling
from tests.support.samples import request_bundle
from tests.support.server import SeededIds, serving


class RepeatingIds(SeededIds):
    """Gives the same characters for the first three numbers, and others from then on."""

    def __init__(self) -> None:
        super().__init__()
        self.given = 0

    def characters(self, count: int, alphabet: str) -> str:
        self.given += 1
        return alphabet[1] * count if self.given <= 3 else super().characters(count, alphabet)


async def test_a_number_in_use_is_drawn_again(tmp_path: Path) -> None:
    ids = RepeatingIds()
    async with serving(tmp_path, ids=ids) as server:
        first = answered(await server.post("/Claim/$submit", request_bundle(identifier="first")))
        second = answered(await server.post("/Claim/$submit", request_bundle(identifier="second")))
        assert ids.given > 3
        assert canonical(first["preAuthRef"]) != canonical(second["preAuthRef"])
        for one in (first, second):
            [found] = resources((await server.get(f"/ClaimResponse?pre-auth-ref={one['preAuthRef']}")).json())
            assert found["id"] == one["id"]


async def test_a_decision_draws_a_number_in_use_again(tmp_path: Path) -> None:
    ids = RepeatingIds()
    async with serving(tmp_path, ids=ids) as server:
        ids.given = 3
        response = await pended(server)
        ids.given = 2
        first = answered(await server.post("/Claim/$submit", request_bundle()))
        ids.given = 2
        decided = (await decide(server, response, ruling())).json()
        assert ids.given > 3
        assert decided["preAuthRef"] != first["preAuthRef"]
        assert extension(review(decided["item"][0]), "number")["valueString"] == decided["preAuthRef"]
