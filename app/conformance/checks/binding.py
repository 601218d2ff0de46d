"""Required bindings (ElementDefinition.binding): one code of the value set, where the value set is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.conformance.definitions.terminology import Members

_CODES_SHOWN = 12


def bound(type_: str, members: Members) -> Callable[[Any], bool] | None:
    """Return whether a value of this type has a code of the value set; None for a type that cannot be bound."""
    if type_ in ("code", "string", "uri"):
        return members.has_code
    if type_ in ("Coding", "Quantity"):
        return lambda value: members.has(value.get("system"), value.get("code"))
    return _any_coding(members) if type_ == "CodeableConcept" else None


def _any_coding(members: Members) -> Callable[[Any], bool]:
    return lambda value: any(
        members.has(coding.get("system"), coding.get("code")) for coding in value.get("coding", ())
    )


def accepted(members: Members) -> str:
    """Say which codes are accepted, as far as a line holds them."""
    return "; ".join(_of_system(system, codes) for system, codes in members.systems.items())


def _of_system(system: str, codes: frozenset[str] | None) -> str:
    if codes is None:
        return f"any code of {system}"
    shown = sorted(codes)[:_CODES_SHOWN]
    return f"{', '.join(shown)}{' and more' if len(codes) > len(shown) else ''} of {system}"


def in_members(members: Members) -> Callable[[Any], bool]:
    """Return whether a value of whatever coded type has a code of the value set."""

    def holds(value: Any) -> bool:
        if isinstance(value, str):
            return members.has_code(value)
        codings = value.get("coding", (value,))
        return any(members.has(one.get("system"), one.get("code")) for one in codings)

    return holds
