"""The most costly bodies, each of the largest size within its budget."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from itertools import count
from typing import Any

from app.fhir.budget import MOST_ENTRIES, MOST_RESOURCES, MOST_VALUES
from tests.support.samples import Json, billing_claim, entry, inquiry_bundle, patient, request_bundle

SUBMIT, INQUIRE, DECIDE, BILL = "/Claim/$submit", "/Claim/$inquire", "/ClaimResponse/1/$decide", "/Claim"
DOCUMENTS, OTHERS = 14_900_000, 990_000

_FULL = 0.97
"""How much of its budget a body takes."""

_HERE, _NUMBER = '"HERE"', "NUMBER"
_DIV = '<div xmlns="http://www.w3.org/1999/xhtml">'


@dataclass(frozen=True, slots=True)
class WorstShape:
    """A body, where it is sent and by whom."""

    what: str
    path: str
    body: bytes
    client: str = "ehr-a"


def worst_shapes() -> list[WorstShape]:
    """Make the bodies that cost most per value, byte or mark, and some that end early."""
    bundle = {"resourceType": "Bundle", "entry": ["HERE"]}
    return [
        WorstShape("15 MB of empty entries", SUBMIT, _long(bundle, "{}")),
        WorstShape("15 MB of arrays without an end", SUBMIT, b'{"a":' + b"[" * DOCUMENTS),
        WorstShape("15 MB of doubled names", SUBMIT, b'{"a":1' + b',"a":1' * (DOCUMENTS // 6) + b"}"),
        WorstShape("empty items", SUBMIT, _filled(request_bundle(items=["HERE"]), "{}")),  # type: ignore[list-item]  # replaced
        WorstShape("empty items of a bill", BILL, _filled(billing_claim() | {"item": ["HERE"]}, "{}"), "biller"),
        WorstShape("empty parameters", DECIDE, _filled(_parameters(), "{}", OTHERS), "reviewer"),
        WorstShape("null names of a Patient", "/Patient", _filled(patient() | {"name": ["HERE"]}, "null"), "admin"),
        WorstShape("extensions inquired", INQUIRE, _filled(inquiry_bundle() | {"extension": ["HERE"]}, _EXTENSION)),
        WorstShape("arrays 40 deep", SUBMIT, _extensions("[" * 40 + "]" * 40)),
        WorstShape("arrays 200 deep", SUBMIT, _extensions("[" * 200 + "]" * 200)),
        WorstShape("numbers with exponents", SUBMIT, _extensions("1e1")),
        WorstShape("names used twice", SUBMIT, _extensions('{"aNUMBER":1,"aNUMBER":1}')),
        WorstShape("unknown names", SUBMIT, _filled(request_bundle(), '"aNUMBER":1', between='"type":')),
        WorstShape("extensions", SUBMIT, _extensions(_EXTENSION)),
        WorstShape("extensions 20 deep", SUBMIT, _extensions(_DEEP)),
        WorstShape("references to nothing", SUBMIT, _extensions(_REFERENCE)),
        WorstShape("contained under one id", SUBMIT, _contained('{"resourceType":"Patient","id":"a"}')),
        WorstShape("contained Bundles", SUBMIT, _contained(_CONTAINED_BUNDLE)),
        WorstShape("entries under many URLs", SUBMIT, _of_entries()),
        WorstShape("elements not closed in a narrative", SUBMIT, _narrative("<b>", 2 * MOST_VALUES)),
        WorstShape("attributes in a narrative", SUBMIT, _attributes()),
        WorstShape("a name of combining marks", SUBMIT, _marked_name()),
        WorstShape("an attachment of 15 MB", SUBMIT, _attachment()),
        WorstShape("a narrative of 15 MB", SUBMIT, _narrative("pain, ", DOCUMENTS // 6)),
    ]


_EXTENSION = '{"url":"http://e.org/x","valueString":"a"}'
_DEEP = '{"url":"http://e.org/x","extension":[' * 20 + _EXTENSION + "]}" * 20
_REFERENCE = '{"url":"http://e.org/x","valueReference":{"reference":"Patient/NUMBER"}}'
_CONTAINED_BUNDLE = '{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient"}}]}'


def _parameters() -> Json:
    return {"resourceType": "Parameters", "parameter": ["HERE"]}


def _extensions(one: str) -> bytes:
    return _filled(request_bundle(claim={"extension": ["HERE"]}), one)


def _contained(one: str) -> bytes:
    return _filled(request_bundle(claim={"contained": ["HERE"]}), one)


def _filled(body: Json, one: str, most: int = DOCUMENTS, between: str = _HERE) -> bytes:
    """Repeat a text in a body as often as the budget of values or of bytes allows."""
    before, found, after = _written(body).partition(between)
    if between != _HERE:
        after = "," + found + after
    whole = f"{{{one}}}" if one.startswith('"') else f"[{one}]"
    values = _values(json.loads(whole, object_pairs_hook=lambda pairs: [value for _, value in pairs]))
    resources = one.count("resourceType") or 1 / MOST_VALUES
    times = int(_FULL * min(MOST_VALUES / values, MOST_RESOURCES / resources))
    parts: list[str] = []
    left = most - len(before) - len(after)
    for number in count():
        parts.append(one.replace(_NUMBER, str(number)))
        left -= len(parts[-1]) + 1
        if number + 1 >= times or left <= 0:
            break
    return (before + ",".join(parts) + after).encode()


def _long(body: Json, one: str) -> bytes:
    before, _, after = _written(body).partition(_HERE)
    return (before + ",".join([one] * (DOCUMENTS // (len(one) + 1))) + after).encode()


def _of_entries() -> bytes:
    entries = [entry(f"Patient/p{number}", patient()) for number in range(MOST_ENTRIES - 10)]
    return _written(request_bundle(entries=entries)).encode()


def _narrative(inside: str, times: int) -> bytes:
    body = request_bundle()
    body["entry"][1]["resource"]["text"] = {"status": "generated", "div": _DIV + inside * (times - 10) + "</div>"}
    return _written(body).encode()


def _attributes() -> bytes:
    body = request_bundle()
    many = " ".join(f'a{number}=""' for number in range(MOST_VALUES - 100))
    body["entry"][1]["resource"]["text"] = {"status": "generated", "div": f"{_DIV}<p {many}>a</p></div>"}
    return _written(body).encode()


def _marked_name() -> bytes:
    """Make a name whose normalization takes time by the square of its length."""
    body = request_bundle()
    named = next(one["resource"] for one in body["entry"] if one["resource"]["resourceType"] == "Patient")
    named["name"] = [{"family": "a" + "\u0315\u0301\u0327" * 300_000}]
    return _written(body).encode()


def _attachment() -> bytes:
    data = base64.b64encode(bytes(range(256)) * (DOCUMENTS * 3 // 4 // 256)).decode()
    attachment = {"attachment": {"contentType": "application/pdf", "data": data}}
    document = {
        "resourceType": "DocumentReference",
        "status": "current",
        "type": {"coding": [{"system": "http://loinc.org", "code": "57133-1"}]},
        "category": [{"coding": [{"system": "http://loinc.org", "code": "57133-1"}]}],
        "subject": {"reference": "Patient/patient-1"},
        "content": [attachment],
    }
    reference = {"url": "http://e.org/x", "valueReference": {"reference": "DocumentReference/d"}}
    return _written(
        request_bundle(claim={"extension": [reference]}, entries=[entry("DocumentReference/d", document)])
    ).encode()


def _values(value: Any) -> int:
    """Count the values in lists, and below them."""
    return sum(1 + _values(one) for one in value) if isinstance(value, list) else 0


def _written(body: Json) -> str:
    return json.dumps(body, separators=(",", ":"))
