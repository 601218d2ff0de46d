"""Tell codes of one service from codes of two."""

from __future__ import annotations

from collections.abc import Iterable

from app.codes import CDT, CPT, ICD_10_CM, ICD_10_PCS, NDC, REVENUE, RXNORM, family
from app.domain.coding.shapes import shown
from app.domain.datatypes import Coding


def services_problem(services: Iterable[Coding]) -> str | None:
    """Return which codes of one concept name two services; None if it names one.

    The codings of a concept are translations of each other, so it has at most one code of each family.
    """
    named: dict[str, str] = {}
    for service in services:
        system = family(service.system)
        if system not in _ONE_EACH:
            continue
        first = named.setdefault(system, service.code)
        if comparable(system, first) != comparable(system, service.code):
            found = f"`{shown(first)}` and `{shown(service.code)}`"
            return f"One line must name one service. {found} are two different codes. Send a line for each."
    return None


def comparable(system: str, code: str) -> str:
    """Return a code as it is compared: in capitals, ICD-10-CM without the dot, and an NDC with 11 digits."""
    code = code.upper()
    if system == ICD_10_CM:
        return code.replace(".", "")
    return _eleven_digits(code) if system == NDC else code


def _eleven_digits(ndc: str) -> str:
    """Return an NDC as labeler (5), product (4) and package (2): the forms with ten digits lack one leading zero."""
    parts = ndc.split("-")
    if len(parts) != len(_NDC_PARTS):
        return ndc
    return "".join(part.zfill(length) for part, length in zip(parts, _NDC_PARTS, strict=True))


_NDC_PARTS = (5, 4, 2)

_ONE_EACH = frozenset({CPT, CDT, ICD_10_PCS, NDC, REVENUE, RXNORM})
"""The families of services. A line names at most one code of each."""
