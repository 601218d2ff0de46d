"""Write an act of the authorization server as a FHIR AuditEvent (http://hl7.org/fhir/R4/auditevent.html).

BALP has no pattern for it. Type and subtype are those of DICOM and of IHE's transactions where they have one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.audit.access import Actor
from app.audit.admission import Admission, Admits
from app.audit.agents import agents, server
from app.audit.patterns import AUTHOR, SOURCE, Pattern
from app.audit.write_event import APPLICATION_SERVER, EVENT, PERSON, of_patient, of_request
from app.codes import AUDIT_ENTITY, CLIENT_ID, DICOM, IHE_EVENT, OBJECT_ROLE, SERVER_ACT, USER_ID
from app.fhir.instants import as_instant

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
    return {
        "resourceType": EVENT,
        "id": id_,
        "type": _AUTHENTICATION,
        "subtype": [_SUBTYPES[admission.act]],
        "action": _PATTERN.action,
        "recorded": as_instant(actor.at),
        "outcome": admission.outcome.value,
        **({"outcomeDesc": admission.reason} if admission.reason else {}),
        "agent": list(agents(actor, _PATTERN)),
        "source": {"observer": server(actor), "type": [APPLICATION_SERVER]},
        "entity": list(_entities(actor, admission)),
    }


def _entities(actor: Actor, admission: Admission) -> Iterator[Json]:
    yield from of_request(actor)
    for claimed, system, type_ in (
        (admission.claimed_client, CLIENT_ID, _OBJECT),
        (admission.claimed_user, USER_ID, PERSON),
    ):
        if claimed:
            what = {"identifier": {"system": system, "value": claimed}}
            yield {"what": what, "type": type_, "role": _SECURITY_ENTITY, "description": "named without a proof"}
    yield from of_patient(admission.patient)
