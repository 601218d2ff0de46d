"""The scopes that a client can be registered for."""

from __future__ import annotations

from collections.abc import Collection

from app.access.scopes import parse
from app.access.smart.consent_scopes import CONTEXT_SCOPES
from app.search.granular import check_scopes


def check_registered_scopes(scopes: Collection[str]) -> None:
    """Raise ValueError, as the end of a sentence, if the server cannot grant or enforce one of the scopes."""
    of_resources = [scope for scope in scopes if scope not in CONTEXT_SCOPES]
    try:
        for scope in of_resources:
            parse(scope)
        check_scopes(of_resources)
    except ValueError as refused:
        raise ValueError(f"must have scopes that the server can enforce: {refused}") from None
