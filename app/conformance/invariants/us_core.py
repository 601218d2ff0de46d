# ruff: noqa: E501 - the FHIRPath is as published
"""The invariants of US Core in the PAS profiles (http://hl7.org/fhir/us/core)."""

from __future__ import annotations

import re
from typing import Any

from app.codes import ABSENT, IDENTIFIER_TYPE, valid_npi
from app.conformance.invariants.invariant import Invariant, any_of, coded, there

_CLIA = re.compile("[0-9]{2}D[0-9]{7}", re.ASCII)
_ORDERS = {"order", "original-order", "reflex-order", "filler-order", "instance-order"}
_UNKNOWN = {"ASKU", "UNK"}

_DIGIT = "(value.substring({0},1).toInteger())"
_DOUBLED = "(select(value.substring({0},1).toInteger()).select(iif($this<5, $this*2, (($this*2)-9))))"
_LUHN = (
    "((" + "+".join((_DOUBLED if place % 2 == 0 else _DIGIT).format(place) for place in range(10)) + " + 24)mod 10=0)"
)


def _digits(count: int) -> Any:
    def holds(value: Any) -> bool:
        text = value.get("value", "")
        return len(text) == count and text.isascii() and text.isdigit()

    return holds


def _named_or_absent(value: Any) -> bool:
    named = there(value, "family") or there(value, "given")
    return named != any(one.get("url") == ABSENT for one in value.get("extension", ()))


def _member_number(value: Any) -> bool:
    return there(value, "subscriberId") or any(
        "MB" in coded(one, "type", IDENTIFIER_TYPE) for one in value.get("identifier", ())
    )


def _one_race_if_unknown(value: Any) -> bool:
    categories = [
        one.get("valueCoding", {}).get("code") for one in value.get("extension", ()) if one.get("url") == "ombCategory"
    ]
    return not _UNKNOWN.intersection(categories) or len(categories) == 1


_NAME = "(family.exists() or given.exists()) xor extension.where(url='http://hl7.org/fhir/StructureDefinition/data-absent-reason').exists()"
_NAME_TEXT = "A family name, a given name or a data-absent-reason extension is required."

US_CORE = (
    Invariant("us-core-6", _NAME, _NAME_TEXT, _named_or_absent),
    Invariant("us-core-8", _NAME, _NAME_TEXT, _named_or_absent),
    Invariant(
        "us-core-6", "url.exists() or data.exists()", "An attachment must have `url` or `data`.", any_of("url", "data")
    ),
    Invariant(
        "us-core-13",
        "practitioner.exists() or organization.exists() or healthcareService.exists() or location.exists()",
        "A role must have a practitioner, an organization, a service or a location.",
        any_of("practitioner", "organization", "healthcareService", "location"),
    ),
    Invariant(
        "us-core-15",
        "identifier.type.coding.where(system='http://terminology.hl7.org/CodeSystem/v2-0203' and code='MB').exists() or subscriberId.exists()",
        "A member identifier (type MB) or a subscriberId is required.",
        _member_number,
    ),
    Invariant("us-core-16", "value.matches('^[0-9]{10}$')", "An NPI must have ten digits.", _digits(10)),
    Invariant(
        "us-core-17",
        _LUHN,
        "An NPI must have a valid check digit.",
        lambda value: valid_npi(value.get("value", "")),
    ),
    Invariant(
        "us-core-18",
        "value.matches('^[0-9]{2}D[0-9]{7}$')",
        "A CLIA number must be two digits, D and seven digits.",
        lambda value: _CLIA.fullmatch(value.get("value", "")),
    ),
    Invariant("us-core-19", "value.matches('^[0-9]{5}$')", "A NAIC code must have five digits.", _digits(5)),
    Invariant(
        "us-core-21",
        "(intent='order' or intent='original-order' or intent='reflex-order'or intent='filler-order' or intent='instance-order') implies requester.exists()",
        "An order must have a requester.",
        lambda value: value.get("intent") not in _ORDERS or "requester" in value,
    ),
    Invariant(
        "us-core-23",
        "extension.where(url = 'ombCategory').value.where(code in 'ASKU'|'UNK').exists() implies extension.where(url = 'ombCategory').count() = 1",
        "An unknown race must be the only ombCategory.",
        _one_race_if_unknown,
    ),
    Invariant(
        "pd-1",
        "telecom.exists() or endpoint.exists()",
        "A role must have a telecom or an endpoint.",
        any_of("telecom", "endpoint"),
    ),
)
