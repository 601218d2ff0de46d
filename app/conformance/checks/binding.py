"""Required bindings (ElementDefinition.binding): a code must be in the value set, if the value set is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.conformance.definitions.terminology import Members

_CODES_SHOWN = 12


def binding_check(type_: str, members: Members) -> Callable[[Any], bool] | None:
    """Return a check that a value of this type has a code of the value set; None if R4 binds no such type."""
    if type_ in ("code", "string", "uri"):
        return members.has_code
    if type_ in ("Coding", "Quantity"):
        return lambda value: members.has(value.get("system"), value.get("code"))
    return _any_coding(members) if type_ == "CodeableConcept" else None


def in_members(members: Members) -> Callable[[Any], bool]:
    """Return a check that a value of any coded type has a code of the value set."""

    def is_member(value: Any) -> bool:
        if isinstance(value, str):
            return members.has_code(value)
        codings = value.get("coding", (value,))
        return any(members.has(coding.get("system"), coding.get("code")) for coding in codings)

    return is_member


def allowed_codes(members: Members) -> str:
    """List the codes of a value set for the text of an issue, at most 12 of each system."""
    return "; ".join(_codes_of(system, codes) for system, codes in members.systems.items())


def _any_coding(members: Members) -> Callable[[Any], bool]:
    return lambda value: any(
        members.has(coding.get("system"), coding.get("code")) for coding in value.get("coding", ())
    )


def _codes_of(system: str, codes: frozenset[str] | None) -> str:
    if codes is None:
        return f"any code of {system}"
    shown = sorted(codes)[:_CODES_SHOWN]
    return f"{', '.join(shown)}{' and more' if len(codes) > len(shown) else ''} of {system}"
