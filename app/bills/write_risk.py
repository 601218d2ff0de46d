"""Write the risk of the lines of a dry run, as an extension of ours on its answer."""

from __future__ import annotations

from collections.abc import Iterable

from app.codes import OUR_BASE
from app.domain.denials.risk import Risk
from app.pas.parts.write_types import Json

DENIAL_RISK = f"{OUR_BASE}StructureDefinition/denial-risk"
"""Our extension on the answer to a dry run: the share of the biller's recent lines that missed their authorization."""


def write_risks(risks: Iterable[tuple[str, Risk]]) -> list[Json]:
    """Return an extension for each line, by its number, whose risk has enough lines for a share."""
    return [_written(line, risk) for line, risk in risks if risk.share is not None]


def _written(line: str, risk: Risk) -> Json:
    parts: list[Json] = [
        {"url": "line", "valueString": line},
        {"url": "lines", "valueUnsignedInt": risk.lines},
        {"url": "share", "valueDecimal": risk.share},
        *({"url": "attribute", "valueString": attribute} for attribute in risk.mismatches),
    ]
    return {"url": DENIAL_RISK, "extension": parts}
