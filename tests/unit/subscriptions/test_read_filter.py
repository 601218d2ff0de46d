"""Filters name organizations: by which names, with how many values, and what meets them."""

from __future__ import annotations

import pytest

from app.subscriptions.read_filter import LONGEST_VALUE, MOST_VALUES, FilterRefused, meets, read_filter

NAMES = ("org-identifier", "orgIdentifier")


@pytest.mark.parametrize("name", NAMES)
def test_both_spellings_of_the_filter_have_several_values(name: str) -> None:
    assert read_filter(f"{name}=N123456,4543315", NAMES) == ("N123456", "4543315")


def test_a_tin_is_compared_without_its_hyphen() -> None:
    assert read_filter("org-identifier=12-3456789", NAMES) == ("123456789",)


@pytest.mark.parametrize(
    "text",
    [
        *("", "org-identifier", "=1", "patient=1", "Encounter.patient=Patient/123", "orgidentifier=1"),
        "org-identifier:in=1",
        *("org-identifier=", "org-identifier=1,", "org-identifier=a b", "org-identifier=\u00e9", "org-identifier=1\n"),
        "org-identifier=" + "1" * (LONGEST_VALUE + 1),
        "org-identifier=" + ",".join(map(str, range(MOST_VALUES + 1))),
    ],
)  # fmt: skip
def test_other_filters_are_refused_with_the_supported_form(text: str) -> None:
    with pytest.raises(FilterRefused, match=r"org-identifier=VALUE|1 to 200 identifiers"):
        read_filter(text, NAMES)


def test_an_event_meets_each_filter_by_one_of_its_values() -> None:
    filters = (("1", "2"), ("3",))
    assert meets(filters, {"2", "3"})
    assert not meets(filters, {"1", "2"})
    assert meets((), set())
