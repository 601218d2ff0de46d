"""Check the sequence numbers by which the parts of a Claim refer to each other."""

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
_INFORMATION = "informationSequence"
_LINKS = {
    "careTeamSequence": "careTeam",
    "diagnosisSequence": "diagnosis",
    "procedureSequence": "procedure",
    _INFORMATION: "supportingInfo",
}
_IMMEDIATE = "1"
_LEVEL_OF_SERVICE = pas("extension-levelOfServiceCode")


def claim_links(claim: Json, place: Place) -> Iterator[Finding]:
    """Yield the findings on the sequence numbers of a Claim."""
    known: dict[str, set[int]] = {}
    for name in _SEQUENCED:
        values = listed(claim, name)
        numbers = known[name] = set()
        for value in values:
            number = _sequence(value)
            if type(number) is int:
                numbers.add(number)
        if len(numbers) < len(values):
            yield from _repeated(values, name, (place, name))
    links = [(name, known[of]) for name, of in _LINKS.items()]
    for index, item in objects(claim, "item"):
        for name, numbers in links:
            if name in item and not _all_known(item[name], numbers):
                yield from _unknown(item[name], numbers, name, (((place, "item"), index), name))


def level_of_care(claim: Json, place: Place) -> Iterator[Finding]:
    """Advise a level of service if care must begin at once; the guide's invariant ImmediateLevelOfCare intends this."""
    if extension_values(claim, _LEVEL_OF_SERVICE):
        return
    for index, item in objects(claim, "item"):
        if is_certified(item, _IMMEDIATE):
            text = "A Claim with an item of certification type 1 should have the extension levelOfServiceCode."
            at = ((place, "item"), index)
            yield Finding(at, Family.ADVICE, "business-rule", text, "ImmediateLevelOfCare", PUBLISHED)


def _sequence(value: Any) -> Any:
    return value.get("sequence") if type(value) is dict else None


def _repeated(values: Sequence[Any], name: str, place: Place) -> Iterator[Finding]:
    """Yield repeated numbers. spec-22 covers supportingInfo only; the other lists are referred to in the same way."""
    family, rule = (Family.SEQUENCE, "spec-22") if name == "supportingInfo" else (Family.LINK, f"{name}-sequence")
    text = f"Each `sequence` in `{name}` must be unique."
    seen: set[int] = set()
    for index, value in enumerate(values):
        number = _sequence(value)
        if type(number) is int and number in seen:
            yield Finding(((place, index), "sequence"), family, "duplicate", text, rule, PUBLISHED)
        elif type(number) is int:
            seen.add(number)


def _all_known(numbers: Any, known: set[int]) -> bool:
    """Return whether all numbers are known; False also if the value is no list of numbers."""
    try:
        return all(number in known for number in numbers)
    except TypeError:
        return False


def _unknown(numbers: Any, known: set[int], name: str, place: Place) -> Iterator[Finding]:
    text = f"The number must be the `sequence` of an element of `{_LINKS[name]}`."
    for index, number in enumerate(numbers if isinstance(numbers, list) else ()):
        if type(number) is int and number not in known:
            family = Family.INFORMATION if name == _INFORMATION else Family.LINK
            yield Finding((place, index), family, "not-found", text, f"item-{name}", PUBLISHED)
