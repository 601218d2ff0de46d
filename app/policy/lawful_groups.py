"""Find group codes of a policy that X12 does not allow for the reason in question."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.adjustment_key import AdjustmentKey
from app.domain.parts.group_codes import lawful_group
from app.policy.policy import Policy
from app.policy.yaml.text import Place


def unlawful_groups(policy: Policy) -> Iterator[tuple[Place, str]]:
    """Yield the place of each group code that the reason of its row cannot have, with a sentence."""
    for place, key, group in _groups(policy):
        carc = policy.adjudication_reasons[key].carc
        lawful = lawful_group(carc, group)
        if lawful != group:
            yield place, f"`{place[-1]}` must have the group {lawful}, because CARC {carc} is valid with no other."


def _groups(policy: Policy) -> Iterator[tuple[Place, str, str]]:
    if policy.non_covered is not None:
        yield ("non-covered", "group"), AdjustmentKey.SERVICE_EXCLUDED, policy.non_covered.group
    for index, network in enumerate(policy.billing.networks):
        if network.group is not None:
            yield ("billing", "networks", index, "group"), network.key, network.group
    for index, contract in enumerate(policy.billing.contracts):
        for key, group in contract.reasons.items():
            yield ("billing", "contracts", index, "reasons", key), key, group
