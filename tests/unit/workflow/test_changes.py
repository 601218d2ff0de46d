"""From what was and what is to every row of a commit."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

import msgspec
import pytest
from msgspec.structs import replace

from app.access.grant import Role
from app.access.reach import OWNER, PATIENT, PAYER
from app.audit.access import Access, Actor, Interaction
from app.audit.seal import digest_of
from app.codes import CPT
from app.domain.authorization import Authorization
from app.domain.billing import Draw
from app.domain.decision import ReviewAction
from app.domain.ledger import post
from app.domain.life.steps import IllegalStep
from app.ports import Document, Insert, Replace, Write
from app.records import authorizations, members, resources
from app.records.authorizations import Stored
from app.records.conditions import StoredCondition
from app.records.members import MemberRecord, StoredMember
from app.records.replays import Replay
from app.records.resources import Version, next_version
from app.records.submissions import Submission
from app.records.trail import Event
from app.records.views.responses import written_response
from app.records.worklist.tasks import first_task
from app.workflow.changes import AuthorizationChange, Change, MemberChange, readers, reviewed_change, rows
from tests.support.billing_samples import authorization, entry, item, unreminded

AT = "2026-03-01T10:00:00.000000Z"
NOW = datetime(2026, 3, 1, 10, tzinfo=UTC)
DUE = datetime(2026, 3, 8, 10, tzinfo=UTC)
ACTOR = Actor(AT, "ehr-a", "organization-a", Role.PROVIDER)


class CountedIds:
    def __init__(self) -> None:
        self._numbers = count(1)

    def new(self) -> str:
        return f"id-{next(self._numbers)}"

    def characters(self, count: int, alphabet: str) -> str:
        return alphabet[0] * count


def written(*changes: Change) -> list[Write]:
    return rows(ACTOR, CountedIds(), *changes)


def keys(writes: list[Write]) -> list[str]:
    """Name each row as `Insert kind/id`, with the version that guards it where there is one."""
    return [key(write) for write in writes]


def key(write: Write) -> str:
    match write:
        case Insert(document):
            return f"Insert {document.kind}/{document.id}"
        case Replace(document):
            return f"Replace {document.kind}/{document.id}@{document.version}"
        case _:
            return f"{type(write).__name__} {write.kind}/{write.id}@{write.version}"


def stored(record: Authorization, version: int = 1) -> Stored:
    return Stored(record, replace(authorizations.row(record), version=version))


def response(record: Authorization, number: str = "") -> dict[str, str]:
    return {"resourceType": "ClaimResponse", "id": record.id, "disposition": number}


def first_version(resource: dict[str, str]) -> Version:
    access = readers("payer", "organization-a", "patient-1")
    return Version(resources.row(resource, access=access, now=NOW))


LINE = {"line": "1", "action": "A1", "rule": "rule", "type": "prior", "service": f"{CPT}|97110"}
BILLED = authorization()
PENDED = replace(unreminded(BILLED), number=None, administration_number="PA260000021", due=DUE)
SOONER = replace(PENDED, due=datetime(2026, 3, 4, 10, tzinfo=UTC))
GRANTED = replace(PENDED, number="PA260000013", due=None)
TASK = first_task(PENDED).document
NEXT_DUE = f"Insert due/{PENDED.id}.2"
NEXT_TASK = [f"Replace Task/{PENDED.id}@1", f"Insert Task/history/{PENDED.id}/1"]


def test_the_first_answer_to_a_request_writes_its_resources_record_number_worklist_trail_and_replay() -> None:
    claim = first_version({"resourceType": "Claim", "id": "claim"})
    change = reviewed_change(
        "submit",
        None,
        PENDED,
        (claim, first_version(response(PENDED))),
        submission=Submission(PENDED.id, "{}"),
        replay=Replay("digest", "claim", "answer"),
    )
    assert keys(written(change)) == [
        f"Insert submission/{PENDED.id}",
        "Insert Claim/claim",
        f"Insert ClaimResponse/{PENDED.id}",
        f"Insert authorization/{PENDED.id}",
        "Insert number/payer|PA260000021",
        f"Insert Task/{PENDED.id}",
        f"Insert due/{PENDED.id}.1",
        "Insert event/id-1",
        "Insert replay/digest",
        "Insert AuditEvent/id-2",
        "Insert audit-open/id-2",
    ]


def test_a_decision_replaces_the_record_and_its_response_claims_the_number_and_clears_the_worklist() -> None:
    before = first_version(response(PENDED)).document
    version = next_version(before, response(GRANTED, "certified"), NOW)
    change = reviewed_change("decide", stored(PENDED, 3), GRANTED, (version,), task=TASK)
    assert keys(written(change)) == [
        f"Replace ClaimResponse/{PENDED.id}@1",
        f"Insert ClaimResponse/history/{PENDED.id}/1",
        f"Replace authorization/{PENDED.id}@3",
        "Insert number/payer|PA260000013",
        *NEXT_TASK,
        "Insert event/id-1",
        "Insert AuditEvent/id-2",
        "Insert audit-open/id-2",
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, BILLED, ["Insert number/payer|PA260000013", f"Insert due/{BILLED.id}.1"]),
        (BILLED, BILLED, []),
        (PENDED, PENDED, []),
        (PENDED, replace(PENDED, due=None), NEXT_TASK),
        (replace(PENDED, due=None), PENDED, [*NEXT_TASK, NEXT_DUE]),
        (PENDED, SOONER, [*NEXT_TASK, NEXT_DUE]),
        (PENDED, replace(PENDED, number="PA260000013"), ["Insert number/payer|PA260000013"]),
        (replace(PENDED, administration_number=None), PENDED, ["Insert number/payer|PA260000021"]),
    ],
)
def test_numbers_and_the_worklist_follow_from_the_record_before_and_after(
    before: Authorization | None, after: Authorization, expected: list[str]
) -> None:
    change = Change(authorizations=(AuthorizationChange(None if before is None else stored(before), after, TASK),))
    record, *others = keys(written(change))
    assert record == f"{'Replace' if before else 'Insert'} authorization/{after.id}{'@1' if before else ''}"
    assert others == expected


def test_the_event_of_a_decision_names_the_actor_the_rule_and_the_policy_version() -> None:
    inserts = (write for write in written(reviewed_change("decide", None, BILLED, ())) if isinstance(write, Insert))
    *_, event, access, opened = (insert.document for insert in inserts)
    actor = {"at": "2026-03-01T10:00:00.000Z", "client": "ehr-a", "organization": "organization-a", "role": "provider"}
    assert msgspec.json.decode(event.body) == {
        "action": "decide",
        **actor,
        "payer": "payer",
        "subject": BILLED.id,
        "policy": "sample",
        "digest": "0",
        "state": "approved",
        "items": [{**LINE, "before": "received", "after": "approved"}],
        "errors": [],
        "warnings": [],
        "covered_on_record": True,
        "request": {"urgency": "standard", "requestor": "1234567893"},
    }
    about = (("payer", "payer"), ("subject", BILLED.id))
    assert event.terms == (*about, ("received", "payer"), ("determined", "payer"))
    audited = msgspec.json.decode(access.body)
    assert [coding["code"] for coding in audited["subtype"]] == ["create", "operation"]
    assert {(PAYER, "payer"), (PATIENT, "patient-1"), ("patient", "Patient/patient-1")} <= set(access.terms)
    assert opened.body == f'[["{access.id}","{digest_of(access.body)}"]]'


def test_no_row_is_written_for_a_step_that_a_request_cannot_make() -> None:
    denied = replace(BILLED, items=(item(action=ReviewAction.NOT_CERTIFIED),))
    with pytest.raises(IllegalStep):
        written(Change(authorizations=(AuthorizationChange(stored(denied), BILLED),)))


def test_the_event_of_a_person_names_the_user_beside_the_client() -> None:
    actor = Actor(AT, "portal", None, Role.REVIEWER, user="case-reviewer")
    event, *_ = rows(actor, CountedIds(), Change(events=(Event("take", "payer", "response", {}),)))
    assert isinstance(event, Insert)
    body = msgspec.json.decode(event.document.body)
    assert (body["client"], body["user"]) == ("portal", "case-reviewer")


def test_a_draw_writes_its_entry_beside_the_record_that_guards_it() -> None:
    drawn = entry(Draw(BILLED.id, "PA260000013", "1", "2", Decimal(4), None))
    after = post(BILLED, [drawn])
    answer = resources.row(written_response(BILLED), access=readers("payer", "owner", "patient"), now=BILLED.created)
    change = Change(authorizations=(AuthorizationChange(stored(BILLED, 4), after, response=answer),), entries=(drawn,))
    assert keys(written(change)) == [
        f"Replace authorization/{BILLED.id}@4",
        f"Replace ClaimResponse/{BILLED.id}@1",
        f"Insert ClaimResponse/history/{BILLED.id}/1",
        f"Insert ledger/{BILLED.id}.1.bill.2",
    ]


MEMBER = MemberRecord("payer", "M001", "patient-1")
STORED_MEMBER = StoredMember(MEMBER, Document(members.KIND, "payer|M001", "", version=7))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, MEMBER, ["Insert member/payer|M001"]),
        (STORED_MEMBER, MEMBER, []),
        (STORED_MEMBER, replace(MEMBER, coverage="c1"), ["Replace member/payer|M001@7"]),
        (STORED_MEMBER, replace(MEMBER, member_id="M002"), ["Delete member/payer|M001@7", "Insert member/payer|M002"]),
    ],
)
def test_a_member_is_registered_changed_or_renumbered(
    before: StoredMember | None, after: MemberRecord, expected: list[str]
) -> None:
    assert keys(written(Change(members=(MemberChange(before, after),)))) == expected


def test_a_resource_with_a_new_reader_keeps_its_version() -> None:
    document = replace(first_version(response(BILLED)).document, version=2)
    assert written(Change(widened=(document,))) == [Replace(document)]


def test_a_condition_that_no_create_has_used_is_inserted_and_a_used_one_replaced() -> None:
    used = Document("condition", "digest", "", version=5)
    fresh = Change(condition=StoredCondition("digest", None))
    assert keys(written(fresh)) == ["Insert condition/digest"]
    assert keys(written(Change(condition=StoredCondition("digest", used)))) == ["Replace condition/digest@5"]


def test_several_changes_make_one_commit_and_an_empty_one_makes_no_row() -> None:
    event = Event("withhold", "payer", "patient-1", {})
    access = Access(interaction=Interaction.SEARCH, payers=("payer",), patient="patient-1", query="Claim/$inquire")
    assert keys(written(Change(accesses=(access,)), Change(), Change(events=(event,), accesses=(access,)))) == [
        "Insert event/id-1",
        "Insert AuditEvent/id-2",
        "Insert AuditEvent/id-3",
        "Insert audit-open/id-2",
    ]
    assert written(Change()) == []


def test_the_readers_of_an_authorization_are_its_payer_its_submitter_and_its_patient() -> None:
    assert readers("payer", "clinic", "p1") == ((PAYER, "payer"), (OWNER, "clinic"), (PATIENT, "p1"))
