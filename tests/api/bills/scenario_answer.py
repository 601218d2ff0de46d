"""The answer to one line of a claim, as a biller reads it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.api.reading import notes
from tests.support.samples import Json

LINKED = "https://preauth.example.org/fhir/StructureDefinition/linked-authorization"
GROUP = "https://codesystem.x12.org/005010/1033"
CARC = "https://x12.org/codes/claim-adjustment-reason-codes"
RARC = "https://x12.org/codes/remittance-advice-remark-codes"

Sum = tuple[Decimal, Decimal]
"""Units and dollars."""

NOTHING: Sum = (Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """`why` is the group with the CARC, such as CO-198. `linked` has the parts of the draw."""

    submitted: Sum
    benefit: Sum
    adjusted: Sum
    why: str | None
    remarks: tuple[str, ...]
    notes: tuple[str, ...]
    linked: dict[str, Any] | None


def lines_of(response: Json) -> list[LineAnswer]:
    """Read the answer to every line, in the order of the lines."""
    assert [item["itemSequence"] for item in response["item"]] == list(range(1, len(response["item"]) + 1))
    return [_line(response, item) for item in response["item"]]


def _line(response: Json, item: Json) -> LineAnswer:
    found: dict[str, list[Json]] = {}
    for one in item["adjudication"]:
        found.setdefault(one["category"]["coding"][0]["code"], []).append(one)
    assert found.keys() <= {"submitted", "benefit", "adjustment", "remark"}
    [submitted], [benefit] = found["submitted"], found["benefit"]
    adjustments = found.get("adjustment", [])
    assert len(adjustments) <= 1
    return LineAnswer(
        submitted=_sum(submitted),
        benefit=_sum(benefit),
        adjusted=_sum(adjustments[0]) if adjustments else NOTHING,
        why=_why(adjustments[0]) if adjustments else None,
        remarks=tuple(_code(one["reason"], RARC) for one in found.get("remark", [])),
        notes=tuple(notes(response, item)),
        linked=_linked(item),
    )


def _sum(one: Json) -> Sum:
    assert one["amount"]["currency"] == "USD"
    return Decimal(one["value"]), Decimal(one["amount"]["value"])


def _why(adjustment: Json) -> str:
    return f"{_code(adjustment['category'], GROUP)}-{_code(adjustment['reason'], CARC)}"


def _code(concept: Json, system: str) -> str:
    [code] = [coding["code"] for coding in concept["coding"] if coding["system"] == system]
    return str(code)


def _linked(item: Json) -> dict[str, Any] | None:
    links = [one for one in item.get("extension", ()) if one["url"] == LINKED]
    if not links:
        return None
    [link] = links
    return {part["url"]: next(value for name, value in part.items() if name != "url") for part in link["extension"]}
