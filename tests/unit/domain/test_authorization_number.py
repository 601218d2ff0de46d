from __future__ import annotations

import random

import pytest

from app.domain.authorization_number import ALPHABET, canonical, mint, well_formed

PUBLISHED = ["PA260000013", "PA260000021", "PA260000030", "PA26000004Y", "PA26000100Y", "PA26000200Q"]


def drawn(seed: int) -> str:
    source = random.Random(seed)
    return mint("PA", lambda count, alphabet: "".join(source.choices(alphabet, k=count)))


@pytest.mark.parametrize("number", PUBLISHED)
def test_the_check_character_agrees_with_known_numbers(number: str) -> None:
    assert well_formed(number)
    assert mint(number[:2], lambda _count, _alphabet: number[2:-1]) == number


def test_a_minted_number_is_prefix_eight_unambiguous_characters_and_a_check() -> None:
    for seed in range(200):
        number = drawn(seed)
        assert len(number) == 11
        assert number.startswith("PA")
        assert set(number[2:-1]) <= set(ALPHABET)
        assert well_formed(number)


def test_the_alphabet_has_no_confusable_characters() -> None:
    assert len(ALPHABET) == 32
    assert not set("IOLU") & set(ALPHABET)


def test_the_random_part_comes_from_the_given_source() -> None:
    asked: list[tuple[int, str]] = []

    def source(count: int, alphabet: str) -> str:
        asked.append((count, alphabet))
        return "26000001"

    assert mint("PA", source) == "PA260000013"
    assert asked == [(8, ALPHABET)]


@pytest.mark.parametrize("prefix", ["P", "PAYER", "pa", "P1", "", "ÄB"])
def test_a_prefix_that_is_not_two_to_four_letters_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="two to four letters"):
        mint(prefix, lambda _count, _alphabet: "26000001")


@pytest.mark.parametrize("prefix", ["AB", "ABC", "ABCD"])
def test_a_prefix_may_have_two_three_or_four_letters(prefix: str) -> None:
    number = mint(prefix, lambda _count, _alphabet: "26000001")
    assert well_formed(number)
    assert len(number) == len(prefix) + 9


def test_every_single_mistyped_character_is_caught() -> None:
    right = PUBLISHED[0]
    wrong = {
        right[:place] + letter + right[place + 1 :]
        for place in range(len(right))
        for letter in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    } - {right}
    assert len(wrong) == 35 * len(right)
    assert not any(map(well_formed, wrong))


@pytest.mark.scenario("S-09")
@pytest.mark.parametrize(
    "typed",
    [
        "pa-2600 00013",
        " PA.2600/0001\\3 ",
        "pa 2600\N{NO-BREAK SPACE}00013",
        "PA\N{EN DASH}26000001\N{NON-BREAKING HYPHEN}3",
        "PA2600\N{ZERO WIDTH SPACE}00013\t\n",
        "\N{FULLWIDTH LATIN CAPITAL LETTER P}A\N{FULLWIDTH DIGIT TWO}60000013",
        "PA\N{MINUS SIGN}260000013",
    ],
)
def test_the_spelling_does_not_change_a_number(typed: str) -> None:
    assert canonical(typed) == "PA260000013"


@pytest.mark.parametrize(
    "number",
    [
        "",
        "PA",
        "PA26000001",
        "PA2600000133",
        "PA2600000I3",
        "260000013PA",
        "pa260000013",
        "PA26000001\xb3",
    ],
)
def test_other_texts_are_not_well_formed_numbers(number: str) -> None:
    assert not well_formed(number)


def test_a_text_that_is_too_long_for_a_number_is_not_changed() -> None:
    typed = "a" + "\u0315\u0301\u0327" * 300_000
    assert canonical(typed) == typed
    assert not well_formed(typed)
