"""Note the codes of a request that cannot be codes of their systems, each at its place."""

from __future__ import annotations

from app.domain.adjustment_key import AdjustmentKey
from app.domain.coding.line_faults import PLACE, SERVICE_END, line_faults
from app.domain.service_line import ServiceLine
from app.pas.parts.read_line import LineElement, service_end
from app.pas.parts.read_types import CONCEPT


def note_line_faults(line: LineElement, service_line: ServiceLine) -> None:
    """Note each fault of a line's own codes. A detail has the place of service of its item.

    An impossible modifier is a warning, because published requests have some: the review leaves its item to a person.
    """
    for fault in line_faults(service_line):
        end = service_end(line.element) if fault.element == SERVICE_END else None
        if end is not None:
            end.note(fault.problem, CONCEPT, code="code-invalid")
        else:
            owner = line.item if fault.element == PLACE else line.element
            severity = "warning" if fault.key is AdjustmentKey.MODIFIER_INVALID else "error"
            owner.note(fault.problem, fault.element, code="code-invalid", severity=severity)
