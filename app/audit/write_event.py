"""Write an access as a FHIR AuditEvent in the pattern of BALP (http://hl7.org/fhir/R4/auditevent.html)."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from app.audit.access import Access, Actor, Outcome
from app.audit.admission import Admission
from app.audit.agents import OPERATION, agents, server
from app.audit.patterns import PATTERNS, TOKEN_PROFILE, Pattern
from app.codes import AUDIT_ENTITY, AUDIT_SOURCE, AUDIT_TYPE, BALP_ENTITY, OBJECT_ROLE, RESOURCE_TYPE, REST_INTERACTION
from app.fhir.instants import as_instant

Json = dict[str, Any]

EVENT = "AuditEvent"

REST = {"system": AUDIT_TYPE, "code": "rest"}
PERSON = {"system": AUDIT_ENTITY, "code": "1"}
_OBJECT = {"system": AUDIT_ENTITY, "code": "2"}
_PATIENT_ROLE = {"system": OBJECT_ROLE, "code": "1"}
_RESOURCE_ROLE = {"system": OBJECT_ROLE, "code": "4"}
_QUERY_ROLE = {"system": OBJECT_ROLE, "code": "24"}
_REQUEST = {"system": BALP_ENTITY, "code": "XrequestId"}
_APPLICATION_SERVER = {"system": AUDIT_SOURCE, "code": "4"}


def write_event(id_: str, actor: Actor, access: Access) -> Json:
    """Return the AuditEvent of an access, without version. Failures claim no pattern: BALP has them for successes."""
    pattern = PATTERNS[access.interaction]
    succeeded = access.outcome is Outcome.SUCCESS
    profiles = [pattern.profile(of_patient=access.patient != "")] if succeeded else []
    if actor.token:
        profiles.append(TOKEN_PROFILE)
    subtypes = [{"system": REST_INTERACTION, "code": access.interaction.value}]
    if access.operation:
        subtypes.append(OPERATION)
    kind = {"type": REST, "subtype": subtypes}
    event = event_frame(id_, actor, access, pattern=pattern, kind=kind, entities=_entities(access))
    return event | {"meta": {"profile": profiles}} if profiles else event


def event_frame(
    id_: str, actor: Actor, act: Access | Admission, *, pattern: Pattern, kind: Json, entities: Iterator[Json]
) -> Json:
    """Return an AuditEvent with the parts that every event has; `kind` is its type and its subtypes."""
    return {
        "resourceType": EVENT,
        "id": id_,
        **kind,
        "action": pattern.action,
        "recorded": as_instant(actor.at),
        "outcome": act.outcome.value,
        **({"outcomeDesc": act.reason} if act.reason else {}),
        "agent": list(agents(actor, pattern)),
        "source": {"observer": server(actor), "type": [_APPLICATION_SERVER]},
        "entity": [*_of_request(actor), *entities],
    }


def _entities(access: Access) -> Iterator[Json]:
    described = {"description": access.operation} if access.operation else {}
    if access.query:
        encoded = base64.b64encode(access.query.encode()).decode()
        yield {"type": _OBJECT, "role": _QUERY_ROLE, **described, "query": encoded}
    main, more = access.resources[:1], access.resources[1:]
    for reference in main:
        yield {"what": {"reference": reference}, "type": _OBJECT, "role": _RESOURCE_ROLE, **described}
    yield from of_patient(access.patient)
    for reference in more:
        # BALP allows one entity of type 2, so the others have the type of the resource.
        type_ = {"system": RESOURCE_TYPE, "code": reference.partition("/")[0]}
        yield {"what": {"reference": reference}, "type": type_, "role": _RESOURCE_ROLE}


def _of_request(actor: Actor) -> Iterator[Json]:
    """Yield the entity of the request's id, if the request has one."""
    if actor.origin.request_id:
        yield {"what": {"identifier": {"value": actor.origin.request_id}}, "type": _REQUEST}


def of_patient(patient: str) -> Iterator[Json]:
    """Yield the entity of a patient, by the id of the Patient; none for an empty id."""
    if patient:
        yield {"what": {"reference": f"Patient/{patient}"}, "type": PERSON, "role": _PATIENT_ROLE}
