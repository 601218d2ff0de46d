"""The AuditEvents follow R4 and the patterns of BALP 1.1.4."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from app.access.grant import Role
from app.audit.access import Access, Actor, Interaction, Origin, Outcome
from app.audit.write_event import write_event
from app.conformance.admission import base_validator
from app.conformance.strictness import Level

Json = dict[str, Any]

AT = "2026-03-01T10:00:00.123456Z"
ORIGIN = Origin("6f2a2f0a-0000-4000-8000-000000000001", "192.0.2.7", "https://pas.example/fhir")
ACTOR = Actor(AT, "ehr-a", "organization-a", Role.PROVIDER, token="jti-1", origin=ORIGIN)
USER = Actor(AT, "desk", None, Role.REVIEWER, "rita", "jti-2", ORIGIN)
PATIENT = Actor(AT, "app-1", None, Role.PATIENT, "pat", "jti-3", ORIGIN)
NOBODY = Actor(AT, None, origin=ORIGIN)

BALP = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."
CLIENT_READS = ("110152", "110153")
CLIENT_SENDS = ("110153", "110152")
PATTERNS = {
    "read": ("Read", "R", CLIENT_READS, "IRCP"),
    "vread": ("Read", "R", CLIENT_READS, "IRCP"),
    "history-instance": ("Read", "R", CLIENT_READS, "IRCP"),
    "search-type": ("Query", "E", CLIENT_SENDS, "IRCP"),
    "history-type": ("Query", "E", CLIENT_SENDS, "IRCP"),
    "create": ("Create", "C", CLIENT_SENDS, "AUT"),
    "update": ("Update", "U", CLIENT_SENDS, "AUT"),
}
"""From the profiles: name, action, DICOM roles of client and server, and the participation of the user."""


def access(interaction: str, **more: Any) -> Access:
    about = {"query": "Claim?status=active"} if interaction in ("search-type", "history-type") else {}
    resources = () if about else ("Claim/c1",)
    return Access(**{"interaction": Interaction(interaction), "payers": ("p",), "resources": resources} | about | more)


def event(actor: Actor = ACTOR, interaction: str = "read", **more: Any) -> Json:
    return write_event("event-1", actor, access(interaction, **more))


def codes(agent: Json) -> list[str]:
    return [coding["code"] for coding in agent["type"]["coding"]]


def entity(written: Json, type_: str) -> Json:
    [one] = [one for one in written["entity"] if one["type"]["code"] == type_]
    return dict(one)


@pytest.mark.parametrize("actor", [ACTOR, USER, PATIENT, NOBODY], ids=["system", "staff", "patient", "nobody"])
@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("patient", ["", "p1"])
@pytest.mark.parametrize("interaction", list(PATTERNS))
def test_each_event_is_valid_r4(actor: Actor, outcome: Outcome, patient: str, interaction: str) -> None:
    written = event(actor, interaction, patient=patient, outcome=outcome, reason="HTTP 404", operation="$submit")
    assert base_validator().validate(written, level=Level.STRICT) == ()


@pytest.mark.parametrize("patient", ["", "p1"])
@pytest.mark.parametrize("interaction", list(PATTERNS))
def test_each_interaction_has_its_pattern_of_balp(interaction: str, patient: str) -> None:
    name, action, (client, server), _ = PATTERNS[interaction]
    written = event(interaction=interaction, patient=patient)
    profile = f"{BALP}{'Patient' if patient else ''}{name}"
    assert written["meta"]["profile"] == [profile, f"{BALP}OAUTHaccessTokenUse.Minimal"]
    assert (written["action"], written["outcome"], written["type"]["code"]) == (action, "0", "rest")
    assert [one["code"] for one in written["subtype"]] == [interaction]
    assert [codes(agent) for agent in written["agent"][:2]] == [[client], [server]]
    assert written["agent"][0]["network"] == {"address": "192.0.2.7", "type": "2"}
    assert written["agent"][1]["network"] == {"address": "https://pas.example/fhir", "type": "5"}
    assert written["source"]["observer"] == written["agent"][1]["who"]
    assert entity(written, "XrequestId")["what"]["identifier"]["value"] == ORIGIN.request_id
    assert [one["type"]["code"] for one in written["entity"]] == ["XrequestId", "2", *(["1"] if patient else [])]


@pytest.mark.parametrize("interaction", list(PATTERNS))
def test_the_token_is_its_jti_only_and_names_the_user_and_the_role(interaction: str) -> None:
    holder = event(USER, interaction)["agent"][2]
    assert codes(holder) == ["UserOauthAgent", PATTERNS[interaction][3]]
    assert holder["policy"] == ["urn:ietf:params:oauth:jti:jti-2"]
    assert holder["who"]["identifier"]["value"] == "rita"
    assert holder["role"][0]["coding"][0]["code"] == "reviewer"
    assert "network" not in holder


def test_an_event_has_one_requestor() -> None:
    for actor in (ACTOR, USER, PATIENT, NOBODY):
        assert [agent["requestor"] for agent in event(actor)["agent"]].count(True) == 1


def test_the_organization_and_the_client_are_named_by_their_registered_ids() -> None:
    agents = event()["agent"]
    assert [agents[0]["who"]["identifier"]["value"], agents[3]["who"]["identifier"]["value"]] == [
        "ehr-a",
        "organization-a",
    ]


def test_an_access_without_a_token_names_no_client() -> None:
    written = event(NOBODY, outcome=Outcome.DENIED, reason="HTTP 401")
    assert written["agent"][0]["who"] == {"display": "unauthenticated client"}
    assert len(written["agent"]) == 2


@pytest.mark.parametrize("outcome", [Outcome.NOT_FOUND, Outcome.DENIED])
def test_a_failure_claims_no_pattern_and_has_a_reason(outcome: Outcome) -> None:
    written = event(outcome=outcome, reason="HTTP 403")
    assert (written["outcome"], written["outcomeDesc"]) == (outcome, "HTTP 403")
    assert written["meta"]["profile"] == [f"{BALP}OAUTHaccessTokenUse.Minimal"]


def test_a_search_keeps_its_query_in_base64() -> None:
    query = entity(event(interaction="search-type", query="Claim?patient=1&x=%C3%A4"), "2")
    assert base64.b64decode(query["query"]).decode() == "Claim?patient=1&x=%C3%A4"
    assert "what" not in query


def test_a_write_names_all_its_resources_and_its_operation() -> None:
    written = event(interaction="create", resources=("Claim/c", "ClaimResponse/r"), patient="p", operation="$submit")
    references = [one["what"]["reference"] for one in written["entity"] if "reference" in one["what"]]
    assert references == ["Claim/c", "Patient/p", "ClaimResponse/r"]
    assert entity(written, "2")["description"] == "$submit"
    assert [one["code"] for one in written["subtype"]] == ["create", "operation"]
