"""A sealed page token is opened by the caller and for the query that it was sealed for, within an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.access.page_seal import VALID_FOR, InvalidPageToken, opened, sealed

KEY = b"k" * 32
NOW = datetime(2026, 1, 1, tzinfo=UTC)
BOUND = ("Claim", "ehr-a", "status", "active")
TOKEN = sealed(KEY, "W10", BOUND, NOW)


def test_a_token_is_opened_until_it_expires() -> None:
    assert opened(KEY, TOKEN, BOUND, NOW) == "W10"
    assert opened(KEY, TOKEN, BOUND, NOW + VALID_FOR) == "W10"
    with pytest.raises(InvalidPageToken):
        opened(KEY, TOKEN, BOUND, NOW + VALID_FOR + timedelta(seconds=1))


@pytest.mark.parametrize(
    "bound",
    [
        ("Claim", "ehr-b", "status", "active"),
        ("Claim", "ehr-a", "status", "draft"),
        ("Claim", "ehr-a"),
        ("Claim", "ehr-a", "statusactive"),
        ("Claim", "ehr-a", "status", "active", ""),
        ("Claimehr-a", "status", "active"),
    ],
)
def test_a_token_of_another_caller_or_query_is_invalid(bound: tuple[str, ...]) -> None:
    with pytest.raises(InvalidPageToken):
        opened(KEY, TOKEN, bound, NOW)


def test_a_token_of_another_key_is_invalid() -> None:
    with pytest.raises(InvalidPageToken):
        opened(b"x" * 32, TOKEN, BOUND, NOW)


@given(place=st.integers(0, len(TOKEN) - 1), character=st.characters())
def test_a_changed_character_makes_a_token_invalid(place: int, character: str) -> None:
    changed = TOKEN[:place] + character + TOKEN[place + 1 :]
    assume(changed != TOKEN)
    with pytest.raises(InvalidPageToken):
        opened(KEY, changed, BOUND, NOW)


@given(st.text())
def test_no_other_text_is_a_token(text: str) -> None:
    with pytest.raises(InvalidPageToken):
        opened(KEY, text, BOUND, NOW)
