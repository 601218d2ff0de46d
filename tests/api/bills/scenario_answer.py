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
    """`whys` are the groups with their CARC, such as CO-198. `links` have the parts of the draws, or of a denial."""

    submitted: Sum
    benefit: Sum
    adjusted: Sum
    whys: tuple[str, ...]
    remarks: tuple[str, ...]
    notes: tuple[str, ...]
    links: tuple[dict[str, Any], ...]

    @property
    def why(self) -> str | None:
        """The first reason."""
        return self.whys[0] if self.whys else None

    @property
    def linked(self) -> dict[str, Any] | None:
        """The only link."""
        if not self.links:
            return None
        [link] = self.links
        return link


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
    return LineAnswer(
        submitted=_sum(submitted),
        benefit=_sum(benefit),
        adjusted=_total(adjustments),
        whys=tuple(map(_why, adjustments)),
        remarks=tuple(_code(one["reason"], RARC) for one in found.get("remark", [])),
        notes=tuple(notes(response, item)),
        links=_links(item),
    )


def remarks_of(response: Json) -> set[str]:
    """Return the RARCs anywhere in an answer."""
    nodes: list[Any] = [response]
    found = set()
    while nodes:
        node = nodes.pop()
        if isinstance(node, dict):
            nodes += node.values()
            if node.get("system") == RARC:
                found.add(str(node["code"]))
        elif isinstance(node, list):
            nodes += node
    return found


def _total(adjustments: list[Json]) -> Sum:
    sums = list(map(_sum, adjustments))
    return sum((units for units, _ in sums), Decimal(0)), sum((dollars for _, dollars in sums), Decimal(0))


def _sum(one: Json) -> Sum:
    assert one["amount"]["currency"] == "USD"
    return Decimal(one["value"]), Decimal(one["amount"]["value"])


def _why(adjustment: Json) -> str:
    return f"{_code(adjustment['category'], GROUP)}-{_code(adjustment['reason'], CARC)}"


def _code(concept: Json, system: str) -> str:
    [code] = [coding["code"] for coding in concept["coding"] if coding["system"] == system]
    return str(code)


def _links(item: Json) -> tuple[dict[str, Any], ...]:
    links = [one["extension"] for one in item.get("extension", ()) if one["url"] == LINKED]
    return tuple(
        {part["url"]: next(value for name, value in part.items() if name != "url") for part in parts} for parts in links
    )
