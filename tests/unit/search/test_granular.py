"""The conditions of granular scopes: as conditions on terms, together, and those that the server cannot enforce."""

from __future__ import annotations

import pytest

from app.access.grant import Grant, Role
from app.access.reach import OWNER, PATIENT, Reach, Terms, reach_of
from app.search.granular import check_scopes, narrowed

OWN = (OWNER, ("org-a",))
READABLE = ((OWNER, "org-a"),)


def reach(*scopes: str, role: Role = Role.PROVIDER, patient: str | None = None) -> Reach:
    grant = Grant(
        "app", role, organizations=("org-a",), patient=patient, payers=frozenset({"p"}), scopes=frozenset(scopes)
    )
    return narrowed(reach_of(grant), grant)


def searched(type_: str, *scopes: str) -> Terms | None:
    return reach(*scopes).terms(type_)


def test_scopes_without_conditions_change_no_reach() -> None:
    grant = Grant("ehr", Role.PROVIDER, organizations=("org-a",), scopes=frozenset({"system/*.cruds", "openid"}))
    plain = reach_of(grant)
    assert narrowed(plain, grant) is plain


def test_a_condition_is_a_condition_of_every_search_and_read() -> None:
    narrow = reach("user/ClaimResponse.rs?status=active&use=claim")
    assert narrow.terms("ClaimResponse") == (OWN, ("status", ("active",)), ("use", ("claim",)))
    assert narrow.sees("ClaimResponse", (*READABLE, ("status", "active"), ("use", "claim")))
    assert not narrow.sees("ClaimResponse", (*READABLE, ("status", "cancelled"), ("use", "claim")))
    assert not narrow.sees("ClaimResponse", (*READABLE, ("status", "active")))
    assert narrow.terms("Claim") == (OWN,)


def test_reads_and_searches_have_the_conditions_of_their_own_letters() -> None:
    narrow = reach("user/Claim.r", "user/Claim.s?status=active")
    assert narrow.terms("Claim") == (OWN, ("status", ("active",)))
    assert narrow.sees("Claim", READABLE)


@pytest.mark.parametrize(
    ("scopes", "status"),
    [
        (["user/Claim.rs?status=active", "user/Claim.rs?status=cancelled"], ("active", "cancelled")),
        (["user/Claim.rs?status=cancelled,active"], ("active", "cancelled")),
        (["user/Claim.rs?status=active", "system/Claim.rs?status=active&use=claim"], ("active",)),
        (["user/Claim.rs?status=http://hl7.org/fhir/fm-status|active"], ("active",)),
    ],
)
def test_alternatives_are_joined_into_the_conditions_that_they_have_together(
    scopes: list[str], status: tuple[str, ...]
) -> None:
    check_scopes(scopes)
    assert searched("Claim", *scopes) == (OWN, ("status", status))


def test_a_scope_without_conditions_is_the_widest() -> None:
    scopes = ["user/Claim.rs?status=active", "user/*.rs"]
    assert searched("Claim", *scopes) == (OWN,)
    check_scopes(scopes)


def test_alternatives_on_different_parameters_are_refused_and_deny_the_type() -> None:
    scopes = ["user/Claim.rs?status=active", "user/Claim.rs?use=claim"]
    with pytest.raises(ValueError, match="differ in the values of one parameter"):
        check_scopes(scopes)
    assert searched("Claim", *scopes) is None
    assert not reach(*scopes).sees("Claim", (*READABLE, ("status", "active"), ("use", "claim")))
    assert searched("Patient", *scopes, "user/Patient.rs") == (OWN,)


@pytest.mark.parametrize(
    "scope",
    [
        "user/Claim.rs?nosuch=a",
        "user/Claim.rs?_filter=a",
        "user/Claim.rs?_include=Claim:patient",
        "user/Claim.rs?_has=a",
        "user/Claim.rs?created=2026",
        "user/Claim.rs?_count=1",
        "user/Patient.rs?family=Smith",
        "user/Patient.rs?birthdate=2000-01-01",
        "user/Patient.rs?identifier=urn:x|",
        "user/Claim.rs?status=active&status=draft",
        "user/Observation.rs?status=final",
        "user/Claim.rs?patient=a/b/c",
        "user/Claim.rs?status=,",
    ],
)
def test_a_condition_that_cannot_be_enforced_is_refused_and_denies_the_type(scope: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        check_scopes([scope])
    type_ = scope[5 : scope.index(".")]
    assert searched(type_, scope) is None
    assert not reach(scope).sees(type_, READABLE)


def test_a_number_is_compared_in_its_canonical_form() -> None:
    assert searched("Claim", "user/Claim.rs?pre-auth-ref=au-1234567") == (OWN, ("pre-auth-ref", ("AU1234567",)))


def test_a_patient_scope_of_a_provider_reaches_the_patient_in_context_only() -> None:
    narrow = reach("patient/*.rs", patient="p1")
    for type_ in ("Claim", "ClaimResponse", "Coverage", "Patient"):
        assert narrow.terms(type_) == (OWN, (PATIENT, ("p1",)))
        assert not narrow.sees(type_, READABLE)
        assert narrow.sees(type_, (*READABLE, (PATIENT, "p1")))
    assert narrow.terms("Organization") == ()


def test_a_patient_scope_without_a_patient_in_context_reaches_no_case() -> None:
    for role in (Role.PROVIDER, Role.REVIEWER):
        narrow = reach("patient/*.rs", role=role)
        assert not narrow.sees("Claim", ((OWNER, "org-a"), (PATIENT, ""), ("reach:payer", "p")))


def test_a_user_scope_beside_a_patient_scope_reaches_all_cases() -> None:
    assert reach("patient/*.rs", "user/Claim.rs", patient="p1").terms("Claim") == (OWN,)


def test_the_scopes_of_a_patient_leave_the_reach_of_the_patient() -> None:
    narrow = reach("patient/*.rs", "patient/Claim.rs?status=active", role=Role.PATIENT, patient="p1")
    assert narrow.terms("Claim") == ((PATIENT, ("p1",)),)
