"""The numbers by which the parts of a Claim refer to each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.codes import pas
from app.conformance.bundle_rules.certification import is_certified
from app.conformance.bundle_rules.finding import Finding
from app.conformance.bundle_rules.frame import PUBLISHED
from app.conformance.bundle_rules.readers import Json, extension_values, listed, objects
from app.conformance.checks.rule import Family
from app.fhir.place import Place

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
        values = listed(claim, name)
        numbers = known[name] = set()
        for one in values:
            number = _sequence(one)
            if type(number) is int:
                numbers.add(number)
        if len(numbers) < len(values):
            yield from _repeated(values, name, (place, name))
    links = [(name, known[of]) for name, of in _LINKS.items()]
    for index, item in objects(claim, "item"):
        for name, numbers in links:
            if name in item and not _lead(item[name], numbers):
                yield from _broken(item[name], numbers, name, (((place, "item"), index), name))


def level_of_care(claim: Json, place: Place) -> Iterator[Finding]:
    """Advise a level of service where care is to begin at once: what ImmediateLevelOfCare was written for."""
    if extension_values(claim, _LEVEL_OF_SERVICE):
        return
    for index, item in objects(claim, "item"):
        if is_certified(item, _IMMEDIATE):
            text = "With certification type 1, a level of service on the Claim says how urgent the care is."
            at = ((place, "item"), index)
            yield Finding(at, Family.ADVICE, "business-rule", text, "ImmediateLevelOfCare", PUBLISHED)


def _sequence(one: Any) -> Any:
    return one.get("sequence") if type(one) is dict else None


def _repeated(values: Sequence[Any], name: str, place: Place) -> Iterator[Finding]:
    """spec-22 says it of supportingInfo; the other numbers are referred to in the same way."""
    family, rule = (Family.SEQUENCE, "spec-22") if name == "supportingInfo" else (Family.LINK, f"{name}-sequence")
    text = f"Each sequence number is accepted once among {name}."
    seen: set[int] = set()
    for index, one in enumerate(values):
        number = _sequence(one)
        if type(number) is int and number in seen:
            yield Finding(((place, index), "sequence"), family, "duplicate", text, rule, PUBLISHED)
        elif type(number) is int:
            seen.add(number)


def _lead(numbers: Any, known: set[int]) -> bool:
    """Whether all of the numbers are known; where that cannot be told at once, they are looked at one by one."""
    try:
        for number in numbers:  # no set is made of them to be thrown away
            if number not in known:
                return False
    except TypeError:
        return False
    return True


def _broken(numbers: Any, known: set[int], name: str, place: Place) -> Iterator[Finding]:
    text = f"The sequence number of one of the Claim's {_LINKS[name]} is accepted."
    for index, number in enumerate(numbers if isinstance(numbers, list) else ()):
        if type(number) is int and number not in known:
            yield Finding((place, index), Family.LINK, "not-found", text, f"item-{name}", PUBLISHED)
