"""A bill with another organization's number gets the answer for an unknown number, word for word."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.api.reading import administration_number, answered, resources, sample
from tests.api.reviewing import decide, ruling
from tests.support.samples import (
    CPT,
    POS,
    REQUESTOR,
    Json,
    billed_line,
    billing_claim,
    bundle,
    concept,
    entry,
    extension,
    parties,
    request_bundle,
)
from tests.support.server import Server, serving

OF_B = "1444444446"
"""A provider that client ehr-b may speak for."""

NEVER_ISSUED = "PA260000030"
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

LINES: dict[str, Json] = {
    "what is authorized": billed_line(),
    "another procedure": billed_line(code="97140"),
    "another modifier": billed_line(modifier=[concept(CPT, "80")]),
    "after the period": billed_line(day="2029-12-15"),
    "before the period": billed_line(day="2020-12-15"),
    "more units": billed_line(quantity=4000),
    "a quantity of nothing": billed_line(quantity=0.00001),
    "another place": billed_line(locationCodeableConcept=concept(POS, "12")),
    "no authorization needed": billed_line(code="99213"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that a biller can read about a bill, without ids and the number, and the first answer in full."""

    texts: tuple[str, ...]
    response: Json

    @property
    def codes(self) -> set[str]:
        """The codes of the first line: CARC and RARC."""
        entries = self.response["item"][0]["adjudication"]
        return {one["reason"]["coding"][0]["code"] for one in entries if "reason" in one}


async def billed(server: Server, line: Json, number: str | None, client: str = "ehr-b") -> Told:
    """Bill through each of the three doors, and read everything back."""

    def bill(way: str) -> Json:
        return billing_claim(number=number, control_number=f"{way} {number}", lines=[line], billing_provider=OF_B)

    bare = await server.post("/Claim/$submit", bill("bare"), client)
    in_bundle = bundle("profile-pas-request-bundle", [entry("Claim/claim-1", bill("bundled")), *parties()])
    bundled = await server.post("/Claim/$submit", in_bundle, client)
    created = await server.post("/Claim", bill("created"), client)
    claim, response = created.json()["id"], bare.json()
    reads = [
        f"/ClaimResponse?request=Claim/{claim}",
        f"/Claim/{claim}",
        f"/Claim/{claim}/_history",
        f"/ClaimResponse/{response['id']}",
        f"/ClaimResponse/{response['id']}/_history",
        f"/ClaimResponse?pre-auth-ref={number}",
        f"/Claim?_id={claim}&_include=Claim:patient&_revinclude=ClaimResponse:request",
    ]
    answers = [bare, bundled, created, *[await server.get(path, client) for path in reads]]
    return Told(tuple(f"{one.status_code} {_masked(one.text, number)}" for one in answers), response)


def _masked(text: str, number: str | None) -> str:
    return ID.sub("ID", text if number is None else text.replace(number, "NUMBER"))


async def authorized(server: Server) -> str:
    return str(answered(await server.post("/Claim/$submit", request_bundle()))["preAuthRef"])


async def pended(server: Server) -> str:
    return administration_number(answered(await server.post("/Claim/$submit", sample("request-pend"))))


async def granted_after_review(server: Server) -> str:
    response = answered(await server.post("/Claim/$submit", sample("request-pend")))
    decided = await decide(server, response["id"], ruling(1, "certify", **{"for": "P90D"}))
    return str(decided.json()["preAuthRef"])


async def used_up(server: Server) -> str:
    number = await authorized(server)
    answer = await server.post(
        "/Claim/$submit", billing_claim(number=number, lines=[billed_line(quantity=12)]), "biller"
    )
    assert answer.json()["preAuthRef"] == number
    return number


Holding = Callable[[Server], Awaitable[str]]

HELD_BY_A: list[Holding] = [authorized, pended, granted_after_review, used_up]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("held", HELD_BY_A)
async def test_another_organizations_number_gets_the_answer_for_an_unknown_number(
    tmp_path: Path, held: Holding, line: str
) -> None:
    async with serving(tmp_path) as server:
        number = await held(server)
        foreign = await billed(server, LINES[line], number)
    async with serving(tmp_path) as server:
        await held(server)
        unknown = await billed(server, LINES[line], NEVER_ISSUED)
    assert foreign.texts == unknown.texts
    assert foreign.codes == (set() if line == "no authorization needed" else {"197", "M62"})


@pytest.mark.parametrize("line", LINES)
async def test_another_organizations_authorization_gets_the_answer_for_none_on_file(tmp_path: Path, line: str) -> None:
    told: list[Told] = []
    for member in ("M001", "M002"):
        async with serving(tmp_path) as server:
            await server.post("/Claim/$submit", request_bundle(identifier="registers"), "ehr-b")
            await server.post("/Claim/$submit", request_bundle(member=member), "ehr-a")
            told.append(await billed(server, LINES[line], None))
    assert told[0].texts == told[1].texts


async def test_another_organizations_authorization_does_not_count_as_on_file(server: Server) -> None:
    await authorized(server)
    assert (await billed(server, billed_line(), None)).codes == {"197", "N210"}
    assert (await billed(server, billed_line(), None, "biller")).codes == {"16", "M62"}


async def test_a_bill_cannot_draw_on_another_organizations_authorization(server: Server) -> None:
    number = await authorized(server)
    await billed(server, billed_line(quantity=12), number)
    own = await server.post("/Claim/$submit", billing_claim(number=number, lines=[billed_line(quantity=12)]), "biller")
    assert own.json()["preAuthRef"] == number


async def test_the_requesting_organization_sees_every_mismatch(server: Server) -> None:
    number = await authorized(server)
    own = await billed(server, billed_line(code="97140"), number, "biller")
    assert own.codes.isdisjoint({"197", "M62"})
    assert any("97110" in note["text"] for note in own.response["processNote"])
    paid = await server.post("/Claim/$submit", billing_claim(number=number), "biller")
    assert paid.json()["preAuthRef"] == number


@pytest.mark.parametrize("part", ["requestor", "practitioner"])
async def test_a_provider_of_the_request_sees_every_mismatch(server: Server, part: str) -> None:
    request = request_bundle(requestor=OF_B if part == "requestor" else REQUESTOR)
    if part == "practitioner":
        [person] = [one for one in resources(request) if one["resourceType"] == "Practitioner"]
        person["identifier"][0]["value"] = OF_B
    number = answered(await server.post("/Claim/$submit", request))["preAuthRef"]
    told = await billed(server, billed_line(day="2029-12-15"), number)
    assert told.codes.isdisjoint({"197", "M62"})
    assert any("authorized 2026-" in note["text"] for note in told.response["processNote"])


async def test_each_line_is_answered_by_its_own_number(server: Server) -> None:
    of_a = await authorized(server)
    asked = request_bundle(requestor=OF_B, identifier="of B")
    of_b = answered(await server.post("/Claim/$submit", asked, "ehr-b"))["preAuthRef"]
    numbered = [
        billed_line(sequence, extension=[extension("extension-authorizationNumber", valueString=number)])
        for sequence, number in enumerate((of_b, of_a, NEVER_ISSUED), start=1)
    ]
    bill = billing_claim(number=None, lines=numbered, billing_provider=OF_B)
    response = (await server.post("/Claim/$submit", bill, "ehr-b")).json()
    mine, foreign, unknown = response["item"]
    assert foreign == unknown | {"itemSequence": 2}
    assert mine != unknown | {"itemSequence": 1}
    assert of_a not in str(response)
