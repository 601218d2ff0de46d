"""Read a decision that was made outside of FHIR from the Parameters of `ClaimResponse/$import`.

https://preauth.example.org/fhir/OperationDefinition/ClaimResponse-import
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from app.codes import CLAIM_TYPE, ICD_10_CM, NPI
from app.domain.authorization_number import canonical
from app.domain.datatypes import Coding, Identifier
from app.domain.parts.origin import Channel, Origin
from app.domain.request import Party
from app.domain.review.imported import ReportedDecision
from app.fhir.body import Checked
from app.fhir.element import Element
from app.fhir.issues import Issues
from app.pas.decisions.read_import_item import read_reported_item
from app.pas.decisions.read_parts import (
    Parts,
    read_choice,
    read_code,
    read_day,
    read_npi,
    read_parts,
    read_text,
    required,
    single,
)

_ONCE = frozenset(
    {"member", "birth-date", "requestor", "requestor-name", "channel", "vendor", "number", "decided", "type"}
)
_REPEATED = frozenset({"alias", "diagnosis", "item"})
_TYPES = ("institutional", "oral", "pharmacy", "professional", "vision")
_NUMBER = re.compile("[0-9A-Z]{3,50}")


class SubmittedImport(NamedTuple):
    """A reported decision as read, and the FHIRPath of each parameter. An item has the path of its number."""

    report: ReportedDecision
    places: Mapping[str, str]


def read_import(checked: Checked) -> SubmittedImport:
    """Read the decision. Raises FhirError UNPROCESSABLE with all issues, including those of the engine."""
    issues = Issues(checked.issues)
    body = Element(checked.resource, issues, "Parameters")
    parts = read_parts(body, "parameter", _ONCE, _REPEATED)
    diagnoses = tuple(code for part in parts.get("diagnosis", []) if (code := read_code(part, ICD_10_CM)))
    npi = read_npi(required(parts, "requestor", body, "parameter")) or ""
    items = parts.get("item", [])
    if not items:
        body.missing("parameter", "A decision must have at least one parameter `item`.")
    numbers = _numbers(body, parts)
    report = ReportedDecision(
        member_id=read_text(required(parts, "member", body, "parameter")) or "",
        birth_date=read_day(required(parts, "birth-date", body, "parameter")),
        requestor=Party((Identifier(NPI, npi),), npi, name=read_text(single(parts, "requestor-name"))),
        origin=_origin(body, parts),
        number=numbers[0],
        aliases=numbers[1:],
        decided=read_day(single(parts, "decided")),
        claim_type=Coding(CLAIM_TYPE, read_choice(single(parts, "type"), _TYPES) or "professional"),
        diagnoses=diagnoses,
        items=tuple(read_reported_item(item, place + 1, diagnoses) for place, item in enumerate(items)),
    )
    issues.warnings()
    places = {name: parameters[0].path for name, parameters in parts.items()}
    return SubmittedImport(report, {**places, **{str(place + 1): item.path for place, item in enumerate(items)}})


def _origin(body: Element, parts: Parts) -> Origin:
    named = read_choice(required(parts, "channel", body, "parameter"), tuple(Channel))
    vendor = read_text(single(parts, "vendor"))
    channel = Channel(named or Channel.PHONE)
    if channel is Channel.VENDOR and "vendor" not in parts:
        body.missing("parameter", "`vendor` is required if the channel is vendor: the name of the vendor.")
    return Origin(channel, vendor)


def _numbers(body: Element, parts: Parts) -> tuple[str, ...]:
    """Read the number and its aliases, as typed. They must differ."""
    required(parts, "number", body, "parameter")
    seen: dict[str, str] = {}
    for part in (*parts.get("number", []), *parts.get("alias", [])):
        number = read_text(part)
        if number is None:
            continue
        if not _NUMBER.fullmatch(canonical(number)):
            text = (
                "A number must have 3 to 50 letters A to Z or digits. Spaces, hyphens, dots and slashes do not count."
            )
            part.note(text, "valueString")
        if canonical(number) in seen:
            part.note("The number and its aliases must be different.", "valueString", code="duplicate")
        seen[canonical(number)] = number
    return tuple(seen.values()) or ("",)
