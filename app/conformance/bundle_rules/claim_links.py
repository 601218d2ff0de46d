"""The numbers by which the parts of a Claim refer to each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.conformance.bundle_rules.certification import is_certified
from app.conformance.bundle_rules.finding import Finding
from app.conformance.bundle_rules.frame import PUBLISHED
from app.conformance.bundle_rules.readers import Json, extension_values, listed, objects
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
_LEVEL_OF_SERVICE = pas("extension-levelOfServiceCode")


def claim_links(claim: Json, place: Place) -> Iterator[Finding]:
    """Give what is wrong with the sequence numbers of a Claim."""
    known: dict[str, set[int]] = {}
    for name in _SEQUENCED:
        numbers = [one.get("sequence") if type(one) is dict else None for one in listed(claim, name)]
        known[name] = {number for number in numbers if type(number) is int}
        if len(known[name]) < len(numbers):
            yield from _repeated(numbers, name, (place, name))
    for index, item in objects(claim, "item"):
        for name, of in _LINKS.items():
            if name in item and not _lead(item[name], known[of]):
                yield from _broken(item[name], known[of], (name, of), (((place, "item"), index), name))


def level_of_care(claim: Json, place: Place) -> Iterator[Finding]:
    """Advise a level of service where care is to begin at once: what ImmediateLevelOfCare was written for."""
    if any(True for _ in extension_values(claim, _LEVEL_OF_SERVICE)):
        return
    for index, item in objects(claim, "item"):
        if is_certified(item, _IMMEDIATE):
            text = "With certification type 1, a level of service on the Claim says how urgent the care is."
            at = ((place, "item"), index)
            yield Finding(at, Family.ADVICE, "business-rule", text, "ImmediateLevelOfCare", PUBLISHED)


def _repeated(numbers: list[Any], name: str, place: Place) -> Iterator[Finding]:
    """spec-22 says it of supportingInfo; the other numbers are referred to in the same way."""
    family, rule = (Family.SEQUENCE, "spec-22") if name == "supportingInfo" else (Family.LINK, f"{name}-sequence")
    text = f"Each sequence number is accepted once among {name}."
    seen: set[int] = set()
    for index, number in enumerate(numbers):
        if type(number) is int and number in seen:
            yield Finding(((place, index), "sequence"), family, "duplicate", text, rule, PUBLISHED)
        elif type(number) is int:
            seen.add(number)


def _lead(numbers: Any, known: set[int]) -> bool:
    """Whether all of the numbers are known; where that cannot be told at once, they are looked at one by one."""
    try:
        return known.issuperset(numbers)
    except TypeError:
        return False


def _broken(numbers: Any, known: set[int], link: tuple[str, str], place: Place) -> Iterator[Finding]:
    name, of = link
    text = f"The sequence number of one of the Claim's {of} is accepted."
    for index, number in enumerate(numbers if isinstance(numbers, list) else ()):
        if type(number) is int and number not in known:
            yield Finding((place, index), Family.LINK, "not-found", text, f"item-{name}", PUBLISHED)
