"""Whatever is billed, in whatever order: never more than was granted, nothing lost, and every line adds up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.domain.adjudication.adjudicate import adjudicate
from app.domain.authorization import Authorization
from app.domain.authorization_number import canonical, mint, well_formed
from app.domain.billing import Adjudication, BilledLine
from app.domain.ledger import EXACT, LedgerEntry, available, check_balance, consumed, post, release_of
from app.domain.parts.billing_terms import BillingTerms, OverLimit
from tests.support.billing_samples import AU1, AU2, adjusted_units, authorization, claim, entry, facts, item, line

CODES = ("97110", "97140", "97112", "99213")
quantities = st.one_of(
    st.integers(1, 40).map(Decimal),
    st.decimals("0.001", "40", places=3),
    st.decimals("0.000001", "1e15", allow_nan=False, allow_infinity=False),
)
charges = st.none() | st.decimals("0", "1e9", allow_nan=False, allow_infinity=False)
lines = st.builds(
    lambda code, quantity, charge, number, day: line(
        code, str(quantity), f"2026-01-{day:02}", charge=charge, authorization_number=number
    ),
    st.sampled_from(CODES),
    quantities,
    charges,
    st.sampled_from([None, AU1, AU2, "PA260000030", "nonsense"]),
    st.integers(1, 31),
)
bills = st.lists(lines, min_size=1, max_size=6).map(
    lambda drawn: [replace(billed, sequence=sequence) for sequence, billed in enumerate(drawn, 1)]
)
grants = st.none() | st.decimals("0.5", "60", places=3).map(str)
policies = st.sampled_from(["pay-up-to", "deny-line"])


def on_file(first: str | None, second: str | None, third: str | None) -> dict[str, Authorization]:
    both = authorization(item("97110", first), item("97140", second, sequence=2), number=AU1)
    one = authorization(item("97110", third), number=AU2)
    return {each.id: each for each in (both, one)}


def entries_of(answer: Adjudication) -> list[LedgerEntry]:
    return [entry(draw) for result in answer.lines for draw in result.draws]


def only_of(authorization: Authorization, ledger: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    return [entry for entry in ledger if entry.authorization == authorization.id]


@given(st.tuples(grants, grants, grants), st.lists(bills, max_size=5), policies)
def test_a_sequence_of_claims_never_overdraws_and_loses_no_unit(
    granted: tuple[str | None, str | None, str | None], sequence: list[list[BilledLine]], over_limit: OverLimit
) -> None:
    known = on_file(*granted)
    drawn: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    ledger: list[LedgerEntry] = []
    for billed in sequence:
        answer = adjudicate(claim(*billed), facts(*known.values(), terms=BillingTerms(over_limit=over_limit)))
        entries = entries_of(answer)
        ledger += entries
        known = {key: post(before, only_of(before, entries)) for key, before in known.items()}
        for result in answer.lines:
            for draw in result.draws:
                drawn[draw.authorization, draw.item] += draw.units
    for record in known.values():
        own = only_of(record, ledger)
        check_balance(record, own)
        for granted_item in record.items:
            number = granted_item.requested.number
            assert granted_item.consumed == drawn[record.id, number] == consumed(own).get(number, 0)
            grant = granted_item.decision.granted
            assert grant is None or grant.quantity is None or granted_item.consumed <= grant.quantity


@given(st.tuples(grants, grants, grants), bills, policies)
def test_paid_and_adjusted_units_add_up_to_the_billed_units(
    granted: tuple[str | None, str | None, str | None], billed: list[BilledLine], over_limit: OverLimit
) -> None:
    answer = adjudicate(claim(*billed), facts(*on_file(*granted).values(), terms=BillingTerms(over_limit=over_limit)))
    assert [result.number for result in answer.lines] == [each.number for each in billed]
    for one, result in zip(billed, answer.lines, strict=True):
        assert result.paid_units >= 0
        assert adjusted_units(result) >= 0
        assert EXACT.add(result.paid_units, adjusted_units(result)) == one.quantity
        assert (result.reason is None) == (adjusted_units(result) == 0)
        assert not result.draws or sum(draw.units for draw in result.draws) == result.paid_units
        if one.charge is None or result.paid_amount is None or result.adjusted_amount is None:
            assert one.charge is result.paid_amount is result.adjusted_amount is None
        else:
            assert 0 <= result.paid_amount <= one.charge
            assert EXACT.add(result.paid_amount, result.adjusted_amount) == one.charge


@given(st.lists(st.decimals("0.001", "30", places=3), max_size=12), st.decimals("1", "60", places=3))
def test_draws_stop_where_the_grant_ends(takes: list[Decimal], granted: Decimal) -> None:
    state = authorization(item(units=str(granted)))
    drawn = Decimal(0)
    for units in takes:
        for draw in adjudicate(claim(line(units=str(units))), facts(state)).lines[0].draws:
            state = post(state, [entry(draw)])
            drawn += draw.units
    assert granted - drawn == available(state.items[0])
    assert state.items[0].consumed == min(sum(takes, Decimal(0)), granted)


@given(st.tuples(grants, grants, grants), bills, policies)
def test_a_draw_and_its_release_leave_the_balance_unchanged(
    granted: tuple[str | None, str | None, str | None], billed: list[BilledLine], over_limit: OverLimit
) -> None:
    known = on_file(*granted)
    drawn = entries_of(adjudicate(claim(*billed), facts(*known.values(), terms=BillingTerms(over_limit=over_limit))))
    for before in known.values():
        own = only_of(before, drawn)
        releases = release_of(own, datetime(2026, 6, 2, tzinfo=UTC), "biller")
        assert post(post(before, own), releases) == before
        check_balance(before, [*own, *releases])
        assert release_of([*own, *releases], datetime(2026, 6, 3, tzinfo=UTC), "biller") == ()


@given(st.integers(0, 2**40 - 1), st.sampled_from(["PA", "XYZ", "ABCD"]), st.data())
def test_a_minted_number_survives_the_ways_it_is_typed(seed: int, prefix: str, data: st.DataObject) -> None:
    number = mint(prefix, lambda count, alphabet: "".join(alphabet[seed >> (5 * at) & 31] for at in range(count)))
    assert well_formed(number)
    typed = "".join(
        data.draw(st.sampled_from([letter, letter.lower()])) + data.draw(st.sampled_from(["", " ", "-", ".", "/"]))
        for letter in number
    )
    assert canonical(typed) == number


@given(st.text(max_size=40))
def test_any_typed_number_is_read_without_an_error(typed: str) -> None:
    assert isinstance(well_formed(canonical(typed)), bool)
