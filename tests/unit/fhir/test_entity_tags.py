"""The versions that If-Match names (RFC 9110, section 13.1.1)."""

from __future__ import annotations

import pytest

from app.fhir.entity_tags import read_entity_tags


@pytest.mark.parametrize(
    "header",
    [
        "*",
        " * ",
        'W/"3"',
        '"3"',
        '  W/"3"\t',
        'W/"1", W/"3"',
        '"3",W/"1"',
        ', "a,b" ,, W/"3" ,',
        '"\xff", "3"',
        "3",
        "W/3",
    ],
)
def test_any_tag_of_the_list_may_name_the_version(header: str) -> None:
    tags = read_entity_tags(header)
    assert tags is not None
    assert tags.include(3)


@pytest.mark.parametrize("header", ['W/"abc"', '""', '"03"', '"30", W/"13"', '"3,"', '"a,3"', f'"{"9" * 5000}"'])
def test_a_foreign_tag_is_well_formed_and_names_no_version(header: str) -> None:
    tags = read_entity_tags(header)
    assert tags is not None
    assert not tags.include(3)


@pytest.mark.parametrize(
    "header", ["", ",", "one", "W/", 'w/"3"', '"3', "'3'", '"3" "4"', '*, "3"', '"3"; q=1', "9" * 5000, '"a b"', "٣"]
)
def test_a_header_that_is_not_a_list_of_tags_is_rejected(header: str) -> None:
    assert read_entity_tags(header) is None
