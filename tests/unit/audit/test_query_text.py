"""The query of an AuditEvent is the query as sent, without secrets."""

from __future__ import annotations

import pytest

from app.audit.query_text import LONGEST, SECRETS, query_text


def test_a_query_stays_unchanged() -> None:
    assert query_text("Claim", "status=active&x=%zz&&y") == "Claim?status=active&x=%zz&&y"


def test_a_search_without_parameters_is_its_path() -> None:
    assert query_text("Claim", "") == "Claim"


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_a_secret_sent_by_mistake_is_masked(name: str) -> None:
    text = query_text("Claim", f"status=active&{name.upper()}=s3cret")
    assert "s3cret" not in text
    assert text.startswith("Claim?status=active&")


def test_a_long_query_is_cut() -> None:
    assert len(query_text("Claim", "x=" + "y" * 2 * LONGEST)) == LONGEST
