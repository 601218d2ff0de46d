"""The block `billing: {matching: …}` of a policy: an invalid entry is refused with its line."""

from __future__ import annotations

import pytest

from app.domain.parts.matching_terms import Modes
from app.policy.billing.billing import Billing
from app.policy.yaml.model import read_model
from app.policy.yaml.text import YamlRefused, read_yaml

DATED = 'from: 2026-01-01, reference: "Manual 4"'


def read(text: str) -> Billing:
    return read_model(read_yaml(text, "policy.yaml"), Billing)


def tolerances(entry: str) -> str:
    return f"matching:\n  tolerances:\n    - {{{entry}}}\n"


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("accept: grace, after: 3, from: 2026-01-01", "`reference` is required"),
        ("accept: grace, after: 3, reference: Manual 4", "`from` is required"),
        (f"accept: grace, after: 3, until: 2025-12-31, {DATED}", "must have `until` on or after `from`"),
        (f"accept: grace, after: 32, {DATED}", "must be a number of days from 0 to 31"),
        (f"accept: grace, after: true, {DATED}", "must be a number of days from 0 to 31"),
        (f'accept: places, places: ["11"], {DATED}', "must have at least two codes"),
        (f"accept: places, places: [11, 12], {DATED}", "must be in quotes"),
        (
            f'accept: facilities, npis: ["1444444446", "1234567890"], {DATED}',
            "must be NPIs: `1234567890` is not ten digits",
        ),
        (f'accept: affiliated, tax-ids: ["12-3456789", "98"], {DATED}', "must have tax IDs of nine digits"),
        (f'accept: affiliated, tax-ids: ["12-3456789", "123456789"], {DATED}', "must have at least two codes"),
        (f"accept: everything, {DATED}", "`accept` must be one of places, grace"),
        (f'accept: codes, authorized: {{system: cpt, codes: ["97110"]}}, {DATED}', "billed` is required"),
        (f'accept: units, billed: "DA", authorized: "MOON", factor: 30, {DATED}', "must be a unit of X12 or UCUM"),
        (f'accept: units, billed: "DA", authorized: "d", factor: 1, {DATED}', "must be different units"),
        (f'accept: units, billed: "DA", authorized: "MO", factor: 0, {DATED}', "greater than 0"),
    ],
)
def test_an_invalid_tolerance_is_refused_with_its_line(entry: str, why: str) -> None:
    with pytest.raises(YamlRefused) as refused:
        read(tolerances(entry))
    assert [problem for problem in refused.value.problems if problem.startswith("policy.yaml:3:") and why in problem]


def test_an_entry_of_a_service_changes_only_the_keys_that_it_has() -> None:
    text = (
        "matching:\n  provider: group\n  services:\n    - {system: cpt, ranges: ['97110-97140'], diagnosis: strict}\n"
    )
    terms = read(text).terms.matching
    assert terms.services[0].modes == Modes(diagnosis="strict", provider="group")
    assert terms.modes == Modes(provider="group")


def test_without_terms_all_values_must_be_equal() -> None:
    terms = Billing().terms.matching
    assert (terms.modes, terms.services, terms.tolerances) == (Modes(), (), ())
