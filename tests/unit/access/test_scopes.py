"""SMART scopes of both versions: the access they allow, and invalid scopes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.scopes import Context, Scope, allows, allows_operation, parse, within

LETTERS = "cruds"


def test_a_scope_is_read_into_its_three_parts() -> None:
    assert parse("system/Claim.crs") == Scope(Context.SYSTEM, "Claim", frozenset("crs"))
    assert parse("user/*.cruds") == Scope(Context.USER, "*", frozenset("cruds"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "system/Claim.",
        "system/Claim",
        "system/Claim.sr",
        "system/Claim.rr",
        "system/Claim.x",
        "system/Claim.Read",
        "system/Claim.reads",
        "system/Claim.rwrite",
        "system/Claim.read?status=active",
        "system/Claim.**",
        "system/claim.r",
        "system/Claim.?status=active",
        "system/Claim.r?",
        "system/Claim.r\n",
        " system/Claim.r",
        "System/Claim.r",
        "practitioner/Claim.r",
        "system/Claim.r system/Patient.r",
        "system/" + "A" * 65 + ".r",
        "openid",
        "launch/patient",
    ],
)
def test_an_invalid_scope_is_refused_and_allows_nothing(text: str) -> None:
    with pytest.raises(ValueError, match=r"system/Claim\.crs"):
        parse(text)
    assert not any(allows([text], "Claim", letter) for letter in LETTERS)


@given(
    letters=st.sets(st.sampled_from(LETTERS), min_size=1),
    context=st.sampled_from(["user", "system"]),
    type_=st.sampled_from(["Claim", "Patient", "*"]),
)
def test_a_scope_allows_its_letters_on_its_type_and_nothing_else(letters: set[str], context: str, type_: str) -> None:
    scope = f"{context}/{type_}.{''.join(sorted(letters, key=LETTERS.index))}"
    for asked in LETTERS:
        assert allows([scope], "Claim", asked) is (asked in letters and type_ in ("*", "Claim"))


@pytest.mark.parametrize(("old", "letters"), [("read", "rs"), ("write", "cud"), ("*", "cruds")])
@pytest.mark.parametrize("type_", ["Claim", "*"])
def test_a_scope_of_version_1_has_the_letters_that_smart_gives_it(old: str, letters: str, type_: str) -> None:
    assert parse(f"system/{type_}.{old}") == Scope(Context.SYSTEM, type_, frozenset(letters))
    assert [letter for letter in LETTERS if allows([f"system/{type_}.{old}"], "Claim", letter)] == list(letters)


def test_a_granular_scope_has_its_conditions() -> None:
    scope = parse("patient/ClaimResponse.rs?status=active,draft&use=claim")
    assert scope.filters == (("status", "active,draft"), ("use", "claim"))
    assert parse("user/Claim.r?insurer=Organization/a|b").filters == (("insurer", "Organization/a|b"),)


@pytest.mark.parametrize(
    "filters",
    [
        "status:not=active",
        "status:in=a",
        "patient.identifier=a",
        "patient:Patient.identifier=a",
        "_has:Claim:patient:status=active",
        "status",
        "status=",
        "=active",
        "status=active&",
        "&status=active",
        "status==active",
        "status=%61ctive",
    ],
)
def test_a_condition_with_a_modifier_a_chain_or_no_value_is_refused(filters: str) -> None:
    with pytest.raises(ValueError, match="A condition of a scope"):
        parse(f"system/Claim.rs?{filters}")
    assert not any(allows([f"system/Claim.rs?{filters}"], "Claim", letter) for letter in LETTERS)


@pytest.mark.parametrize("text", ["system/*.rs?status=active", "system/Claim.cud?status=active", "user/Claim.rus?a=b"])
def test_only_reads_and_searches_of_one_type_have_conditions(text: str) -> None:
    with pytest.raises(ValueError, match="one resource type"):
        parse(text)


@pytest.mark.parametrize("text", ["system/*.rs", "user/*.*", "system/*.read", "patient/*.cruds"])
def test_a_star_does_not_include_audit_events(text: str) -> None:
    assert not any(allows([text], "AuditEvent", letter) for letter in LETTERS)
    assert allows([text], "Claim", "r")
    assert not within(["system/AuditEvent.rs"], [text])


def test_a_scope_that_names_audit_events_reads_them() -> None:
    assert allows(["system/AuditEvent.rs"], "AuditEvent", "s")
    assert within(["system/AuditEvent.r"], ["system/*.cruds", "system/AuditEvent.rs"])


@pytest.mark.parametrize(
    ("scope", "letter", "allowed"),
    [
        ("system/Claim.c", "c", True),
        ("user/*.cruds", "c", True),
        ("system/*.write", "c", True),
        ("system/*.read", "c", False),
        ("system/*.read", "r", True),
        ("patient/*.cruds", "r", False),
        ("patient/Claim.*", "c", False),
        ("system/Claim.rs?status=active", "r", False),
    ],
)
def test_an_operation_needs_a_scope_of_a_user_or_system_without_conditions(
    scope: str, letter: str, allowed: bool
) -> None:
    assert allows_operation([scope], "Claim", letter) is allowed


def test_a_scope_with_fewer_conditions_covers_one_with_more() -> None:
    assert within(["user/Claim.r?status=active"], ["user/Claim.rs"])
    assert within(["user/Claim.r?status=active&use=claim"], ["user/Claim.rs?use=claim"])
    assert not within(["user/Claim.rs"], ["user/Claim.rs?status=active"])
    assert not within(["user/Claim.r?status=draft"], ["user/Claim.r?status=active"])


@pytest.mark.parametrize(
    ("asked", "allowed", "covered"),
    [
        ("system/Claim.read", "system/*.cruds", True),
        ("system/*.*", "system/*.cruds", True),
        ("system/*.cruds", "system/*.*", True),
        ("system/*.write", "system/*.read", False),
        ("system/Claim.rs", "system/Claim.read", True),
    ],
)
def test_scopes_of_both_versions_cover_each_other(asked: str, allowed: str, covered: bool) -> None:
    assert within([asked], [allowed]) is covered


def test_scopes_add_up() -> None:
    scopes = frozenset({"system/Claim.c", "system/ClaimResponse.rs", "openid"})
    assert allows(scopes, "Claim", "c")
    assert allows(scopes, "ClaimResponse", "s")
    assert not allows(scopes, "Claim", "r")
    assert not allows(frozenset(), "Claim", "c")


def test_a_patient_scope_reads_and_searches_and_never_writes() -> None:
    allowed = [letter for letter in LETTERS if allows(["patient/*.cruds"], "Claim", letter)]
    assert allowed == ["r", "s"]


@pytest.mark.parametrize(
    ("asked", "covered"),
    [
        (["system/Claim.c"], True),
        (["system/Claim.c", "system/ClaimResponse.rs"], True),
        (["system/*.cruds"], False),
        (["user/Claim.c"], False),
        (["system/Claim.cu"], False),
        (["system/Patient.r"], False),
        ([], True),
    ],
)
def test_scopes_are_within_others_when_each_is_covered_by_one(asked: list[str], covered: bool) -> None:
    assert within(asked, ["system/Claim.crs", "system/ClaimResponse.rs"]) is covered


def test_a_request_for_an_invalid_scope_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="A scope must be"):
        within(["system/Claim.dr"], ["system/*.cruds"])
