"""Family names are the same, however a file or a person writes them."""

from __future__ import annotations

import pytest

from app.domain.member.family_name import folded, same_name


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Muñoz", "munoz"),
        ("Mun\u0303oz", "munoz"),
        ("MUNOZ", "munoz"),
        ("O'Brien", "obrien"),
        ("O\u2019Brien", "obrien"),
        ("O Brien", "obrien"),
        ("Smith-Jones", "smithjones"),
        ("Smith\u2010Jones", "smithjones"),
        ("van  der Berg", "vanderberg"),
        ("St. John", "stjohn"),
        ("Straße", "strasse"),
        ("Łukasiewicz", "lukasiewicz"),
        ("Sørensen", "sorensen"),
        ("Sample Jr.", "sample"),
        ("Sample, Sr", "sample"),
        ("Sample III", "sample"),
        ("SAMPLE-IV", "sample"),
        ("Ii", "ii"),
        ("Junior", "junior"),
        ("王", "王"),
        ("", ""),
        ("-", ""),
    ],
)
def test_a_name_is_folded_to_its_letters(written: str, expected: str) -> None:
    assert folded(written) == expected


def test_any_current_name_may_be_the_same() -> None:
    assert same_name(["Baxter", "SHAW"], ["Shaw"])
    assert not same_name(["Baxter"], ["Shaw", "Sample"])
    assert not same_name([], ["Shaw"])
