"""Read a reviewer's decision from the Parameters of `ClaimResponse/{id}/$decide`.

https://preauth.example.org/fhir/OperationDefinition/ClaimResponse-decide
"""

from __future__ import annotations

from app.codes import NPI, valid_npi
from app.domain.parts.ruling import ItemRuling, Rulings
from app.fhir.body import Checked
from app.fhir.element import Element
from app.fhir.issues import Issues
from app.pas.decisions.read_parts import read_parts, read_text, single
from app.pas.decisions.read_ruling import AT_ONCE, read_ruling

_ONCE = frozenset({"all", "clinician", "draft", "internal-note"})


def read_decision(checked: Checked) -> Rulings:
    """Read a ruling from every parameter `item` and from `all`, and the parameters about the whole decision.

    Raises FhirError UNPROCESSABLE with all issues, including those of the engine.
    """
    issues = Issues(checked.issues)
    body = Element(checked.resource, issues, "Parameters")
    parts = read_parts(body, "parameter", _ONCE, {"item"})
    rulings: dict[str, ItemRuling] = {}
    for name in ("item", "all"):
        for parameter in parts.get(name, ()):
            _add(rulings, parameter, of_all=name == "all")
    if not rulings and not issues:
        body.missing("parameter", "A decision must have at least one parameter `item`, or the parameter `all`.")
    decision = Rulings(
        tuple(rulings.values()),
        _draft(single(parts, "draft"), rulings),
        _clinician(single(parts, "clinician")),
        read_text(single(parts, "internal-note")),
    )
    issues.warnings()
    return decision


def _add(rulings: dict[str, ItemRuling], parameter: Element, *, of_all: bool) -> None:
    ruling = read_ruling(parameter, of_all=of_all)
    if ruling.number in rulings:
        parameter.note("A decision must have only one ruling for each item or detail: name it once.", code="duplicate")
    rulings[ruling.number] = ruling


def _clinician(parameter: Element | None) -> str | None:
    """Read the NPI of the clinician who made the decision."""
    identifier = None if parameter is None else parameter.one("valueIdentifier")
    if parameter is None:
        return None
    npi = None if identifier is None or identifier.text("system") != NPI else identifier.text("value")
    if npi is None or not valid_npi(npi):
        parameter.note(f"`clinician` must be a valueIdentifier with the system {NPI} and a valid NPI.")
    return npi


def _draft(parameter: Element | None, rulings: dict[str, ItemRuling]) -> bool:
    """Read whether the decision waits until a person decides again."""
    if parameter is None:
        return False
    draft = parameter.flag("valueBoolean")
    if draft is None:
        parameter.missing("valueBoolean", "`draft` must have a valueBoolean.")
    elif draft and any(ruling.action in AT_ONCE for ruling in rulings.values()):
        parameter.note("A draft must not have the actions ask, sign and undo, which count at once.")
    return bool(draft)
