"""Write the items of an ExplanationOfBenefit: the service from the Claim, the decision from the ClaimResponse."""

from __future__ import annotations

from collections.abc import Iterable

from app.codes import (
    CPT,
    DATA_ABSENT_REASON,
    HCPCS,
    HIPPS,
    PDEX_HCPCS,
    PDEX_SERVICE_TYPE,
    X12_SERVICE_TYPE,
    canonical,
    pas,
)
from app.pas.benefits.write_benefit_amounts import adjudications, wrapped
from app.pas.parts.write_types import BELOW, SEQUENCES, Json, concept

_LINE = (
    *("careTeamSequence", "diagnosisSequence", "procedureSequence", "informationSequence", "revenue", "modifier"),
    *("programCode", "servicedDate", "servicedPeriod", "locationCodeableConcept", "locationAddress"),
    *("locationReference", "quantity", "unitPrice", "factor", "net", "bodySite", "subSite", "encounter"),
)
_ADDED = (
    *("itemSequence", "detailSequence", "provider", "modifier", "servicedDate", "servicedPeriod"),
    *("locationCodeableConcept", "quantity", "unitPrice", "factor", "net", "noteNumber"),
)
_KEPT = frozenset(
    pas(name)
    for name in (
        *("extension-itemTraceNumber", "extension-itemPreAuthIssueDate", "extension-itemPreAuthPeriod"),
        *("extension-authorizationNumber", "extension-administrationReferenceNumber", "extension-itemAuthorizedDetail"),
        "extension-itemAuthorizedProvider",
    )
)
"""The extensions of PAS that an item of PDex has, too."""


def items(response: Json, claim: Json) -> list[Json]:
    """Write the items of the request: those of the answer, then those of the Claim that no answer mentions."""
    sent = {line["sequence"]: line for line in claim.get("item", ())}
    answers = {line["itemSequence"]: line for line in response.get("item", ())}
    return [
        _line(number, sent.get(number, {}), answers.get(number, {}), 0) for number in dict.fromkeys((*answers, *sent))
    ]


def add_items(response: Json) -> list[Json]:
    """Write the services that were authorized instead of the requested ones."""
    return [_added(line) for line in response.get("addItem", ())]


def _line(number: int, sent: Json, answer: Json, depth: int) -> Json:
    """Write an item, a detail or a subDetail; only an item has the extensions of PAS."""
    fields = _LINE if depth == 0 else _DETAIL
    written: Json = {"sequence": number, **{name: sent[name] for name in fields if name in sent}}
    kept = [own for own in answer.get("extension", ()) if own.get("url") in _KEPT] if depth == 0 else []
    if kept:
        written["extension"] = kept
    category = _category(sent.get("category"))
    if category is not None:
        written["category"] = category
    written["productOrService"] = service(sent.get("productOrService") or _authorized(answer), restricted=depth == 0)
    if answer.get("noteNumber"):
        written["noteNumber"] = answer["noteNumber"]
    decided = adjudications(answer, sent)
    if decided:
        written["adjudication"] = decided
    below = BELOW[depth] if depth < len(BELOW) else ""
    if below and (sent.get(below) or answer.get(below)):
        written[below] = _below(sent.get(below, ()), answer.get(below, ()), depth + 1)
    return written


def _below(sent: Iterable[Json], answers: Iterable[Json], depth: int) -> list[Json]:
    lines = {line["sequence"]: line for line in sent}
    decided = {line[SEQUENCES[depth]]: line for line in answers}
    numbers = dict.fromkeys((*decided, *lines))
    return [_line(number, lines.get(number, {}), decided.get(number, {}), depth) for number in numbers]


def _added(line: Json) -> Json:
    written = {name: line[name] for name in _ADDED if name in line}
    if "subdetailSequence" in line:
        written["subDetailSequence"] = line["subdetailSequence"]
    written["productOrService"] = line["productOrService"]
    return {**written, "adjudication": list(map(wrapped, line["adjudication"]))}


def service(sent: Json | None, *, restricted: bool) -> Json:
    """Write a service. PDex allows CPT, HCPCS and HIPPS on an item; another code stays as text."""
    if sent is None:
        return _NOT_APPLICABLE
    codings: list[Json] = [_coding(coding) for coding in sent.get("coding", ())]
    if not restricted or any(coding.get("system") in _SERVICES for coding in codings):
        return {**sent, "coding": codings} if codings else sent
    texts = [sent.get("text"), *(coding.get("display") or coding.get("code") for coding in codings)]
    text = next((text for text in texts if text), None)
    return {**_NOT_APPLICABLE, "text": text} if text else _NOT_APPLICABLE


def _coding(coding: Json) -> Json:
    return {**coding, "system": PDEX_HCPCS} if canonical(str(coding.get("system"))) == HCPCS else coding


def _authorized(answer: Json) -> Json | None:
    """Return the service of the answer, for an item that the Claim does not have."""
    details = (own for own in answer.get("extension", ()) if own.get("url") == _DETAIL_OF_ANSWER)
    parts = (part for detail in details for part in detail.get("extension", ()))
    code: Json | None = next((part.get("valueCodeableConcept") for part in parts if part.get("url") == _CODE), None)
    return code


def _category(sent: Json | None) -> Json | None:
    """Write the category with the URL that PDex has for X12's service types."""
    if sent is None:
        return None
    codings = [
        {**coding, "system": PDEX_SERVICE_TYPE} if canonical(str(coding.get("system"))) == X12_SERVICE_TYPE else coding
        for coding in sent.get("coding", ())
    ]
    return {**sent, "coding": codings} if codings else sent


_DETAIL = ("revenue", "modifier", "programCode", "quantity", "unitPrice", "factor", "net")
_SERVICES = frozenset({CPT, PDEX_HCPCS, HIPPS})
_NOT_APPLICABLE = concept(DATA_ABSENT_REASON, "not-applicable")
_DETAIL_OF_ANSWER = pas("extension-itemAuthorizedDetail")
_CODE = "productOrServiceCode"
