"""The block `reminders` of a policy."""

from __future__ import annotations

import pytest

from app.domain.parts.reminder_terms import ReminderTerms
from app.policy.yaml.text import YamlRefused
from tests.policies.builders import policy_of


def test_a_policy_reminds_by_default_thirty_days_before_the_end_and_at_a_fifth_of_the_units() -> None:
    assert policy_of().version.reminders == ReminderTerms(30, 20)


def test_a_policy_sets_its_own_reminders_and_the_record_keeps_them() -> None:
    assert policy_of(more="reminders: {expiring: P14D, units-low: 10}").version.reminders == ReminderTerms(14, 10)


@pytest.mark.parametrize(
    ("block", "fault"),
    [
        ("{expiring: PT12H}", "`expiring` must be a number of days from P1D to P365D."),
        ("{expiring: P366D}", "`expiring` must be a number of days from P1D to P365D."),
        ("{expiring: soon}", "`expiring` must be a time such as PT72H or P7D."),
        ("{units-low: 0}", "`units-low` must be greater than or equal to 1."),
        ("{units-low: 100}", "`units-low` must be less than or equal to 99."),
        ("{until: P1D}", "`until` is an unknown key. Known keys: expiring, units-low."),
    ],
)
def test_a_wrong_reminder_is_refused_with_its_line(block: str, fault: str) -> None:
    with pytest.raises(YamlRefused) as refused:
        policy_of(more=f"reminders: {block}")
    assert refused.value.problems == (f"test.yaml:4: {fault}",)
