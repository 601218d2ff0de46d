"""Matching of providers, place, dates and units."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.codes import X12_CLAIM_UNIT
from app.domain.adjustment_key import AdjustmentKey
from app.domain.datatypes import Coding, Period
from app.domain.decision import ReviewAction
from app.domain.matching.attribute import Sides
from app.domain.matching.billing_provider import BillingProvider
from app.domain.matching.dates import ServiceDates
from app.domain.matching.mismatch import Mismatch
from app.domain.matching.place import Place
from app.domain.matching.rendering_provider import RenderingProvider
from app.domain.matching.units import Units
from app.domain.request import Party
from app.domain.units import Unit
from tests.support.billing_samples import OFFICE, A, B, authorization, claim, item, line, on
from tests.support.matching import exactly

C = "1777777776"


def rendering(billed: dict[str, Any], authorized: dict[str, Any], requestor: str | None = A) -> Mismatch | None:
    one, granted = line(**billed), item(**authorized)
    of = authorization(granted, requestor=Party(npi=requestor))
    return exactly(RenderingProvider(), Sides(one, claim(one, provider=Party(npi=A)), granted, of))


@pytest.mark.parametrize(
    ("billed", "authorized", "requestor"),
    [
        ({"providers": (A,)}, {}, A),
        ({"providers": (B,)}, {"providers": (C, B)}, A),
        ({"providers": ()}, {}, A),
        ({"providers": ()}, {"providers": (A,)}, B),
        ({"providers": (B,)}, {}, None),
    ],
)
def test_an_authorized_provider_may_bill(
    billed: dict[str, Any], authorized: dict[str, Any], requestor: str | None
) -> None:
    assert rendering(billed, authorized, requestor) is None


@pytest.mark.parametrize(
    ("billed", "authorized", "in_words"),
    [
        ({"providers": (B,)}, {}, (f"NPI {B}", f"NPI {A}")),
        ({"providers": (A,)}, {"providers": (C, B)}, (f"NPI {A}", f"NPI {C}, {B}")),
        ({"providers": ()}, {"providers": (B,)}, (f"NPI {A}", f"NPI {B}")),
    ],
)
def test_another_provider_may_not_bill(
    billed: dict[str, Any], authorized: dict[str, Any], in_words: tuple[str, str]
) -> None:
    found = rendering(billed, authorized)
    assert found == Mismatch("rendering provider", *in_words, AdjustmentKey.RENDERING_PROVIDER_DIFFERS)


def test_a_claim_without_a_provider_is_a_mismatch() -> None:
    one = line(providers=())
    found = exactly(RenderingProvider(), Sides(one, claim(one, provider=Party()), item(), authorization()))
    assert found is not None
    assert found.claimed == "no NPI"


@pytest.mark.parametrize(
    ("billing", "requesting"), [("123456789", "12-3456789"), ("123456789", None), (None, "12-3456789"), (None, None)]
)
def test_tax_ids_are_compared_if_both_are_known(billing: str | None, requesting: str | None) -> None:
    billed, requested = Party(npi=A, tax_id=billing), Party(npi=A, tax_id=requesting)
    of = authorization(requestor=requested)
    assert exactly(BillingProvider(), Sides(line(), claim(provider=billed), item(), of)) is None


@pytest.mark.parametrize("npi", [B, None])
def test_a_biller_without_tax_id_and_with_another_npi_is_a_mismatch(npi: str | None) -> None:
    of = authorization(requestor=Party(npi=A, tax_id="12-3456789"))
    found = exactly(BillingProvider(), Sides(line(), claim(provider=Party(npi=npi)), item(), of))
    assert found is not None
    assert (found.claimed, found.reason_key) == ("no tax ID", AdjustmentKey.BILLING_PROVIDER_MISSING)


def test_another_tax_id_is_a_mismatch_and_neither_tax_id_is_revealed() -> None:
    billed, requested = Party(npi=A, tax_id="98-7654321"), Party(npi=A, tax_id="12-3456789")
    found = exactly(
        BillingProvider(), Sides(line(), claim(provider=billed), item(), authorization(requestor=requested))
    )
    assert found is not None
    assert (found.attribute, found.reason_key) == ("billing provider", AdjustmentKey.BILLING_PROVIDER_DIFFERS)
    assert "7654321" not in found.claimed
    assert "3456789" not in found.authorized


@pytest.mark.parametrize(
    ("billed", "authorized"),
    [(OFFICE, OFFICE), (Coding("urn:pos", "11"), OFFICE), (OFFICE, None), (None, None)],
)
def test_an_authorization_covers_its_place_and_without_one_any_place(
    billed: Coding | None, authorized: Coding | None
) -> None:
    one = line(place=billed)
    assert exactly(Place(), Sides(one, claim(one), item(place=authorized), authorization())) is None


def test_a_line_without_the_authorized_place_is_a_mismatch() -> None:
    one = line(place=None)
    found = exactly(Place(), Sides(one, claim(one), item(), authorization()))
    assert found == Mismatch("place of service", "none", "11", AdjustmentKey.PLACE_MISSING)


@pytest.mark.scenario("S-18")
def test_another_place_is_a_mismatch() -> None:
    one = line(place=Coding(OFFICE.system, "12"))
    found = exactly(Place(), Sides(one, claim(one), item(), authorization()))
    assert found == Mismatch("place of service", "12", "11", AdjustmentKey.PLACE_DIFFERS)


def dated(serviced: Period, granted: Period | None = None) -> Mismatch | None:
    one = line(serviced=serviced)
    return exactly(
        ServiceDates(), Sides(one, claim(one), item(granted={"period": granted} if granted else None), authorization())
    )


@pytest.mark.parametrize("serviced", [on("2026-01-01"), on("2026-03-31"), on("2026-01-01", "2026-03-31")])
def test_the_first_and_the_last_day_are_within_the_period(serviced: Period) -> None:
    assert dated(serviced) is None


@pytest.mark.parametrize("granted", [Period(), Period(date(2020, 1, 1)), Period(None, date(2030, 1, 1))])
def test_a_period_may_be_open_at_either_end(granted: Period) -> None:
    assert dated(on("2026-01-15"), granted) is None


@pytest.mark.parametrize(
    ("serviced", "claimed", "key"),
    [
        (on("2025-12-31"), "2025-12-31", AdjustmentKey.BEFORE_PERIOD),
        (on("2025-12-31", "2026-01-02"), "2025-12-31 to 2026-01-02", AdjustmentKey.BEFORE_PERIOD),
        (on("2026-04-01"), "2026-04-01", AdjustmentKey.AFTER_PERIOD),
        (on("2026-03-30", "2026-04-02"), "2026-03-30 to 2026-04-02", AdjustmentKey.AFTER_PERIOD),
        (on("2025-12-31", "2026-04-01"), "2025-12-31 to 2026-04-01", AdjustmentKey.AFTER_PERIOD),
        (on("2026-04-01", "2025-12-31"), "2026-04-01 to 2025-12-31", AdjustmentKey.AFTER_PERIOD),
        (Period(), "no date", AdjustmentKey.SERVICE_DATE_MISSING),
    ],
)
def test_every_day_of_service_must_be_within_the_period(serviced: Period, claimed: str, key: AdjustmentKey) -> None:
    assert dated(serviced) == Mismatch("service dates", claimed, "2026-01-01 to 2026-03-31", key)


@pytest.mark.parametrize(
    ("serviced", "granted", "in_words"),
    [
        (on("2026-02-01"), Period(None, date(2026, 1, 1)), "up to 2026-01-01"),
        (on("2025-02-01"), Period(date(2026, 1, 1)), "from 2026-01-01"),
        (on("2025-02-01"), on("2026-01-01"), "2026-01-01"),
    ],
)
def test_an_open_period_is_written_with_one_date(serviced: Period, granted: Period, in_words: str) -> None:
    found = dated(serviced, granted)
    assert found is not None
    assert found.authorized == in_words


def test_dates_are_not_compared_without_a_grant() -> None:
    assert (
        exactly(ServiceDates(), Sides(line(), claim(), item(action=ReviewAction.NOT_CERTIFIED), authorization()))
        is None
    )


UN = Unit(None, "UN", X12_CLAIM_UNIT)
DA = Unit(None, "DA", X12_CLAIM_UNIT)


def counted(quantity: str, billed: Unit | None = None, **authorized: Any) -> Mismatch | None:
    one = line(units=quantity, unit=billed)
    return exactly(Units(), Sides(one, claim(one), item(**authorized), authorization()))


@pytest.mark.parametrize(
    "quantity", ["1", str(Decimal("0.1") + Decimal("0.2")), "0.001", "1.5", "1e9", "1000000000000", "4.000000", "99999"]
)
def test_a_quantity_of_thousandths_can_be_counted(quantity: str) -> None:
    assert counted(quantity) is None


@pytest.mark.parametrize("quantity", ["0", "-1", "0.0001", "1.23456", "1000000000000.001", "1e300", "NaN", "Infinity"])
def test_other_quantities_cannot(quantity: str) -> None:
    found = counted(quantity)
    assert found is not None
    assert (found.attribute, found.reason_key) == ("quantity", AdjustmentKey.QUANTITY_UNUSABLE)
    assert len(found.claimed) < 20


@pytest.mark.parametrize(
    ("billed", "authorized"),
    [
        (UN, {"unit": UN}),
        (None, {"unit": UN}),
        (UN, {}),
        (Unit("Unit"), {"unit": Unit("visits")}),
        (DA, {"unit": UN, "granted": {"unit": DA}}),
        (DA, {"unit": UN, "units": None}),
        (DA, {"unit": UN, "action": ReviewAction.PENDED}),
    ],
)
def test_units_of_one_basis_and_without_a_limit_agree(billed: Unit | None, authorized: dict[str, Any]) -> None:
    assert counted("1", billed, **authorized) is None


@pytest.mark.parametrize(
    ("billed", "authorized", "in_words"),
    [
        (DA, {"unit": UN}, ("DA", "UN")),
        (DA, {"unit": DA, "granted": {"unit": UN}}, ("DA", "UN")),
        (DA, {}, ("DA", "units")),
        (None, {"unit": DA}, ("units", "DA")),
    ],
)
def test_a_unit_of_another_basis_cannot_be_drawn(
    billed: Unit | None, authorized: dict[str, Any], in_words: tuple[str, str]
) -> None:
    assert counted("1", billed, **authorized) == Mismatch("unit", *in_words, AdjustmentKey.UNIT_DIFFERS)


@pytest.mark.parametrize(
    ("serviced", "claimed", "key"),
    [
        (Period(date(2026, 1, 15)), "from 2026-01-15", AdjustmentKey.AFTER_PERIOD),
        (Period(None, date(2026, 1, 15)), "up to 2026-01-15", AdjustmentKey.SERVICE_DATE_MISSING),
    ],
)
def test_a_service_without_an_end_is_from_its_first_day_on(serviced: Period, claimed: str, key: AdjustmentKey) -> None:
    mismatch = dated(serviced)
    assert mismatch is not None
    assert (mismatch.claimed, mismatch.reason_key) == (claimed, key)
    assert dated(Period(date(2026, 1, 15)), Period(date(2026, 1, 1))) is None
