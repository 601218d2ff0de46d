"""Read the parts of a parameter of an operation: texts, days, quantities, codes and NPIs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from app.codes import valid_npi
from app.domain.coding.shapes import shape_problem
from app.domain.datatypes import Coding
from app.domain.ledger import LARGEST, countable
from app.domain.parts.period_cap import CapPeriod, PeriodCap
from app.domain.parts.ruling import LONGEST_NOTE
from app.domain.units import Unit
from app.fhir.element import Element
from app.pas.parts.limits import MOST_ITEMS, up_to
from app.pas.parts.read_types import exact_value, read_coding, unit_of_quantity

Parts = dict[str, list[Element]]


def read_parts(owner: Element, element: str, once: Collection[str], repeated: Collection[str] = ()) -> Parts:
    """Read the parameters or parts of `owner` by name. Note unknown names, and repeated ones of `once`."""
    parts: Parts = {}
    for part in up_to(MOST_ITEMS, owner, element):
        name = part.text("name") or ""
        if name in repeated or (name in once and name not in parts):
            parts.setdefault(name, []).append(part)
        elif name in once:
            part.note(f"`{name}` must not be repeated.", "name", code="duplicate")
        else:
            part.note(f"The name must be one of {', '.join(sorted((*once, *repeated)))}.", "name")
    return parts


def single(parts: Parts, name: str) -> Element | None:
    """Return the part with this name; None if it is absent."""
    return parts[name][0] if name in parts else None


def required(parts: Parts, name: str, owner: Element, element: str) -> Element | None:
    """Return the part with this name. Note its absence at the list `element` of `owner`."""
    if name not in parts:
        owner.missing(element, f"`{name}` is required.")
    return single(parts, name)


def read_text(part: Element | None) -> str | None:
    """Read a valueString or a valueCode of at most LONGEST_NOTE characters, without blanks around it."""
    if part is None:
        return None
    text = next((part.text(name) for name in ("valueString", "valueCode") if name in part.fields), None)
    if text is None or not text.strip():
        part.missing("valueString", f"`{part.text('name')}` must have a valueString or a valueCode.")
        return None
    check_length(part, "valueString", text)
    return text.strip()


def check_length(part: Element, element: str, text: str) -> None:
    """Check that a text is not longer than a note may be."""
    if len(text) > LONGEST_NOTE:
        limit = f"`{part.text('name')}` must have at most {LONGEST_NOTE} characters."
        part.note(limit, element, code="too-long")


def read_choice(part: Element | None, codes: Collection[str]) -> str | None:
    """Read a text that must be one of `codes`."""
    code = read_text(part)
    if part is None or code is None or code in codes:
        return code
    part.note(f"`{part.text('name')}` must be one of {', '.join(codes)}.", "valueCode", code="code-invalid")
    return None


def read_flag(part: Element | None) -> bool:
    """Read a valueBoolean; False without the part."""
    flag = None if part is None else part.flag("valueBoolean")
    if part is not None and flag is None:
        part.missing("valueBoolean", f"`{part.text('name')}` must be a valueBoolean.")
    return bool(flag)


def read_day(part: Element | None) -> date | None:
    """Read a valueDate with year, month and day."""
    days = None if part is None else part.days("valueDate")
    if part is not None and (days is None or days[0] != days[1]):
        part.note(f"`{part.text('name')}` must be a valueDate with year, month and day.", "valueDate")
        return None
    return None if days is None else days[0]


def read_quantity(part: Element | None) -> tuple[Decimal | None, Unit | None]:
    """Read a valueDecimal, or a valueQuantity with its unit. It must be greater than 0."""
    if part is None:
        return None, None
    quantity = part.one("valueQuantity")
    value = part.decimal("valueDecimal") if quantity is None else exact_value(quantity)
    if value is None or value <= 0:
        part.note(f"`{part.text('name')}` must be a valueDecimal or a valueQuantity greater than 0.")
    return value, None if quantity is None else unit_of_quantity(quantity)


def read_cap(parts: Parts, owner: Element) -> PeriodCap | None:
    """Read the parts `cap` and `cap-per`: the most units in each day, week or month."""
    if "cap" not in parts and "cap-per" not in parts:
        return None
    units, _ = read_quantity(required(parts, "cap", owner, "part"))
    per = read_choice(required(parts, "cap-per", owner, "part"), list(CapPeriod))
    if units is None or per not in list(CapPeriod):
        return None
    if not countable(units):
        parts["cap"][0].note(f"`cap` must be at most {LARGEST:,f}, with at most three decimals.")
    return PeriodCap(units, CapPeriod(per))


def read_code(part: Element | None, system: str | None = None) -> Coding | None:
    """Read a valueCoding with a possible code of its system; with `system`, also a valueCode of that system."""
    if part is None:
        return None
    coding = part.one("valueCoding")
    code = None if coding is None else read_coding(coding)
    if coding is None and system is not None and (text := part.text("valueCode")) is not None:
        code = Coding(system, text)
    if code is None or not code.system:
        part.missing("valueCoding", f"`{part.text('name')}` must be a valueCoding with system and code.")
        return None
    check_length(part, "valueCoding", code.display or "")
    if (problem := shape_problem(code)) is not None:
        part.note(problem, "valueCoding", code="code-invalid")
    return code


def read_npi(part: Element | None) -> str | None:
    """Read a valueString with an NPI."""
    npi = read_text(part)
    if part is not None and npi is not None and not valid_npi(npi):
        part.note("An NPI must have ten digits, and the last one must be the correct check digit.", "valueString")
    return npi
