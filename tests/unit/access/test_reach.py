"""The reach of two organizations, two payers and a patient, and of types without a row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.grant import Grant, Role
from app.access.reach import HISTORY, OWNER, PATIENT, PAYER, REACH, Reach, check_rows, reach_of
from app.records.kinds import SERVED

EHR_A = reach_of(Grant("ehr-a", Role.PROVIDER, organizations=("org-a",)))
EHR_B = reach_of(Grant("ehr-b", Role.PROVIDER, organizations=("org-b",)))
PATIENT_1 = reach_of(Grant("patient-1", Role.PATIENT, patient="p1"))
REVIEWER = reach_of(Grant("reviewer", Role.REVIEWER, payers=frozenset({"sample-payer"})))
OTHER_REVIEWER = reach_of(Grant("reviewer-2", Role.REVIEWER, payers=frozenset({"second-payer"})))
ADMIN = reach_of(Grant("admin", Role.ADMIN, payers=frozenset({"second-payer", "sample-payer"})))
EVERYBODY = (EHR_A, EHR_B, PATIENT_1, REVIEWER, OTHER_REVIEWER, ADMIN)

REQUEST_OF_A = ((PAYER, "sample-payer"), (OWNER, "org-a"), (PATIENT, "p1"))
CASE_FILE = ("Claim", "ClaimResponse", "Coverage", "Patient", "ExplanationOfBenefit", "Condition", "DocumentReference")
DIRECTORIES = ("Organization", "Practitioner", "PractitionerRole", "Location")


@pytest.mark.parametrize("kind", CASE_FILE)
def test_only_the_owner_the_patient_and_the_payer_see_a_case(kind: str) -> None:
    seeing = [reach for reach in EVERYBODY if reach.sees(kind, REQUEST_OF_A)]
    assert seeing == [EHR_A, PATIENT_1, REVIEWER, ADMIN]


@pytest.mark.parametrize("kind", CASE_FILE)
def test_a_document_without_an_owner_is_seen_by_no_caller(kind: str) -> None:
    assert not any(reach.sees(kind, ()) for reach in EVERYBODY)


@pytest.mark.parametrize("kind", CASE_FILE)
def test_a_value_counts_only_under_its_own_name(kind: str) -> None:
    confused = ((OWNER, "p1"), (OWNER, "sample-payer"), (PATIENT, "org-a"), (PAYER, "org-a"), ("owner", "org-a"))
    assert not any(reach.sees(kind, confused) for reach in EVERYBODY)


def test_a_member_shared_by_two_organizations_is_seen_by_both() -> None:
    shared = (*REQUEST_OF_A, (OWNER, "org-b"))
    assert EHR_A.sees("Patient", shared)
    assert EHR_B.sees("Patient", shared)


def test_a_patient_does_not_see_another_patient() -> None:
    assert not PATIENT_1.sees("Patient", ((PAYER, "sample-payer"), (OWNER, "org-a"), (PATIENT, "p2")))


@pytest.mark.parametrize("kind", DIRECTORIES)
def test_the_directory_is_open_to_providers_and_patients_and_each_payer_keeps_its_own(kind: str) -> None:
    of_the_second_payer = ((PAYER, "second-payer"),)
    assert EHR_A.sees(kind, of_the_second_payer)
    assert PATIENT_1.sees(kind, of_the_second_payer)
    assert OTHER_REVIEWER.sees(kind, of_the_second_payer)
    assert not REVIEWER.sees(kind, of_the_second_payer)


@pytest.mark.parametrize("kind", ["Bundle", "Group", "Goal", "authorization", "event", "claim", ""])
def test_a_type_without_a_tie_is_denied_to_all_roles(kind: str) -> None:
    for reach in EVERYBODY:
        assert reach.terms(kind) is None
        assert not reach.sees(kind, REQUEST_OF_A)


def test_the_owner_and_the_payer_read_the_bytes_of_documents_and_no_patient_does() -> None:
    assert [reach for reach in EVERYBODY if reach.sees("Binary", REQUEST_OF_A)] == [EHR_A, REVIEWER, ADMIN]


@pytest.mark.parametrize("kind", REACH)
def test_earlier_versions_have_the_reach_of_the_resource(kind: str) -> None:
    for reach in EVERYBODY:
        assert reach.terms(kind + HISTORY) == reach.terms(kind)


@pytest.mark.parametrize(
    "grant",
    [
        Grant("nobody", Role.PROVIDER),
        Grant("nobody", Role.PROVIDER, organizations=()),
        Grant("unlinked", Role.PATIENT),
        Grant("nobody", Role.PATIENT, organizations=("org-a",)),
        Grant("nobody", Role.REVIEWER),
        Grant("nobody", Role.ADMIN, organizations=("org-a",)),
    ],
)
def test_a_principal_without_an_identity_sees_no_type(grant: Grant) -> None:
    assert reach_of(grant) == Reach({})


@pytest.mark.parametrize("kind", ["Task", "Subscription", "Group", "Bundle", "Binary"])
def test_a_patient_sees_no_work_of_others(kind: str) -> None:
    assert PATIENT_1.terms(kind) is None


def test_every_role_sees_the_case_file_and_the_directory() -> None:
    assert all(set(REACH[type_]) == set(Role) for type_ in (*CASE_FILE, *DIRECTORIES))


@pytest.mark.acceptance("B32")
def test_a_server_of_a_type_without_a_row_does_not_start() -> None:
    check_rows(SERVED)
    with pytest.raises(RuntimeError, match="Goal"):
        check_rows((*SERVED, "Goal"))


def test_only_auditors_and_the_patient_see_an_audit_event() -> None:
    assert REACH["AuditEvent"] == {Role.AUDITOR: PAYER, Role.PATIENT: PATIENT}


def test_a_search_is_narrowed_by_the_conditions() -> None:
    assert EHR_A.terms("Claim") == ((OWNER, ("org-a",)),)
    assert PATIENT_1.terms("Patient") == ((PATIENT, ("p1",)),)
    assert ADMIN.terms("ClaimResponse") == ((PAYER, ("sample-payer", "second-payer")),)
    assert EHR_A.terms("Organization") == ()


WORDS = st.sampled_from(["a", "b", "c"])
GRANTS = st.builds(
    Grant,
    client=st.just("any"),
    role=st.sampled_from(Role),
    organizations=st.lists(WORDS, max_size=2).map(tuple),
    patient=st.none() | WORDS,
    payers=st.frozensets(WORDS),
)


@given(
    grant=GRANTS,
    kind=st.sampled_from([*REACH, "Task"]),
    terms=st.lists(st.tuples(st.sampled_from([PAYER, OWNER, PATIENT, "status"]), WORDS)),
)
def test_a_document_is_seen_if_and_only_if_a_search_would_find_it(
    grant: Grant, kind: str, terms: list[tuple[str, str]]
) -> None:
    reach = reach_of(grant)
    conditions = reach.terms(kind)
    found = conditions is not None and all(
        {(name, value) for value in values} & set(terms) for name, values in conditions
    )
    assert reach.sees(kind, terms) is found
