"""The usage figures count each patient once."""

from __future__ import annotations

from app.audit.usage import Transfer, Usage, usage


def test_each_patient_counts_once_however_often_its_data_went() -> None:
    transfers = [Transfer("p1", "app-1"), Transfer("p1", "app-2"), Transfer("p2", "app-1"), Transfer("p3", "app-1")]
    counted = usage("sample-payer", 2026, [*transfers, Transfer("p2", "app-1")])
    assert counted == Usage("sample-payer", 2026, patients=3, more_than_once=2, more_than_one_app=1)


def test_a_year_without_transfers_has_zeros() -> None:
    assert usage("sample-payer", 2026, []) == Usage("sample-payer", 2026, 0, 0, 0)
