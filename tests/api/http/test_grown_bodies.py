"""Bodies with one part repeated a thousand times: the cost of the answer grows at most in proportion."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.fhir.json import write
from tests.api.reading import sample
from tests.support.calls import counting_calls
from tests.support.server import Server, serving

Json = dict[str, Any]
Grow = Callable[[Json, int], Json | str]

NPI = {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"}
TIMES = 2000


def claim(body: Json) -> Json:
    found: Json = body["entry"][0]["resource"] if body["resourceType"] == "Bundle" else body
    return found


def first(body: Json, type_: str) -> Json:
    """Return the first resource of the type, or the Claim where there is none."""
    rest = (one["resource"] for one in body.get("entry", ()))
    found: Json = next((one for one in rest if one["resourceType"] == type_), claim(body))
    return found


def billed(body: Json) -> list[Json]:
    """Return the one item of the Claim, or that of another where an inquiry has none."""
    found: list[Json] = (claim(body) if "item" in claim(body) else sample("bill"))["item"][:1]
    return found


def items(body: Json, times: int) -> Json:
    (one,) = billed(body)
    claim(body)["item"] = [{**one, "sequence": number + 1} for number in range(times)]
    return body


def same_items(body: Json, times: int) -> Json:
    claim(body)["item"] = billed(body) * times
    return body


def team(body: Json, times: int) -> Json:
    claim(body)["careTeam"] = [{"sequence": n + 1, "provider": {"identifier": NPI}} for n in range(times)]
    return body


def numbers(body: Json, times: int) -> Json:
    claim(body)["insurance"][0]["preAuthRef"] = [f"N{number}" for number in range(times)]
    return body


def insurances(body: Json, times: int) -> Json:
    claim(body)["insurance"] *= times
    return body


def identifiers(body: Json, times: int) -> Json:
    claim(body)["identifier"] = [{"system": "urn:x", "value": str(number)} for number in range(times)]
    return body


def contained(body: Json, times: int) -> Json:
    claim(body)["contained"] = [
        {"resourceType": "Organization", "id": f"c{n}", "identifier": [NPI]} for n in range(times)
    ]
    claim(body)["careTeam"] = [{"sequence": n + 1, "provider": {"reference": f"#c{n}"}} for n in range(times)]
    return body


def entries(body: Json, times: int) -> Json:
    if "entry" in body:
        body["entry"] += [
            {"fullUrl": f"urn:uuid:{n:08}", "resource": {"resourceType": "Basic", "id": f"b{n}"}} for n in range(times)
        ]
    return body


def references(body: Json, times: int) -> Json:
    told = [{"url": "urn:x", "valueReference": {"reference": f"Organization/{n}"}} for n in range(times)]
    first(body, "Organization")["extension"] = told
    return body


def names(body: Json, times: int) -> Json:
    first(body, "Patient")["name"] = [{"family": f"F{n}", "given": ["A"] * 5} for n in range(times)]
    return body


def diagnoses(body: Json, times: int) -> Json:
    one = {"diagnosisCodeableConcept": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "M54.5"}]}}
    claim(body)["diagnosis"] = [{"sequence": n + 1, **one} for n in range(times)]
    return body


def unknown_elements(body: Json, times: int) -> Json:
    claim(body).update({f"element{n}": n for n in range(times)})
    return body


def repeated_elements(body: Json, times: int) -> str:
    more = "".join(f'"element{n}":1,"element{n}":2,' for n in range(times))
    return "{" + more + write(body)[1:]


def one_element_repeated(body: Json, times: int) -> str:
    return "{" + '"id":"a",' * times + write(body)[1:]


def wrong_names(body: Json, times: int) -> str:
    return "{" + "".join(f'"${n}":1,' for n in range(times)) + write(body)[1:]


def wrong_numbers(body: Json, times: int) -> str:
    return '{"total":[' + "NaN," * times + "1]," + write(body)[1:]


GROWN: tuple[Grow, ...] = (
    items, same_items, team, numbers, insurances, identifiers, contained, entries, references, names, diagnoses,
    unknown_elements, repeated_elements, one_element_repeated, wrong_names, wrong_numbers,
)  # fmt: skip
BODIES = {
    "request-approve": "/Claim/$submit",
    "request-pend": "/Claim/$submit",
    "bill": "/Claim/$submit",
    "inquiry": "/Claim/$inquire",
}


async def calls_for(folder: Path, name: str, grow: Grow, times: int) -> int:
    async with serving(folder) as server:
        with counting_calls() as calls:
            await server.post(BODIES[name], grow(copy.deepcopy(sample(name)), times), client_for(name))
    return calls[0]


def client_for(name: str) -> str:
    return "biller" if name == "bill" else "ehr-a"


@pytest.mark.parametrize("grow", GROWN)
@pytest.mark.parametrize("name", BODIES)
async def test_a_body_grown_in_one_place_is_answered_or_refused(server: Server, name: str, grow: Grow) -> None:
    body = grow(copy.deepcopy(sample(name)), TIMES)
    answer = await server.post(BODIES[name], body, client_for(name))
    assert answer.status_code in {200, 400, 422}
    assert len(answer.content) < 100 * len(body if isinstance(body, str) else write(body))


@pytest.mark.parametrize("times", [50, 240], ids=["within every bound", "as many items as a Claim may have"])
@pytest.mark.parametrize("grow", GROWN)
@pytest.mark.parametrize("name", ["request-approve", "bill"])
async def test_work_grows_about_linearly_with_the_body(tmp_path: Path, name: str, grow: Grow, times: int) -> None:
    few = await calls_for(tmp_path, name, grow, times)
    many = await calls_for(tmp_path, name, grow, 4 * times)
    assert many < 6 * few


@pytest.mark.parametrize("times", [1, TIMES])
@pytest.mark.parametrize("element", ["contained", "name", "identifier", "extension"])
async def test_a_maintained_resource_grown_in_one_place_is_stored_or_rejected(
    server: Server, element: str, times: int
) -> None:
    elements: dict[str, Json] = {
        "contained": {"resourceType": 5},
        "name": {"family": "Sample"},
        "identifier": {"system": "urn:x", "value": "M9", "type": {"coding": [{"code": "MB"}]}},
        "extension": {"url": "urn:x", "valueString": "x"},
    }
    body = {**first(sample("request-approve"), "Patient"), element: [elements[element]] * times}
    answer = await server.post("/Patient", body, "admin")
    assert answer.status_code == (422 if element == "contained" else 201)
