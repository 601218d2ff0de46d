"""Write an act of the authorization server as a FHIR AuditEvent (http://hl7.org/fhir/R4/auditevent.html).

BALP has no pattern for it. Type and subtype are those of DICOM and of IHE's transactions where they have one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.audit.access import Actor
from app.audit.admission import Admission, Admits
from app.audit.patterns import AUTHOR, SOURCE, Pattern
from app.audit.write_event import PERSON, event_frame, of_patient
from app.codes import AUDIT_ENTITY, CLIENT_ID, DICOM, IHE_EVENT, OBJECT_ROLE, SERVER_ACT, USER_ID

Json = dict[str, Any]

_AUTHENTICATION = {"system": DICOM, "code": "110114"}
_SUBTYPES: Mapping[Admits, Json] = {
    Admits.TOKEN: {"system": IHE_EVENT, "code": "ITI-71"},
    Admits.INTROSPECTION: {"system": IHE_EVENT, "code": "ITI-102"},
    Admits.REVOCATION: {"system": SERVER_ACT, "code": "revocation"},
    Admits.LOGIN: {"system": DICOM, "code": "110122"},
    Admits.LAUNCH: {"system": SERVER_ACT, "code": "launch"},
}
_PATTERN = Pattern("", "E", SOURCE, AUTHOR)
_OBJECT = {"system": AUDIT_ENTITY, "code": "2"}
_SECURITY_ENTITY = {"system": OBJECT_ROLE, "code": "11"}


def write_admission(id_: str, actor: Actor, admission: Admission) -> Json:
    """Return the AuditEvent of an act, without version. It names a token by its `jti` only."""
    kind = {"type": _AUTHENTICATION, "subtype": [_SUBTYPES[admission.act]]}
    return event_frame(id_, actor, admission, pattern=_PATTERN, kind=kind, entities=_entities(admission))


def _entities(admission: Admission) -> Iterator[Json]:
    for claimed, system, type_ in (
        (admission.claimed_client, CLIENT_ID, _OBJECT),
        (admission.claimed_user, USER_ID, PERSON),
    ):
        if claimed:
            what = {"identifier": {"system": system, "value": claimed}}
            yield {"what": what, "type": type_, "role": _SECURITY_ENTITY, "description": "named without a proof"}
    yield from of_patient(admission.patient)
