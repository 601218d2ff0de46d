"""The stored ClaimResponse gets a version for each change of the units, and for no other change."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from app.access.reach import OWNER
from app.domain.billing import Draw
from app.domain.ledger import post
from app.records import resources
from app.records.resources import version_of
from app.records.views.responses import drawn_version, written_response
from tests.support.billing_samples import authorization, entry

BEFORE = authorization()
AFTER = post(BEFORE, [entry(Draw(BEFORE.id, "PA260000013", "1", "2", Decimal(4), None))])
STORED = resources.row(written_response(BEFORE), access=((OWNER, "org-a"),), now=BEFORE.created)


def test_a_draw_writes_the_next_version_with_the_former_one_as_history() -> None:
    version = drawn_version(BEFORE, AFTER, STORED)
    assert version is not None
    assert version_of(version.document) == 2
    assert version.past is not None
    assert version.past.body == STORED.body


def test_a_change_without_units_writes_no_version() -> None:
    assert drawn_version(BEFORE, replace(BEFORE, peer_to_peer="task"), None) is None


def test_a_draw_without_the_stored_response_is_refused() -> None:
    with pytest.raises(ValueError, match="must give its ClaimResponse"):
        drawn_version(BEFORE, AFTER, None)
