"""The answers have every element that the profiles of ClaimResponse mark as must-support."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.conformance.files import folder
from app.pas.edition import base_path
from tests.api.answers.test_header import SENT, named, transmitted
from tests.api.answers.test_items import asked, therapy
from tests.api.imported.importing import reported, send
from tests.api.reading import Json, answered, resources
from tests.api.reviewing import NEW, ruling
from tests.api.updating import DENIED, MRI, changed, renamed, units, update_of
from tests.support import samples
from tests.support.samples import CPT, RENDERING, concept, inquiry_bundle, request_bundle
from tests.support.server import Server

ANY = {
    "sequence": 1,
    "productOrService": concept("http://terminology.hl7.org/CodeSystem/data-absent-reason", "not-applicable"),
}
"""An item of an inquiry without a criterion."""

REVENUE = concept("https://www.nubc.org/CodeSystem/RevenueCodes", "0420")


def marked(edition: str, profile: str) -> dict[str, str | None]:
    """Return the must-support elements of a profile and its base, each with the URL of its extension."""
    found: dict[str, str | None] = {}
    for name in (profile, "profile-claimresponse-base"):
        file = Path(folder("profiles")) / f"davinci-pas-{edition}" / f"StructureDefinition-{name}.json"
        for element in json.loads(file.read_text(encoding="utf-8"))["differential"]["element"]:
            if element.get("mustSupport"):
                profiles = [url for type_ in element.get("type", []) for url in type_.get("profile", [])]
                is_extension = "extension:" in element["id"].rpartition(".")[2]
                found[element["id"]] = profiles[0] if is_extension else None
    return found


def at(value: Any, steps: list[str]) -> Iterator[Any]:
    """Yield the values at a path; `location[x]` stands for each of its types."""
    if isinstance(value, list):
        for one in value:
            yield from at(one, steps)
    elif not steps:
        yield value
    elif isinstance(value, dict):
        name = steps[0].removesuffix("[x]")
        for key, inner in value.items():
            if key == name or (steps[0].endswith("[x]") and key.startswith(name)):
                yield from at(inner, steps[1:])


def has(answer: Json, element: str, url: str | None) -> bool:
    steps = [step.partition(":")[0] for step in element.split(".")[1:]]
    return any(url is None or value.get("url") == url for value in at(answer, steps))


def first_request() -> Json:
    """Build a request with every statement: one item is modified, one pended, one denied."""
    item = therapy(modifier=[concept(CPT, "59")], revenue=REVENUE)
    end = samples.extension("extension-productOrServiceCodeEnd", valueCodeableConcept=concept(CPT, "97112"))
    body = asked({**item, "extension": [*item["extension"], end]})
    claim = body["entry"][0]["resource"]
    claim |= {**transmitted(**SENT), **named("REQ-0001"), "item": [*claim["item"], MRI, DENIED]}
    return renamed(body, 1)


def later(first: Json) -> Json:
    """Build an update: one item that begins later, one unchanged, one that no update can change."""
    claim = first["entry"][0]["resource"]
    item, mri, denied = claim["item"]
    days = {"start": "2026-12-15", "end": "2027-02-28"}
    items = [changed(item, servicedPeriod=days), mri, units(denied, 5)]
    kept = {name: claim[name] for name in ("extension", "supportingInfo", "careTeam")}
    orders = [one for one in first["entry"] if one["resource"]["resourceType"] == "ServiceRequest"]
    return update_of(first, items, claim={**kept, **named("UPDATE-0002")}, entries=orders)


async def answers(server: Server, base: str) -> tuple[list[Json], list[Json]]:
    """Return the answers to requests, an import, an update and a decision, and then the answers to inquiries."""
    bodies = [request_bundle(identifier="approved"), request_bundle(payer=RENDERING), first_request()]
    submitted = [answered(await server.post("/Claim/$submit", body, base=base)) for body in bodies]
    pended = submitted[-1]["id"]
    ruled = {"resourceType": "Parameters", "parameter": [ruling(2, "partly-certify", quantity=1, end="2027-01-31")]}
    decided = await server.post(f"/ClaimResponse/{pended}/$decide", ruled, "reviewer", base=base, **NEW)
    assert decided.status_code == 200, decided.text
    update = later(bodies[-1])
    if base.startswith("/2.0.1"):  # its request Bundle has one Claim
        update["entry"].pop()
    updated = answered(await server.post("/Claim/$submit", update, base=base))
    imported = (await send(server, reported(), base=base)).json()
    inquired = await server.post("/Claim/$inquire", inquiry_bundle(items=[ANY], claim=transmitted(**SENT)), base=base)
    bundles = [one["resource"] for one in inquired.json().get("parameter", [])] or [inquired.json()]
    found = [one for bundle in bundles for one in resources(bundle) if one["resourceType"] == "ClaimResponse"]
    return [*submitted, updated, imported], found


@pytest.mark.requirement("pas-2.2.1/conf-6")
@pytest.mark.parametrize("edition", ["2.2.1", "2.0.1"])
async def test_the_answers_have_every_element_that_must_be_supported(server: Server, edition: str) -> None:
    submitted, inquired = await answers(server, base_path(edition))
    for profile, found in (("profile-claimresponse", submitted), ("profile-claiminquiryresponse", inquired)):
        elements = marked(edition, profile)
        assert len(elements) >= 20
        missing = {element for element, url in elements.items() if not any(has(one, element, url) for one in found)}
        assert missing == set(), profile
