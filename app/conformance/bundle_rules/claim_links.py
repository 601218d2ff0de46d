"""The numbers by which the parts of a Claim refer to each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.conformance.bundle_rules.finding import Finding
from app.conformance.bundle_rules.frame import PUBLISHED
from app.conformance.bundle_rules.readers import Json, concept_codes, extension_values, objects
from app.conformance.checks.rule import Family
from app.conformance.place import Place
from app.fhir.systems import pas

_SEQUENCED = ("supportingInfo", "careTeam", "diagnosis", "procedure", "insurance", "item")
_LINKS = {
    "careTeamSequence": "careTeam",
    "diagnosisSequence": "diagnosis",
    "procedureSequence": "procedure",
    "informationSequence": "supportingInfo",
}
_IMMEDIATE = "1"


def claim_links(claim: Json, place: Place) -> Iterator[Finding]:
    """Give what is wrong with the sequence numbers of a Claim."""
    known: dict[str, set[int]] = {}
    for name in _SEQUENCED:
        known[name] = set()
        for index, part in objects(claim, name):
            number = part.get("sequence")
            if type(number) is int and number in known[name]:
                yield _repeated(((((place, name), index)), "sequence"), name)
            elif type(number) is int:
                known[name].add(number)
    for index, item in objects(claim, "item"):
        yield from _links(item, ((place, "item"), index), known)


def level_of_care(claim: Json, place: Place) -> Iterator[Finding]:
    """Advise a level of service where care is to begin at once: what ImmediateLevelOfCare was written for."""
    if any(True for _ in extension_values(claim, pas("extension-levelOfServiceCode"))):
        return
    for index, item in objects(claim, "item"):
        certifications = extension_values(item, pas("extension-certificationType"))
        if any(_IMMEDIATE in concept_codes(one) for one in certifications):
            text = "With certification type 1, a level of service on the Claim says how urgent the care is."
            at = ((place, "item"), index)
            yield Finding(at, Family.ADVICE, "business-rule", text, "ImmediateLevelOfCare", PUBLISHED)


def _repeated(place: Place, name: str) -> Finding:
    """spec-22 says it of supportingInfo; the other numbers are referred to in the same way."""
    family, rule = (Family.SEQUENCE, "spec-22") if name == "supportingInfo" else (Family.LINK, f"{name}-sequence")
    return Finding(place, family, "duplicate", f"Each sequence number is accepted once among {name}.", rule, PUBLISHED)


def _links(item: Json, place: Place, known: dict[str, set[int]]) -> Iterator[Finding]:
    for name, of in _LINKS.items():
        numbers: Any = item.get(name)
        for index, number in enumerate(numbers if isinstance(numbers, list) else ()):
            if type(number) is int and number not in known[of]:
                text = f"The sequence number of one of the Claim's {of} is accepted."
                yield Finding((((place, name)), index), Family.LINK, "not-found", text, f"item-{name}", PUBLISHED)
