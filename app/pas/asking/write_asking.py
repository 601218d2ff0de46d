"""Write what an answer asks for: as entries of its Bundle, or contained in the stored ClaimResponse."""

from __future__ import annotations

from app.codes import LOINC, X12_REPORT_TYPE
from app.domain.authorization import Authorization
from app.domain.review.attachment_request import attachment_requests
from app.pas.asking.write_attachment_task import Desk, written_attachment_task
from app.pas.asking.write_communication_request import contained_id, entry_url, written_communication_request
from app.pas.edition import Edition
from app.pas.face import Face
from app.pas.parts.write_types import Json

_KINDS = {"task": LOINC, "task-report-type": X12_REPORT_TYPE}
"""The names of the Tasks among the control numbers of a record: PAS has a Task for each system of documents."""


def asking_elements(authorization: Authorization, face: Face, edition: Edition) -> Json:
    """Write the elements of the ClaimResponse that name the requests for documents; empty if there are none.

    In the client's references, they are entries of the Bundle: `asking_entries` writes these. A stored ClaimResponse
    contains them, because they have no life of their own: each next version has those that are still open.
    """
    requests = attachment_requests(authorization)
    if not requests:
        return {}
    if not face.stored:
        urls = (entry_url(authorization, request.control_number) for request in requests)
        return {"communicationRequest": [{"reference": url} for url in urls]}
    contained = [
        {**written_communication_request(request, face, edition), "id": contained_id(position)}
        for position, request in enumerate(requests)
    ]
    references = [{"reference": f"#{contained_id(position)}"} for position in range(len(requests))]
    return {"contained": contained, "communicationRequest": references}


def asking_entries(authorization: Authorization, face: Face, edition: Edition, desk: Desk | None) -> list[Json]:
    """Write the entries of a Bundle for the documents that its ClaimResponse asks for.

    The documents of each system have a Task. Without a desk there is no Task.
    """
    requests = attachment_requests(authorization)
    if not requests:
        return []
    entries = [
        {
            "fullUrl": entry_url(authorization, request.control_number),
            "resource": written_communication_request(request, face, edition),
        }
        for request in requests
    ]
    if desk is None:
        return entries
    for name, kind in _KINDS.items():
        own = [request for request in requests if request.document.type[0] == kind]
        if own:
            task = written_attachment_task(authorization, own, face, edition, desk)
            entries.append({"fullUrl": entry_url(authorization, name), "resource": task})
    return entries
