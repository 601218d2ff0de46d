"""Modes of comparing a service: its diagnosis, its provider, its side of the body."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from app.codes import ICD_10_CM
from app.domain.adjustment_key import AdjustmentKey
from app.domain.datatypes import Coding
from app.domain.matching.attribute import Sides
from app.domain.matching.diagnosis import Diagnosis
from app.domain.matching.mismatch import Mismatch
from app.domain.matching.modifiers import Modifiers
from app.domain.matching.rendering_provider import RenderingProvider
from app.domain.parts.matching_terms import MatchingTerms, Modes, ServiceModes
from app.domain.request import Party
from tests.support.billing_samples import A, B, authorization, claim, cpt, item, line
from tests.support.matching import exactly

OTHER_TIN = claim(provider=Party(npi=A, tax_id="98-7654321"))
ROOT, BACK, DISC = (Coding(ICD_10_CM, code) for code in ("M54.16", "M54.50", "M51.26"))


def diagnosed(mode: str, *billed: Coding, requested: tuple[Coding, ...] = (ROOT,)) -> Mismatch | None:
    compared = MatchingTerms(Modes(diagnosis=mode))  # type: ignore[arg-type]
    sides = Sides(line(diagnoses=billed), claim(), item(diagnoses=requested), authorization(), compared)
    return exactly(Diagnosis(), sides)


@pytest.mark.parametrize(
    ("mode", "billed"),
    [
        ("strict", (ROOT,)),
        ("strict", (DISC, Coding(ICD_10_CM, "m5416"))),
        ("category", (BACK,)),
        ("any", (DISC,)),
        ("ignore", (DISC,)),
        ("ignore", ()),
    ],
)
def test_a_diagnosis_matches_by_the_mode_of_its_service(mode: str, billed: tuple[Coding, ...]) -> None:
    assert diagnosed(mode, *billed) is None


@pytest.mark.parametrize(
    ("mode", "billed", "key"),
    [
        ("strict", (BACK,), AdjustmentKey.DIAGNOSIS_DIFFERS),
        ("category", (DISC,), AdjustmentKey.DIAGNOSIS_DIFFERS),
        ("strict", (), AdjustmentKey.DIAGNOSIS_MISSING),
        ("category", (), AdjustmentKey.DIAGNOSIS_MISSING),
        ("any", (), AdjustmentKey.DIAGNOSIS_MISSING),
    ],
)
def test_another_diagnosis_is_a_mismatch(mode: str, billed: tuple[Coding, ...], key: AdjustmentKey) -> None:
    found = diagnosed(mode, *billed)
    assert found is not None
    assert (found.attribute, found.reason_key) == ("diagnosis", key)


def test_an_authorization_without_diagnoses_covers_any() -> None:
    assert diagnosed("strict", BACK, requested=()) is None


@pytest.mark.parametrize(
    ("mode", "changes", "matches"),
    [
        ("exact", {}, False),
        ("group", {}, True),
        ("group", {"claim": OTHER_TIN}, False),
        ("group", {"claim": claim(provider=Party(npi=A))}, False),
        ("taxonomy", {}, False),
        ("taxonomy", {"line": line(providers=(B,), specialties=("225100000X",))}, True),
        ("taxonomy", {"line": line(providers=(B,), specialties=("207L00000X",))}, False),
    ],
)
def test_another_provider_matches_by_practice_or_specialty_in_that_mode(
    mode: str, changes: dict[str, Any], matches: bool
) -> None:
    compared = MatchingTerms(Modes(provider=mode))  # type: ignore[arg-type]
    plain = Sides(line(providers=(B,)), claim(), item(specialties=("225100000X",)), authorization(), compared)
    assert (exactly(RenderingProvider(), replace(plain, **changes)) is None) == matches


@pytest.mark.parametrize(("laterality", "matches"), [(True, False), (False, True)])
def test_the_side_of_the_body_counts_in_its_mode(laterality: bool, matches: bool) -> None:
    sided = Sides(
        line(modifiers=("LT",)),
        claim(),
        item(modifiers=("RT",)),
        authorization(),
        MatchingTerms(Modes(laterality=laterality)),
    )
    assert (exactly(Modifiers(), sided) is None) == matches


def test_the_first_entry_for_the_authorized_service_counts() -> None:
    strict, any_, other = Modes("strict"), Modes("any"), Modes("category")
    entries = (
        ServiceModes(((cpt("72141"), cpt("72158")),), strict),
        ServiceModes(((cpt("72148"), None),), any_),
    )
    compared = MatchingTerms(other, entries)
    assert compared.modes_of([cpt("72148")]) is strict
    assert compared.modes_of([cpt("97110")]) is other
    assert compared.compares_diagnoses
    assert not MatchingTerms().compares_diagnoses
