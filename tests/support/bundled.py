"""A billing claim in a Bundle with its parties."""

from __future__ import annotations

from tests.support.samples import Json, billing_claim, bundle, entry, parties


def bundled_claim() -> Json:
    """Build a Bundle of a billing claim and its parties."""
    claim = billing_claim(
        patient={"reference": "Patient/patient-1"},
        insurer={"reference": "Organization/payer-1"},
        provider={"reference": "Organization/clinic-1"},
        careTeam=[{"sequence": 1, "provider": {"reference": "PractitionerRole/role-1"}}],
    )
    claim["insurance"][0]["coverage"] = {"reference": "Coverage/coverage-1"}
    return bundle("none", [entry("Claim/bill-1", claim), *parties()])
