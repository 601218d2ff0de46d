"""The payer's worklist: the Task of each request with a pended item, which follows from the authorization.

The Task has the id of the authorization. It is completed or cancelled when no item is pended, and begins again when an
update pends an item.
"""

from __future__ import annotations

from app.access.reach import PATIENT, PAYER
from app.domain.authorization import Authorization
from app.fhir.json import stored
from app.pas.parts.write_types import Json
from app.pas.requests.write_task import closed, opened, task_content
from app.ports import Document, Documents
from app.records import resources
from app.records.resources import Version, next_version

KIND = "Task"


async def task_of(documents: Documents, authorization_id: str) -> Document | None:
    """Read the Task of an authorization, to write its next version; None if no item was ever pended."""
    return await documents.get(KIND, authorization_id)


def task_version(before: Authorization | None, after: Authorization, task: Document | None) -> Version | None:
    """Return the version of the Task that a change of the authorization needs; None if the Task stays as it is.

    `task` is the Task as read, which a change of the pended items must give.
    """
    if _work(before) == _work(after):
        return None
    if task is None:
        return None if after.due is None else first_task(after)
    content = stored(task.body)
    resource = closed(after, content) if after.due is None else opened(after, content)
    return next_version(task, resource, after.updated)


def first_task(authorization: Authorization) -> Version:
    """Return the first version of the Task. Only the payer's staff reads it."""
    access = ((PAYER, authorization.payer), (PATIENT, authorization.patient))
    return Version(resources.row(opened(authorization, None), access=access, now=authorization.updated))


def _work(authorization: Authorization | None) -> Json | None:
    """Return the content of the Task; None if no item is pended."""
    return None if authorization is None or authorization.due is None else task_content(authorization)
