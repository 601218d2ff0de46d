"""Write the ExplanationOfBenefit of a request: the answer and the Claim in the form that members and other payers read.

http://hl7.org/fhir/us/davinci-pdex/StructureDefinition/pdex-priorauthorization
It meets the releases 2.1 and 2.2. The three extensions of PAS that 2.2 adds are left out: PAS allows them in a
ClaimResponse only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.codes import PDEX_PRIOR_AUTHORIZATION, pas, pdex
from app.pas.benefits.write_benefit_amounts import totals
from app.pas.benefits.write_benefit_item import add_items, items
from app.pas.face import Reference
from app.pas.parts.write_types import Json, extension
from app.pas.write_claim import drop_unused_contained

_OF_RESPONSE = (
    "identifier",
    "status",
    "type",
    "patient",
    "created",
    "insurer",
    "outcome",
    "disposition",
    "processNote",
)
_OF_CLAIM = ("subType", "priority", "billablePeriod", "enterer", "facility", "referral", "payee", "accident")
_PARTS: Mapping[str, tuple[str, ...]] = {
    "careTeam": ("sequence", "provider", "responsible", "role", "qualification"),
    "diagnosis": ("sequence", "diagnosisCodeableConcept", "diagnosisReference", "type", "onAdmission", "packageCode"),
    "procedure": ("sequence", "type", "date", "procedureCodeableConcept", "procedureReference"),
}
"""By element of the Claim, the elements that an ExplanationOfBenefit has, too."""


def write_benefit(response: Json, claim: Json | None, coverage: Reference | None) -> Json:
    """Write the ExplanationOfBenefit. It has the id and the version of the ClaimResponse.

    `claim` is the Claim of that time, None for a decision that was made outside of FHIR; `coverage` is the member's
    Coverage for such a decision.
    """
    sent = claim or {}
    meta = {**response["meta"], "profile": [PDEX_PRIOR_AUTHORIZATION]}
    written: Json = {
        "resourceType": "ExplanationOfBenefit",
        "id": response["id"],
        "meta": meta,
        "use": "preauthorization",
        **_taken(response, _OF_RESPONSE),
        **_taken(sent, _OF_CLAIM),
        "provider": response.get("requestor") or sent.get("provider"),
        "claimResponse": {"reference": f"ClaimResponse/{response['id']}"},
        "insurance": _insurance(response, sent, coverage),
    }
    if "reference" in response.get("request", {}):
        written["claim"] = response["request"]
    written |= {name: part for name, part in _parts(response, sent).items() if part}
    if "contained" in written:
        drop_unused_contained(written)
    return written


def _parts(response: Json, sent: Json) -> Json:
    """Write the elements that may be empty."""
    lines = items(response, sent)
    return {
        "extension": list(_level(sent)),
        "preAuthRef": [response["preAuthRef"]] if "preAuthRef" in response else [],
        "preAuthRefPeriod": [response["preAuthPeriod"]] if "preAuthPeriod" in response else [],
        **{name: [_taken(part, kept) for part in sent.get(name, ())] for name, kept in _PARTS.items()},
        "supportingInfo": list(map(_information, sent.get("supportingInfo", ()))),
        "item": lines,
        "addItem": add_items(response),
        "total": totals(response, lines),
        "contained": sent.get("contained", []),
    }


def _taken(element: Json, names: tuple[str, ...]) -> Json:
    return {name: element[name] for name in names if name in element}


def _level(claim: Json) -> Iterator[Json]:
    """Yield the level of service of the request."""
    for own in claim.get("extension", ()):
        if own.get("url") == _PAS_LEVEL and "valueCodeableConcept" in own:
            yield extension(_LEVEL, valueCodeableConcept=own["valueCodeableConcept"])


def _insurance(response: Json, claim: Json, coverage: Reference | None) -> list[Json]:
    """Write the coverages of the Claim; that of the payer has the authorization number."""
    number = [response["preAuthRef"]] if "preAuthRef" in response else []
    sent: list[Json] = claim.get("insurance", [])
    if not sent:
        absent = {"display": "A coverage that the payer does not name"}
        sent = [{"focal": True, "coverage": coverage or absent}]
    return [_covered(insurance, number) for insurance in sent]


def _covered(insurance: Json, number: list[str]) -> Json:
    focal = insurance.get("focal") is True
    written = {"focal": focal, "coverage": insurance["coverage"]}
    return {**written, "preAuthRef": number} if focal and number else written


def _information(sent: Json) -> Json:
    """Write a supporting information. Its reason is a Coding here and a CodeableConcept in the Claim."""
    kept = {name: value for name, value in sent.items() if name in _INFORMATION or name.startswith(("timing", "value"))}
    codings: list[Any] = sent.get("reason", {}).get("coding", [])
    return {**kept, "reason": codings[0]} if codings else kept


_INFORMATION = ("sequence", "category", "code")
_PAS_LEVEL = pas("extension-levelOfServiceCode")
_LEVEL = pdex("extension-levelOfServiceCode")
