"""The scopes that a backend client asks for."""

from __future__ import annotations

import pytest

from app.access.smart.oauth_error import OAuthError, OAuthFault
from app.access.smart.scope_request import MOST_SCOPES, system_scopes

ALLOWED = ("system/Claim.crs", "system/ClaimResponse.rs", "user/*.cruds")


def test_scopes_within_the_registered_ones_are_granted_as_requested() -> None:
    requested = "system/Claim.c system/ClaimResponse.rs system/Claim.c"
    assert system_scopes(requested, ALLOWED) == ("system/Claim.c", "system/ClaimResponse.rs")


@pytest.mark.parametrize(
    "requested",
    [
        *(None, "", " ", "system/Claim.c  system/Claim.r", "system/Claim.c\tsystem/Claim.r"),
        *("system/Claim.cruds", "system/*.c", "system/Patient.r", "system/Claim.c system/Patient.r"),
        *("system/Claim.sc", "system/Claim.", "system/Claim", "Claim.c", "system/Claim.x", "é"),
        *("user/Claim.c", "patient/Claim.r", "openid", "launch", "offline_access"),
        " ".join(f"system/Claim{'x' * number}.r" for number in range(MOST_SCOPES + 1)),
    ],
)
def test_missing_wider_and_malformed_scopes_are_refused(requested: str | None) -> None:
    with pytest.raises(OAuthError) as refused:
        system_scopes(requested, ALLOWED)
    assert refused.value.fault is OAuthFault.INVALID_SCOPE
