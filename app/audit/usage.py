"""Count the patients whose data went to apps of their choice, for the yearly report of CMS (42 CFR 422.119(g))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct


class Transfer(Struct, frozen=True):
    """An answer with a patient's data to an app that the patient uses."""

    patient: str
    client: str


class Usage(Struct, frozen=True):
    """The figures of a payer and a year: unique patients with a transfer, with several, and with several apps."""

    payer: str
    year: int
    patients: int
    more_than_once: int
    more_than_one_app: int


def usage(payer: str, year: int, transfers: Iterable[Transfer]) -> Usage:
    """Count the unique patients of the transfers."""
    counts: defaultdict[str, int] = defaultdict(int)
    apps: defaultdict[str, set[str]] = defaultdict(set)
    for transfer in transfers:
        counts[transfer.patient] += 1
        apps[transfer.patient].add(transfer.client)
    return Usage(
        payer,
        year,
        patients=len(counts),
        more_than_once=sum(count > 1 for count in counts.values()),
        more_than_one_app=sum(len(clients) > 1 for clients in apps.values()),
    )
