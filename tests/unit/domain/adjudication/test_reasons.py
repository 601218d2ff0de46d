"""The rows of reasons.yaml: a claim reaches each row, and an invalid row is refused."""

from __future__ import annotations

import re

import pytest

from app.domain.adjustment_key import AdjustmentKey
from app.policy.adjustment_reasons import parse_adjudication_reasons
from app.policy.loading import SHIPPED_POLICIES
from app.policy.yaml.text import YamlRefused
from tests.support.billing_samples import (
    REASONS,
    only,
)
from tests.unit.domain.adjudication.reached import REACHED

PREVIEWED = {AdjustmentKey.PREDETERMINED}
"""The reasons of previews, which no bill has."""


def test_every_row_is_reached_and_every_reason_has_a_row() -> None:
    assert set(REACHED) | PREVIEWED == set(AdjustmentKey)
    assert set(REASONS) == set(AdjustmentKey)


@pytest.mark.parametrize("key", REACHED)
def test_a_reason_is_reached_by_a_bill(key: AdjustmentKey) -> None:
    billed, known, given = REACHED[key]
    result = only(billed, known, **given)
    assert result.reason == REASONS[key]
    assert result.notes[0] == f"{REASONS[key].text} {REASONS[key].next_step}"


@pytest.mark.parametrize("key", AdjustmentKey)
def test_no_two_reasons_have_equal_texts(key: AdjustmentKey) -> None:
    assert [row.key for row in REASONS.values() if row.text == REASONS[key].text] == [key]


TEXT = (SHIPPED_POLICIES / "reasons.yaml").read_text(encoding="utf-8")
AFTER_PERIOD = "  after-period:\n    group: CO\n"


def refused(text: str) -> tuple[str, ...]:
    with pytest.raises(YamlRefused) as refusal:
        parse_adjudication_reasons(text, "reasons.yaml")
    return refusal.value.problems


def changed(row: str, key: str, value: str) -> str:
    """Return the shipped text with one value replaced; an empty value removes the key."""
    start = TEXT.index(f"\n  {row}:\n")
    found = re.compile(rf"^    {key}: .*\n", re.MULTILINE).search(TEXT, start)
    assert found is not None
    return TEXT[: found.start()] + (f"    {key}: {value}\n" if value else "") + TEXT[found.end() :]


def place(row: str, key: str = "") -> str:
    """Return the file and the line of a row of the shipped text, or of a key of the row."""
    lines = TEXT.splitlines()
    at = lines.index(f"  {row}:")
    if key:
        at = next(number for number in range(at, len(lines)) if lines[number].startswith(f"    {key}:"))
    return f"reasons.yaml:{at + 1}:"


@pytest.mark.parametrize(
    ("row", "key", "value", "why"),
    [
        ("after-period", "carc", '"15"', "must not be CARC 15, which is deactivated"),
        ("after-period", "carc", "302", "must be in quotes"),
        ("after-period", "carc", '"50"', "must not be CARC 50: a bill gets no clinical review, and an approval binds"),
        ("after-period", "carc", '"45"', "must not be CARC 45, which never takes the whole charge"),
        ("after-period", "carc", '"3020"', "must be a CARC: up to three digits"),
        ("after-period", "carc", '"18"', "must not be CARC 18 unless `group` is OA"),
        ("after-period", "carc", '"133"', "must not be CARC 133 unless `group` is OA"),
        ("after-period", "carc", '"85"', "must not be CARC 85 unless `group` is PR"),
        ("after-period", "remarks", '["N41"]', "must not have RARC N41, which is deactivated"),
        ("after-period", "remarks", '["M78"]', "must not have RARC M78, which is deactivated"),
        ("after-period", "remarks", '["N351", "N351"]', "must not list a RARC twice"),
        ("after-period", "remarks", '["X1"]', "must be RARCs: "),
        ("after-period", "remarks", "[351]", "must be in quotes"),
        ("number-omitted", "remarks", "[]", "must have a RARC that is not an alert, because CARC 16 needs one"),
        ("number-omitted", "remarks", '["N210"]', "must have a RARC that is not an alert, because CARC 16 needs one"),
        ("after-period", "group", "XX", "`group`"),
        ("after-period", "text", '" "', "`text`"),
        ("after-period", "action", "call", "must be 'resubmit', 'retro-request', 'appeal'"),
    ],
)
def test_an_invalid_code_is_refused_with_its_line(row: str, key: str, value: str, why: str) -> None:
    (problem,) = refused(changed(row, key, value))
    assert problem.startswith(place(row, key))
    assert why in problem


@pytest.mark.parametrize("key", ["group", "carc", "remarks", "text", "action", "next-step"])
def test_a_row_without_one_of_its_keys_is_refused(key: str) -> None:
    (problem,) = refused(changed("after-period", key, ""))
    assert problem == f"{place('after-period')} `{key}` is required."


def test_an_unknown_key_is_refused_with_its_line() -> None:
    (problem,) = refused(TEXT.replace(AFTER_PERIOD, AFTER_PERIOD.replace("    group", "    deadline: P30D\n    group")))
    known = "Known keys: group, carc, remarks, text, action, next-step."
    assert problem == f"{place('after-period', 'group')} `deadline` is an unknown key. {known}"


def test_a_missing_row_and_an_unknown_row_are_refused() -> None:
    missing, unknown = refused(TEXT.replace("  after-period:\n", "  much-after-period:\n"))
    line = TEXT.splitlines().index("adjudication:") + 1
    assert missing == f"reasons.yaml:{line}: the row `after-period` is required."
    assert unknown == f"{place('after-period')} `much-after-period` is an unknown adjudication reason."


def test_a_text_without_the_section_is_refused() -> None:
    assert refused("review: {}\n") == tuple(f"reasons.yaml:1: the row `{key}` is required." for key in AdjustmentKey)


def test_a_payers_own_text_gives_only_the_rows_that_it_changes() -> None:
    row = 'after-period: {group: CO, carc: "302", remarks: [], text: Too late., action: none, next-step: Call us.}'
    reasons = parse_adjudication_reasons(f"adjudication:\n  {row}\n", "reasons.yaml", REASONS)
    assert reasons["after-period"].text == "Too late."
    assert {key: value for key, value in reasons.items() if key != "after-period"} == {
        key: value for key, value in REASONS.items() if key != "after-period"
    }


def test_a_code_with_its_required_group_is_valid() -> None:
    text = changed("after-period", "carc", '"133"').replace(
        "  after-period:\n    group: CO", "  after-period:\n    group: OA"
    )
    assert parse_adjudication_reasons(text, "reasons.yaml")["after-period"].group == "OA"
