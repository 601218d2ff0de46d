"""The rules of X12 about adjustments: which group a reason may have, which reasons need a remark, and dead codes.

https://x12.org/codes/claim-adjustment-reason-codes
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

DEACTIVATED_CARCS = frozenset({"15", "17", "38", "42"})
DEACTIVATED_RARCS = frozenset({"M57", "M58", "M68", "M72", "M78", "N29", "N38", "N41", "N225"})

ALERTS = frozenset(
    {"MA67", "MA91", "N123", "N210", "N211", "N610", "N688", "N690", "N691", "N693", "N694", "N704", "N864"}
)
"""RARCs that are alerts. They do not explain an adjustment."""

NEEDS_REMARK = frozenset({"16", "96", "A1"})
"""CARCs that need a RARC to explain them."""

ONLY_GROUP = {
    **dict.fromkeys(("18", "23", "133", "136"), "OA"),
    **dict.fromkeys(("249", "303"), "CO"),
    **dict.fromkeys(("85", "201", "238"), "PR"),
}
"""CARCs that are valid with one group only."""

CLINICAL_CARCS = frozenset({"50", "150", "151", "152"})
"""Reasons of a clinical review of the claim. This server makes none: an approved authorization binds the payer."""

FEE_REDUCTION = "45"
"""The reason of a reduction to the fee, which never takes the whole charge."""


def lawful_group(carc: str, group: str) -> str:
    """Return the group of an adjustment: the only valid one of its CARC, or else the one that is wanted."""
    return ONLY_GROUP.get(carc, group)


def check_adjustment(group: str, carc: str, remarks: Iterable[str]) -> None:
    """Check an adjustment before it is sent. Raises ValueError with each rule that it breaks."""
    faults = list(_faults(group, carc, remarks))
    if faults:
        raise ValueError("; ".join(faults))


def _faults(group: str, carc: str, remarks: Iterable[str]) -> Iterator[str]:
    if carc in DEACTIVATED_CARCS:
        yield f"CARC {carc} is deactivated"
    if lawful_group(carc, group) != group:
        yield f"CARC {carc} is valid with group {ONLY_GROUP[carc]} only"
    listed = tuple(remarks)
    for code in DEACTIVATED_RARCS.intersection(listed):
        yield f"RARC {code} is deactivated"
    if carc in NEEDS_REMARK and ALERTS.issuperset(listed):
        yield f"CARC {carc} needs a RARC that is not an alert"
