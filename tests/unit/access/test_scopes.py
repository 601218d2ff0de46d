"""SMART version 2 scopes: the access they allow, and invalid scopes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.scopes import Context, Scope, allows, parse, within

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
        "system/Claim.read",
        "system/Claim.write",
        "system/*.*",
        "system/claim.r",
        "system/Claim.r?status=active",
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
def test_an_invalid_version_2_scope_is_refused_and_allows_nothing(text: str) -> None:
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
        within(["system/Claim.read"], ["system/*.cruds"])
