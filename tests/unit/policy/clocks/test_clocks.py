from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.domain.covered import CoverageTerms, Covered
from app.domain.parts.decision_clock import DecisionClock
from app.policy.clocks.clocks import Program, parse_clocks
from app.policy.due import clock_of
from app.policy.policy import Policy
from app.policy.policy_text import parse_policy
from app.policy.yaml.text import YamlRefused
from tests.policies.builders import DAY, TABLES, policy_of, policy_text, request_of, reviewed, rule

CLOCKS = TABLES.clocks
RECEIVED = datetime(2026, 3, 6, 22, 30, tzinfo=UTC)
PEND = "{action: pend, reason: level-of-care}"


def policy_beside(clocks: str, programs: str = "", then: str = PEND) -> Policy:
    """Return a policy whose only item is pended, with a clocks.yaml beside it."""
    tables = replace(TABLES, clocks=parse_clocks(clocks, "clocks.yaml", CLOCKS)) if clocks else TABLES
    return parse_policy(policy_text(rule(then), more=programs), "test.yaml", tables)


def due(urgency: str | None, received: datetime, policy: Policy | None = None, *plans: str) -> datetime:
    """Return the due time of a pended item of a member with these plans."""
    policy = policy or policy_beside("")
    decisions = reviewed(request_of(), policy, DAY)
    running = clock_of(decisions, policy, urgency, received, Covered(coverages=(CoverageTerms(plans=plans),)))
    assert running is not None
    return running.due


@pytest.mark.parametrize("urgency", [None, "E", "normal", "deferred"])
def test_a_standard_request_is_due_seven_calendar_days_after_its_receipt(urgency: str | None) -> None:
    assert due(urgency, RECEIVED) == datetime(2026, 3, 13, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize("urgency", ["U", "03", "stat"])
def test_an_expedited_request_is_due_after_seventy_two_hours_also_over_a_weekend(urgency: str) -> None:
    assert due(urgency, RECEIVED) == datetime(2026, 3, 9, 22, 30, tzinfo=UTC)


def test_daylight_saving_time_does_not_move_a_due_time() -> None:
    received = datetime(2026, 3, 6, 12, 0, tzinfo=ZoneInfo("America/New_York"))
    assert due("U", received) - received.astimezone(UTC) == timedelta(hours=72)


def test_every_clock_names_its_source() -> None:
    rows = [CLOCKS.general, *map(CLOCKS.of_program, Program)]
    limits = [limit for row in rows for limit in (row.standard, row.expedited, row.extension)]
    assert len(limits) == 3 * (len(Program) + 1)
    assert all(limit is not None and "CFR" in limit.source for limit in limits)


def test_a_clock_that_cannot_be_read_is_refused_with_its_line() -> None:
    text = (
        'standard: {within: a week, source: "42 CFR"}\nexpedited:\n  within: PT0H\n  source: X\n'
        "extension: {up-to: P15D, source: X}\ndue-soon: soon\nprograms: {medicare: {}}\nstates: {Texas: {}}\n"
    )
    programs = ", ".join(f"'{program}'" for program in Program if program is not Program.COMMERCIAL)
    with pytest.raises(YamlRefused) as refused:
        parse_clocks(text, "clocks.yaml")
    assert refused.value.problems == (
        "clocks.yaml:1: `within` must be a time such as PT72H, P7D or 2 business days.",
        "clocks.yaml:3: `within` must be a time such as PT72H, P7D or 2 business days.",
        "clocks.yaml:5: `up-to` must not be longer than P14D.",
        "clocks.yaml:6: `due-soon` must be a time such as PT72H or P7D.",
        f"clocks.yaml:7: `medicare` must be {programs} or 'commercial'.",
        "clocks.yaml:8: `Texas` must be the two letters of a state, such as WA.",
    )


@pytest.mark.parametrize(
    ("within", "urgency", "hours"), [("PT24H", None, 24), ("P10D", None, 168), ("P5D", "U", 72), ("PT24H", "U", 24)]
)
def test_a_rule_may_shorten_the_clock_and_never_lengthen_it(within: str, urgency: str | None, hours: int) -> None:
    policy = policy_of(rule(f"{{action: pend, reason: level-of-care, within: {within}}}"))
    assert due(urgency, RECEIVED, policy) == RECEIVED + timedelta(hours=hours)


def test_a_decided_item_is_not_due() -> None:
    policy = policy_of(rule("{action: pend, reason: level-of-care}", "[{test: quantity-over, limit: 99}]"))
    assert clock_of(reviewed(request_of(), policy, DAY), policy, None, RECEIVED, Covered()) is None


def test_a_pended_item_without_a_time_of_its_own_keeps_the_clock() -> None:
    policy = policy_of(rule(PEND))
    early = clock_of(reviewed(request_of(), policy, date(2025, 1, 1)), policy, None, RECEIVED, Covered())
    assert early is not None
    assert early.due == due(None, RECEIVED, policy) == RECEIVED + timedelta(days=7)
    assert early.clock == DecisionClock(RECEIVED, CLOCKS.standard.source, timedelta(hours=24), timedelta(days=14))


def test_the_source_of_a_shorter_limit_is_the_rule() -> None:
    policy = policy_of(rule("{action: pend, reason: level-of-care, within: PT24H}"))
    running = clock_of(reviewed(request_of(), policy, DAY), policy, None, RECEIVED, Covered())
    assert running is not None
    assert running.clock is not None
    assert running.clock.source == "R"


PROGRAMS = """programs:
  - {program: qhp, plans: ["EXCHANGE"]}
  - {program: commercial, plans: ["GROUP"], state: WA}
  - {program: medicare-advantage}
"""
WASHINGTON = """states:
  WA:
    standard: {within: P5D, source: RCW 48.43.830}
    expedited: {within: 1 business day, source: RCW 48.43.830}
"""


@pytest.mark.parametrize(
    ("plans", "days"),
    [(("EXCHANGE",), 15), (("GROUP",), 5), (("OTHER",), 7), (("GROUP", "EXCHANGE"), 5), ((), 5)],
    ids=["program", "state", "others", "two", "unknown"],
)
def test_the_shortest_limit_of_the_members_programs_and_states_counts(plans: tuple[str, ...], days: int) -> None:
    """A member without a plan on record has the shortest limit of all programs."""
    policy = policy_beside(WASHINGTON, PROGRAMS)
    assert due(None, RECEIVED, policy, *plans) == RECEIVED + timedelta(days=days)


PLANS = st.lists(st.sampled_from(["EXCHANGE", "GROUP", "OTHER"]), max_size=3, unique=True)


@given(plans=PLANS, urgency=st.sampled_from([None, "E", "U", "03", "stat"]), days=st.integers(0, 800))
def test_a_fact_that_is_missing_never_gives_more_time(plans: list[str], urgency: str | None, days: int) -> None:
    policy, received = policy_beside(WASHINGTON, PROGRAMS), RECEIVED + timedelta(days=days)
    assert due(urgency, received, policy) <= due(urgency, received, policy, *plans)
    assert due("U", received, policy, *plans) <= due(None, received, policy, *plans)


def test_a_plan_of_no_program_has_the_shortest_limit_of_all() -> None:
    policy = policy_beside("", 'programs: [{program: qhp, plans: ["A"]}, {program: chip, plans: ["B"]}]')
    assert due(None, RECEIVED, policy, "C") == RECEIVED + timedelta(days=7)


@pytest.mark.parametrize(
    ("received", "within", "expected"),
    [
        ("2026-03-06T22:30:00Z", "1 business day", "2026-03-09T21:30:00Z"),
        ("2026-03-07T15:00:00Z", "2 business days", "2026-03-10T14:00:00Z"),
        ("2026-07-02T14:00:00Z", "1 business day", "2026-07-06T14:00:00Z"),
        ("2026-03-11T03:00:00Z", "1 business day", "2026-03-12T03:00:00Z"),
        ("2026-12-31T15:00:00Z", "1 business day", "2027-01-04T15:00:00Z"),
    ],
    ids=["weekend", "saturday", "holiday", "evening", "new year"],
)
def test_business_days_follow_the_calendar_of_the_payer(received: str, within: str, expected: str) -> None:
    """The payer is in New York, where the clocks change on 2026-03-08."""
    text = f"standard: {{within: {within}, source: State law}}\nexpedited: {{within: PT1H, source: State law}}\n"
    assert due(None, datetime.fromisoformat(received), policy_beside(text)) == datetime.fromisoformat(expected)


def test_an_empty_limit_of_a_program_leaves_the_general_one() -> None:
    empty = "programs: {commercial: {standard: null, expedited: null, extension: null}}"
    own = parse_clocks(empty, "clocks.yaml", CLOCKS)
    assert own.of_program(Program.COMMERCIAL) == own.general


def test_own_holidays_replace_the_shipped_ones() -> None:
    text = (
        "standard: {within: 1 business day, source: X}\nexpedited: {within: PT1H, source: X}\nholidays: [2026-03-09]\n"
    )
    assert due(None, RECEIVED, policy_beside(text)) == datetime(2026, 3, 10, 21, 30, tzinfo=UTC)


HOURS = "{within: PT9H, source: X}"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("programs:\n  qhp:\n    expedited: {within: P16D, source: X}\n", 3),
        (f"states:\n  WA:\n    standard: {HOURS}\n    expedited: {{within: 1 business day, source: X}}\n", 4),
        ("programs:\n  chip:\n    standard: {within: PT24H, source: X}\n", 2),
    ],
    ids=["program", "state", "shipped"],
)
def test_an_expedited_limit_that_exceeds_the_standard_one_is_refused(text: str, line: int) -> None:
    with pytest.raises(YamlRefused) as refused:
        parse_clocks(text, "clocks.yaml", CLOCKS)
    assert refused.value.problems == (f"clocks.yaml:{line}: `expedited` must not be longer than `standard`.",)


@pytest.mark.parametrize(
    ("programs", "fault"),
    [
        ("programs: [{program: qhp}, {program: chip}]", "`programs` must have only one row without `plans`."),
        (
            'programs: [{program: qhp, plans: ["A"]}, {program: chip, plans: ["A"]}]',
            "`programs` must name each plan once.",
        ),
        ("programs: [{program: medicare}]", "`program` must be 'medicare-advantage', 'medicaid-managed-care', "),
        ("programs: [{program: qhp, state: Texas}]", "`state` must be the two letters of a state, such as WA."),
        ("programs: [{program: qhp, plans: []}]", "`plans` must not be empty."),
    ],
)
def test_a_wrong_program_of_a_policy_is_refused_with_its_line(programs: str, fault: str) -> None:
    with pytest.raises(YamlRefused) as refused:
        policy_beside("", programs)
    [problem] = refused.value.problems
    assert problem.startswith(f"test.yaml:4: {fault}")
