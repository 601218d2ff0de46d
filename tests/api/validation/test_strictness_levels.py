"""One sloppy body under each level of strictness: rejected, answered with a note, or answered without one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.conformance.strictness import Level
from tests.api.reading import Json, answered, returned
from tests.api.refusing import REQUEST, refusal
from tests.api.trail import trail
from tests.support.samples import (
    CPT,
    billed_line,
    billing_claim,
    concept,
    entry,
    extension,
    inquiry_bundle,
    practitioner,
    request_bundle,
    request_item,
    supporting_document,
    x12,
)
from tests.support.server import Server, at_level, serving

NOTE = {"data": "bm90ZQ=="}
"""An attachment that does not say of what type it is."""

REFUSED, NOTED, SILENT = "refused", "noted", "silent"


def unreferenced() -> Json:
    """Somebody whom nothing refers to (spec-20)."""
    return request_bundle(entries=[entry("Practitioner/practitioner-2", practitioner())])


def absent() -> Json:
    """A document that is referred to and was not sent (spec-13)."""
    return request_bundle(claim={"supportingInfo": [supporting_document("DocumentReference/elsewhere")]})


def immediate() -> Json:
    """Care that is to begin at once without a level of service, which the guide only advises."""
    item = request_item()
    item["extension"][1]["valueCodeableConcept"] = x12("1322", "1")
    return request_bundle(items=[item])


def unscoped() -> Json:
    """A care team member without the extension that the profile requires."""
    [member] = request_bundle()["entry"][0]["resource"]["careTeam"]
    return request_bundle(claim={"careTeam": [{name: member[name] for name in ("sequence", "provider")}]})


def astray() -> Json:
    """An item that points to a diagnosis which is not there."""
    return request_bundle(items=[request_item(diagnosisSequence=[1, 2])])


def uninformed() -> Json:
    """An item that points to supporting information which is not there."""
    return request_bundle(items=[request_item(informationSequence=[1])])


def mistyped() -> Json:
    """An extension that PAS does not define."""
    return request_bundle(claim={"extension": [extension("extension-levelOfService", valueString="U")]})


def uncounted() -> Json:
    """A quantity without a unit (prof-2)."""
    return request_bundle(items=[request_item(quantity=None) | {"quantity": {"value": 12}}])


def otherwise_counted() -> Json:
    """A unit that is none of X12's (prof-3)."""
    hours = {"value": 12, "unit": "hour", "system": "http://unitsofmeasure.org", "code": "h"}
    return request_bundle(items=[request_item(quantity=None) | {"quantity": hours}])


def at_no_time() -> Json:
    """A Timing that says neither how often nor by which pattern (prof-1)."""
    item = request_item()
    item["extension"].append(
        extension("extension-requestedService", valueReference={"reference": "ServiceRequest/order-1"})
    )
    order = {
        "resourceType": "ServiceRequest",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/patient-1"},
        "code": concept(CPT, "97110"),
        "occurrenceTiming": {"repeat": {"period": 1, "periodUnit": "wk"}},
    }
    return request_bundle(items=[item], entries=[entry("ServiceRequest/order-1", order)])


UNLESS_LENIENT = {Level.STRICT: REFUSED, Level.STANDARD: REFUSED, Level.LENIENT: NOTED}
IN_WORDS = {Level.STRICT: REFUSED, Level.STANDARD: NOTED, Level.LENIENT: SILENT}

SLOPPY: tuple[tuple[Callable[[], Json], str, dict[Level, str]], ...] = (
    (unreferenced, "Bundle.entry[7]", IN_WORDS),
    (
        absent,
        f"{REQUEST}.supportingInfo[0].value",
        {Level.STRICT: REFUSED, Level.STANDARD: NOTED, Level.LENIENT: NOTED},
    ),
    (
        immediate,
        f"{REQUEST}.item[0]",
        {Level.STRICT: NOTED, Level.STANDARD: NOTED, Level.LENIENT: SILENT},
    ),
    (unscoped, f"{REQUEST}.careTeam[0].extension", UNLESS_LENIENT),
    (astray, f"{REQUEST}.item[0].diagnosisSequence[1]", UNLESS_LENIENT),
    (uninformed, f"{REQUEST}.item[0].informationSequence[0]", IN_WORDS),
    (
        mistyped,
        f"{REQUEST}.extension[0]",
        {Level.STRICT: REFUSED, Level.STANDARD: NOTED, Level.LENIENT: NOTED},
    ),
    (uncounted, f"{REQUEST}.item[0].quantity", IN_WORDS),
    (otherwise_counted, f"{REQUEST}.item[0].quantity", IN_WORDS),
    (at_no_time, "Bundle.entry[7].resource.occurrence", IN_WORDS),
)


@pytest.mark.requirement("pas-2.2.1/prof-1")
@pytest.mark.requirement("pas-2.2.1/prof-2")
@pytest.mark.requirement("pas-2.2.1/prof-3")
@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize(("body", "place", "expected"), SLOPPY, ids=[body.__name__ for body, _, _ in SLOPPY])
async def test_the_strictness_level_decides_if_the_server_rejects_or_warns(
    tmp_path: Path, level: Level, body: Callable[[], Json], place: str, expected: dict[Level, str]
) -> None:
    async with serving(tmp_path, conformance=at_level(level)) as server:
        answer = await server.post("/Claim/$submit", body())
        if expected[level] == REFUSED:
            assert (refusal(answer).status, list(map(element, refusal(answer).places))) == (422, [place])
            return
        await check_told(server, answered(answer), [place] if expected[level] == NOTED else [])


async def check_told(server: Server, response: Json, places: list[str]) -> None:
    """What was warned of is told once each in the answer, in what is kept of it and in the trail."""
    notes = [note["text"] for note in response.get("processNote", [])]
    assert [element(note.partition(": ")[0]) for note in notes if note.startswith("Bundle")] == places
    kept = (await server.get(f"/ClaimResponse/{response['id']}")).json()
    assert kept.get("processNote") == response.get("processNote")
    assert list(map(element, trail(server, response["id"])["warnings"])) == places


def element(place: str | None) -> str:
    """Name the reference, whether it or the text in it was named."""
    return str(place).removesuffix(".reference")


@pytest.mark.parametrize("level", Level)
async def test_the_warnings_of_an_inquiry_are_in_the_trail(tmp_path: Path, level: Level) -> None:
    stray = entry("Practitioner/practitioner-2", practitioner())
    inquiry = inquiry_bundle()
    inquiry["entry"].append(stray)
    async with serving(tmp_path, conformance=at_level(level)) as server:
        answer = await server.post("/Claim/$inquire", inquiry)
        if level is Level.STRICT:
            assert (refusal(answer).status, refusal(answer).places) == (422, ("Bundle.entry[5]",))
            return
        assert returned(answer) == []
        if level is Level.STANDARD:
            event = trail(server, "")
            assert (event["action"], event["client"], event["warnings"]) == ("inquire", "ehr-a", ["Bundle.entry[5]"])
        else:
            with pytest.raises(ValueError, match="not enough values"):
                trail(server, "")


async def test_the_warnings_of_a_bill_are_in_its_answer_and_in_the_trail(tmp_path: Path) -> None:
    untyped = {"sequence": 1, "category": concept("https://biller.example.org/kinds", "note"), "valueAttachment": NOTE}
    bill = billing_claim(supportingInfo=[untyped])
    place = "Claim.supportingInfo[0].value"
    async with serving(tmp_path) as server:
        found = refusal(await server.post("/Claim/$submit", bill, client="biller"))
        assert (found.status, found.places) == (422, (place,))
    async with serving(tmp_path, conformance=at_level(Level.LENIENT)) as server:
        answer = (await server.post("/Claim/$submit", bill, client="biller")).json()
        assert [note["text"].partition(": ")[0] for note in answer["processNote"]].count(place) == 1
        assert trail(server, answer["id"])["warnings"] == [place]


@pytest.mark.parametrize("level", Level)
async def test_a_bill_is_checked_by_r4_alone_at_every_level(tmp_path: Path, level: Level) -> None:
    declared = {"profile": ["http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-claim"]}
    async with serving(tmp_path, conformance=at_level(level)) as server:
        taken = await server.post("/Claim/$submit", billing_claim(meta=declared), client="biller")
        assert taken.status_code == 200
        line = billed_line() | {"color": "blue"}
        refused = await server.post("/Claim/$submit", billing_claim(lines=[line]), client="biller")
        assert (refusal(refused).status, refusal(refused).places) == (422, ("Claim.item[0].color",))
