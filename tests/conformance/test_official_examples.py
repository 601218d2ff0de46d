"""The 86 published examples: nothing is wrong with them by the profiles they claim, in either pass."""

from __future__ import annotations

import pytest

from app.codes import PAS
from app.conformance.compiled.library import Library
from app.conformance.definitions.definitions import Definitions
from app.conformance.validator import Validator
from tests.conformance.engine import (
    EDITIONS,
    by_snapshots,
    declared,
    example,
    example_parameters,
    examples,
    validator,
)
from tests.support.official import needs_packages

pytestmark = pytest.mark.xdist_group("published")
"""All in one process, which reads the published snapshots once."""

COUNTS = {"2.2.1": 47, "2.0.1": 39}

OPEN = {
    "Bundle-ErrorResponseBundleExample",
    "Bundle-PASClaimInquiryResponseBundleExample",
    "Bundle-PASSubscriptionNotification",
    "Bundle-ReferralAuthorizationBundleExample",
    "Bundle-ReferralAuthorizationResponseBundleExample",
    "Bundle-ReferralPendingAuthorizationResponseBundleExample",
    "Bundle-RejectionResponseBundleExample",
    "Bundle-SurgicalRequestBundleExample",
    "ClaimResponse-PractitionerRequestorAdditionalContentResponseExample",
    "ClaimResponse-PractitionerRequestorResponseExample",
    "Parameters-PASClaimInquiryOperationResponseExample",
    "ServiceRequest-ReferralRequestExample",
}
"""Examples that refer to resources they do not carry, or count without a unit of X12: the diagnosis warns."""

WARNED = {"spec-13", "spec-20", "prof-2", "prof-3"}


@pytest.mark.parametrize(("edition", "name"), example_parameters())
def test_an_example_has_no_errors_by_the_shipped_profiles(edition: str, name: str) -> None:
    check(validator(edition), edition, name)


@pytest.mark.parametrize(("edition", "name"), example_parameters())
def test_an_example_has_no_errors_by_the_published_snapshots(edition: str, name: str) -> None:
    check(by_snapshots(edition), edition, name)


def check(engine: Validator, edition: str, name: str) -> None:
    resource = example(edition, name)
    profile = declared(resource, engine)
    issues = engine.validate(resource, profile)
    assert [issue for issue in issues if issue.severity == "error"] == []
    assert engine.is_valid_fast(resource, profile) or name in OPEN
    assert {(issue.diagnostics or "").split()[-1] for issue in issues} <= WARNED


@needs_packages
@pytest.mark.parametrize("edition", EDITIONS)
def test_all_examples_are_there(edition: str) -> None:
    assert len(examples(edition)) == COUNTS[edition]


@needs_packages
@pytest.mark.parametrize("edition", EDITIONS)
def test_each_invariant_of_a_published_profile_is_checked_or_left_out_for_a_reason(edition: str) -> None:
    assert by_snapshots(edition).unchecked == ()


@pytest.mark.parametrize("edition", EDITIONS)
def test_each_shipped_profile_compiles_and_each_invariant_in_it_is_known(edition: str) -> None:
    engine = validator(edition)
    assert engine.unchecked == ()
    assert engine.knows(PAS + "profile-pas-request-bundle")


def test_a_library_without_definitions_checks_by_r4_alone() -> None:
    assert Library(Definitions([])).compile() == ()
