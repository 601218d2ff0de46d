"""The scopes that a token claims and its client may have."""

from __future__ import annotations

import pytest

from app.access.scope_intersection import common_scopes


@pytest.mark.parametrize(
    ("claimed", "allowed", "common"),
    [
        ("system/Claim.crs", "system/*.cruds", "system/Claim.crs"),
        ("system/*.cruds", "system/Claim.rs", "system/Claim.rs"),
        ("system/*.rs", "system/*.cruds", "system/*.rs"),
        ("system/Claim.crs", "system/Claim.rud", "system/Claim.r"),
        ("system/Claim.read", "system/*.rs", "system/Claim.rs"),
        ("system/Claim.c", "system/Claim.r", ""),
        ("system/Claim.r", "system/Task.r", ""),
        ("user/Claim.r", "system/*.cruds", ""),
        ("system/AuditEvent.r", "system/*.cruds", ""),
        ("system/*.cruds", "system/AuditEvent.r", ""),
        ("patient/Claim.rs?status=active", "patient/*.cruds", "patient/Claim.rs?status=active"),
        ("patient/*.rs", "patient/Claim.rs?status=active", "patient/Claim.rs?status=active"),
        ("patient/Claim.rs?status=a", "patient/Claim.r?use=claim", "patient/Claim.r?status=a&use=claim"),
        ("openid profile Provider", "system/*.cruds", ""),
        ("system/*.rs", "openid", ""),
        ("system/Claim.r system/Task.r", "system/*.r", "system/Claim.r system/Task.r"),
    ],
)
def test_the_common_scopes_allow_no_more_than_either_side(claimed: str, allowed: str, common: str) -> None:
    assert common_scopes(claimed.split(), allowed.split()) == set(common.split())
