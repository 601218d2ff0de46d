"""Write the decisions of persons into the Task of a request, in a line for each item."""

from __future__ import annotations

from app.codes import WORKLIST_INPUT
from app.domain.authorization import Authorization
from app.domain.decision import ItemDecision
from app.domain.parts.reviewer import Reviewer
from app.domain.proposal import Proposal
from app.fhir.instants import instant
from app.pas.parts.write_types import Json, concept


def decisions(authorization: Authorization) -> list[Json]:
    """Write the decisions that count as outputs, without those of rules."""
    lines = [line(item.requested.number, item.decision) for item in authorization.items if item.decision.human]
    return [{"type": _DECISION, "valueString": text} for text in lines]


def proposed_line(number: str, proposal: Proposal) -> str:
    """Return a decision that does not count yet, with its stage."""
    release = "" if proposal.release is None else f" until {instant(proposal.release)}"
    return f"{line(number, proposal.decision)}, {proposal.stage}{release}"


def line(number: str, decision: ItemDecision) -> str:
    """Return a decision on an item: its X12 action, its reasons, and the persons."""
    reasons = ", ".join(reason.key for reason in decision.reasons)
    because = f" ({reasons})" if reasons else ""
    by = "" if decision.by is None else f" by {_person(decision.by)}"
    signed = "" if decision.signed_by is None else f", signed by {_person(decision.signed_by)}"
    return f"{number}: {decision.action}{because}{by}{signed}"


def _person(reviewer: Reviewer) -> str:
    clinician = "" if reviewer.npi is None else f", NPI {reviewer.npi}"
    return f"{reviewer.name} ({reviewer.role}{clinician})"


_DECISION = concept(WORKLIST_INPUT, "decision")
