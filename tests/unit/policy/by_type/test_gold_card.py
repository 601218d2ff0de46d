"""A gold card frees listed services of listed providers, on its days, for requests and for bills."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.codes import CPT
from app.domain.datatypes import Coding, Period
from app.policy.conditions.gold_card import GoldCardHeld
from app.policy.policy import Policy
from app.policy.yaml.text import YamlRefused
from tests.policies.builders import asked, billed, item_of, policy_of, policy_text, rule

FREE = "{action: certify, for: P60D}"
HELD = "[{test: gold-card}]"
FIRST, SECOND = "1987654328", "1444444446"


def terms(
    npis: str = f'["{FIRST}", "{SECOND}"]', codes: str = 'codes: ["97110"]', days: str = "until: 2026-06-30"
) -> str:
    return f"types: {{gold-card: [{{name: Card, npis: {npis}, system: cpt, {codes}, from: 2026-01-01, {days}}}]}}"


def condition_of(policy: Policy) -> GoldCardHeld:
    [condition] = policy.rules[0].when
    assert isinstance(condition, GoldCardHeld)
    return condition


@pytest.mark.parametrize(
    ("providers", "code", "day", "holds"),
    [
        ((FIRST,), "97110", date(2026, 6, 30), True),
        ((FIRST, SECOND), "97110", date(2026, 1, 1), True),
        ((FIRST,), "97110", date(2026, 7, 1), False),
        ((FIRST,), "97110", date(2025, 12, 31), False),
        ((FIRST,), "97112", date(2026, 3, 1), False),
        ((FIRST, "1777777776"), "97110", date(2026, 3, 1), False),
        ((), "97110", date(2026, 3, 1), None),
        ((), "97112", date(2026, 3, 1), False),
    ],
)
def test_a_card_covers_its_services_by_all_who_perform_them(
    providers: tuple[str, ...], code: str, day: date, holds: bool | None
) -> None:
    test = condition_of(policy_of(rule(FREE, HELD), more=terms()))
    given: dict[str, Any] = {"providers": providers, "services": (Coding(CPT, code),), "serviced": Period(day, day)}
    assert test.holds(asked(item_of(**given))) is holds
    assert test.holds(billed(**given)) is holds


def test_a_card_for_a_part_of_a_range_is_not_known() -> None:
    test = condition_of(policy_of(rule(FREE, HELD), more=terms()))
    item = item_of(providers=(FIRST,), service_end=Coding(CPT, "97112"), serviced=Period(date(2026, 3, 1)))
    assert test.holds(asked(item)) is None


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        (terms(npis='["1987654329"]'), "`npis` must be NPIs: `1987654329` is not ten digits with their check digit."),
        (terms(days="until: 2025-12-31"), "must have `until` on or after `from`."),
        (terms(codes='ranges: ["9-97110"]'), "`ranges` must"),
        (terms(codes="codes: []"), "`codes` must not be empty."),
        (terms(days="expires: 2026-12-31"), "`expires` is an unknown key. Known keys:"),
    ],
)
def test_a_card_that_cannot_be_read_is_refused_with_its_line(block: str, problem: str) -> None:
    with pytest.raises(YamlRefused) as refused:
        policy_of(rule(FREE, HELD), more=block)
    line = policy_text(more=block).splitlines().index(block) + 1
    assert problem in str(refused.value)
    assert str(refused.value).startswith(f"test.yaml:{line}: ")


def test_a_rule_about_gold_cards_needs_a_card() -> None:
    with pytest.raises(YamlRefused) as refused:
        policy_of(rule(FREE, HELD))
    assert str(refused.value) == "test.yaml:6: `test` gold-card needs a card in `types: gold-card`."
