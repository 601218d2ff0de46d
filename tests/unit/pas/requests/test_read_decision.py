"""A reviewer's rulings, read from Parameters."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.codes import CPT
from app.domain.datatypes import Coding
from app.domain.parts.ruling import ItemRuling
from app.domain.span import Span
from app.domain.units import Unit
from app.fhir.body import Checked
from app.fhir.outcome import Fault, FhirError
from app.pas.decisions.read_decision import read_decision


def part(name: str, **value: Any) -> dict[str, Any]:
    return {"name": name, **value}


def ruling(*parts: dict[str, Any], sequence: int = 1, action: str = "certify") -> dict[str, Any]:
    own = [part("sequence", valuePositiveInt=sequence), part("action", valueCode=action)]
    return {"name": "item", "part": [*own, *parts]}


def parameters(*items: Any) -> dict[str, Any]:
    return {"resourceType": "Parameters", "parameter": list(items)}


def test_every_item_is_a_ruling() -> None:
    rulings = read_decision(
        Checked(
            parameters(
                ruling(part("for", valueString="P60D"), part("note", valueString="As discussed.")),
                ruling(
                    part("quantity", valueDecimal=8),
                    part("code", valueCoding={"system": "urn:c", "code": "97112"}),
                    sequence=2,
                    action="partly-certify",
                ),
                ruling(part("reason", valueCode="not-covered"), sequence=3, action="deny"),
                ruling(
                    part("quantity", valueQuantity={"value": Decimal("1.5"), "unit": "h"}),
                    sequence=4,
                    action="partly-certify",
                ),
                ruling(part("start", valueDate="2026-03-01"), part("end", valueDate="2026-03-31"), sequence=5),
            )
        )
    )
    assert rulings.items == (
        ItemRuling("1", "certify", span=Span.parse("P60D"), note="As discussed."),
        ItemRuling("2", "partly-certify", quantity=Decimal(8), code=Coding("urn:c", "97112"), place=1),
        ItemRuling("3", "deny", reason="not-covered", place=2),
        ItemRuling("4", "partly-certify", quantity=Decimal("1.5"), unit=Unit("h"), place=3),
        ItemRuling("5", "certify", start=date(2026, 3, 1), end=date(2026, 3, 31), place=4),
    )


def test_a_sequence_may_come_as_an_integer() -> None:
    item = {"name": "item", "part": [part("sequence", valueInteger=7), part("action", valueCode="certify")]}
    assert read_decision(Checked(parameters(item))).items == (ItemRuling("7", "certify"),)


def test_the_sequences_of_a_detail_name_it_below_its_item() -> None:
    detail, sub_detail = part("detail-sequence", valuePositiveInt=3), part("sub-detail-sequence", valueInteger=1)
    rulings = read_decision(
        Checked(parameters(ruling(sequence=2), ruling(detail, sequence=2), ruling(sub_detail, detail, sequence=2)))
    )
    assert [one.number for one in rulings.items] == ["2", "2.3", "2.3.1"]


ITEM = "Parameters.parameter[0]"


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({"resourceType": "Parameters"}, ["Parameters.parameter"]),
        (parameters({"name": "other"}), [f"{ITEM}.name"]),
        (parameters({"name": "item"}), [f"{ITEM}.part", f"{ITEM}.part"]),
        (parameters(ruling(), ruling()), ["Parameters.parameter[1]"]),
        (parameters(ruling(action="approve")), [f"{ITEM}.part[1].value"]),
        (parameters(ruling(part("color", valueString="red"))), [f"{ITEM}.part[2].name"]),
        (parameters(ruling(part("note", valueString="a"), part("note", valueString="b"))), [f"{ITEM}.part[3].name"]),
        (parameters(ruling(part("quantity", valueDecimal=0))), [f"{ITEM}.part[2]"]),
        (parameters(ruling(part("quantity"))), [f"{ITEM}.part[2]"]),
        (
            parameters(ruling(part("quantity", valueQuantity={"value": 4, "comparator": ">"}))),
            [f"{ITEM}.part[2].value"],
        ),
        (parameters(ruling(part("code", valueCoding={"system": "urn:c"}))), [f"{ITEM}.part[2].value"]),
        (parameters(ruling(part("code", valueCoding={"code": "97112"}))), [f"{ITEM}.part[2].value"]),
        (parameters(ruling(part("code", valueCoding={"system": CPT, "code": "27447-RT"}))), [f"{ITEM}.part[2].value"]),
        (parameters(ruling(part("for", valueString="two months"))), [f"{ITEM}.part[2]"]),
        (parameters(ruling(part("start", valueDate="2026-03"))), [f"{ITEM}.part[2].value"]),
        (parameters(ruling(part("end", valueString="2026-03-01"))), [f"{ITEM}.part[2].value"]),
        (parameters(ruling(part("end", valueDate="2026-03-01"), part("for", valueString="P1D"))), [f"{ITEM}.part"]),
        (parameters(ruling(part("sub-detail-sequence", valuePositiveInt=1))), [f"{ITEM}.part"]),
        (parameters(ruling(part("detail-sequence"))), [f"{ITEM}.part[2].value"]),
        (parameters(ruling(part("reason"))), [f"{ITEM}.part[2].value"]),
        (
            parameters({"name": "item", "part": [part("sequence"), part("action", valueCode="deny")]}),
            [f"{ITEM}.part[0].value"],
        ),
    ],
)
def test_each_fault_is_reported_with_its_path(body: dict[str, Any], places: list[str]) -> None:
    with pytest.raises(FhirError) as caught:
        read_decision(Checked(body))
    assert caught.value.fault is Fault.UNPROCESSABLE
    assert [issue.expression for issue in caught.value.issues] == places
