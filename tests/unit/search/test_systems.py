"""The server writes all systems of an event's codes: a term has the system, and a search without one looks in each."""

from __future__ import annotations

import pytest

from app.access.grant import Role
from app.audit.access import Access, Actor, Interaction
from app.audit.admission import Admission, Admits
from app.audit.write_admission import write_admission
from app.audit.write_event import write_event
from app.codes import AUDIT_TYPE, CLIENT_ID, DICOM, ORGANIZATION_ID, USER_ID
from app.search.parameters import PARAMETERS, parse_search, search_terms
from app.search.terms import IDENTIFIED


@pytest.mark.parametrize(
    ("value", "terms"),
    [
        ("rest", (f"{AUDIT_TYPE}|rest", f"{DICOM}|rest")),
        (f"{DICOM}|110114", (f"{DICOM}|110114",)),
        ("|rest", ("|rest",)),
        (f"rest,{DICOM}|110114", (f"{AUDIT_TYPE}|rest", f"{DICOM}|rest", f"{DICOM}|110114")),
    ],
)
def test_a_code_is_searched_in_all_systems_that_the_server_writes(value: str, terms: tuple[str, ...]) -> None:
    [condition] = parse_search("AuditEvent", [("type", value)], base_url="", lenient=False).conditions
    assert condition.values == terms


def test_an_agent_is_searched_in_all_systems_of_callers() -> None:
    [condition] = parse_search("AuditEvent", [("agent:identifier", "ehr-a")], base_url="", lenient=False).conditions
    assert condition.values == tuple(f"identifier {system}|ehr-a" for system in (CLIENT_ID, ORGANIZATION_ID, USER_ID))


@pytest.mark.parametrize("name", ["type", "subtype", "agent"])
def test_each_event_has_one_term_for_a_value_in_a_system_of_its_parameter(name: str) -> None:
    [systems] = [row.systems for row in PARAMETERS["AuditEvent"] if row.name == name]
    actor = Actor("2026-03-01T10:00:00.000000Z", "ehr-a", "org-a", Role.PROVIDER, "ann", "jti-1")
    accesses = [Access(interaction=one, payers=("p",), operation="$submit") for one in Interaction]
    events = [write_event("e", actor, access) for access in accesses]
    events += [write_admission("e", actor, Admission(act=act, payers=("p",))) for act in Admits]
    for event in events:
        values = [value.removeprefix(IDENTIFIED) for one, value in search_terms(event) if one == name]
        assert values
        assert [value for value in values if not value.startswith(tuple(f"{system}|" for system in systems))] == []
