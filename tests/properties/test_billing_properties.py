"""No bill is paid for a service that the review did not look at, and no service is paid twice."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import event, given
from hypothesis import strategies as st

from app.domain.adjudication.adjudicate import adjudicate
from app.domain.adjudication.repeats import Earlier
from app.domain.adjudication.service_key import bill_keys
from app.domain.authorization import AuthorizedItem
from app.domain.billing import BilledLine
from app.domain.datatypes import Coding, Period
from app.domain.decision import ReviewAction
from app.domain.matching.modifiers import SIGNIFICANT
from app.domain.requirement import Need, Requirement
from tests.support.billing_samples import A, B, authorization, claim, cpt, facts, item, line

CODES = ("97110", "97112", "97140", "72148")
FIRST_DAY = date(2026, 1, 1)

ALWAYS_COMPARED = SIGNIFICANT | {"26", "TC"}

codes = st.sampled_from(CODES)
modifiers = st.lists(st.sampled_from(["26", "GP", "RR", "TC"]), max_size=2, unique=True).map(tuple)
places = st.sampled_from([None, Coding("", "11"), Coding("", "22")])
providers = st.lists(st.sampled_from([A, B]), max_size=2, unique=True).map(tuple)
days = st.integers(0, 40).map(lambda days: FIRST_DAY + timedelta(days))
periods = st.tuples(days, days).map(lambda ends: Period(min(ends), max(ends)))
units = st.integers(1, 6).map(Decimal)

lines = st.builds(
    lambda code, quantity, **fields: line(code, str(quantity), **fields),
    codes,
    units,
    modifiers=modifiers,
    place=places,
    providers=providers,
    serviced=periods,
)
items = st.builds(
    lambda code, end, quantity, period, action, **fields: item(
        code,
        str(quantity),
        service_end=cpt(end) if end is not None and end > code else None,
        granted={"period": period},
        action=action,
        **fields,
    ),
    codes,
    st.none() | codes,
    units,
    periods,
    st.sampled_from(ReviewAction),
    modifiers=modifiers,
    place=places,
    providers=providers,
)


@st.composite
def near(draw: st.DrawFn) -> tuple[AuthorizedItem, list[BilledLine]]:
    """Draw an item, and lines that differ from it in at most two attributes."""
    known = draw(items)
    period = known.decision.granted.period if known.decision.granted is not None else Period(FIRST_DAY, FIRST_DAY)
    same = {
        "services": known.requested.services,
        "modifiers": known.requested.modifiers,
        "place": known.requested.place,
        "providers": known.requested.providers,
        "serviced": period,
    }
    billed = []
    for sequence, other in enumerate(draw(st.lists(lines, min_size=1, max_size=4)), start=1):
        changed = draw(st.sets(st.sampled_from(sorted(same)), max_size=2))
        fields = same | {name: getattr(other, name) for name in changed}
        billed.append(line(sequence=sequence, units=str(other.quantity), **fields))
    return known, billed


@given(near(), st.sampled_from(Need))
def test_a_line_draws_only_on_a_reviewed_service(drawn: tuple[AuthorizedItem, list[BilledLine]], need: Need) -> None:
    known, billed = drawn
    answer = adjudicate(claim(*billed), facts(authorization(known), requirement=lambda _: Requirement(need)))
    draws = [(one, draw) for one, result in zip(billed, answer.lines, strict=True) for draw in result.draws]
    event(f"{len(draws)} draws")
    granted = known.decision.granted
    if granted is None or granted.quantity is None:
        assert draws == []
        return
    assert sum((draw.units for _, draw in draws), Decimal(0)) <= granted.quantity
    for one, _ in draws:
        [asked], [service] = known.requested.services, one.services
        assert asked.code <= service.code <= (known.requested.service_end or asked).code
        assert set(days_of(one.serviced)) <= set(days_of(granted.period))
        assert known.requested.place is None or one.place == known.requested.place
        assert set(one.providers[:1] or (A,)) <= set(known.requested.providers or (A,))
        assert ALWAYS_COMPARED.intersection(one.modifiers) == ALWAYS_COMPARED.intersection(known.requested.modifiers)


@given(st.lists(st.lists(lines, min_size=1, max_size=4), max_size=6))
def test_each_service_is_paid_once_on_any_claims(bills: list[list[BilledLine]]) -> None:
    paid_before: dict[str, Earlier] = {}
    paid: Counter[str] = Counter()
    keys: set[str] = set()
    for billed in bills:
        sent = claim(*(line_of(one, sequence) for sequence, one in enumerate(billed, start=1)), number=None)
        services = bill_keys(sent, "biller", "patient-1").services
        known = facts(
            services=services, paid_before=paid_before, requirement=lambda _: Requirement(Need.NOT_REQUIRED), on_file=()
        )
        for result in adjudicate(sent, known).lines:
            keys.add(services[result.number])
            if result.paid:
                paid[services[result.number]] += 1
                paid_before[services[result.number]] = Earlier("earlier", own=True)
    assert paid == Counter(dict.fromkeys(keys, 1))


def days_of(period: Period | None) -> list[date]:
    assert period is not None
    assert period.start is not None
    assert period.end is not None
    return [period.start + timedelta(day) for day in range((period.end - period.start).days + 1)]


def line_of(billed: BilledLine, sequence: int) -> BilledLine:
    """Give a line its number."""
    return line(
        sequence=sequence,
        services=billed.services,
        units=str(billed.quantity),
        modifiers=billed.modifiers,
        place=billed.place,
        providers=billed.providers,
        serviced=billed.serviced,
    )
