"""A policy read from its YAML, or refused with the file and line of all that is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256

from app.policy.actions import Deny
from app.policy.policy import Policy
from app.policy.review_reasons import ReviewReason
from app.policy.yaml.model import read_model
from app.policy.yaml.text import Place, YamlRefused, read_yaml


def parse_policy(text: str, source: str, reasons: Mapping[str, ReviewReason]) -> Policy:
    """Return the policy that a text states, its reasons looked up. Raises YamlRefused."""
    yaml = read_yaml(text, source)
    context = {"reasons": reasons, "digest": sha256(text.encode()).hexdigest()}
    policy = read_model(yaml, Policy, context)
    found = [*_repeated_rules(policy), *_clinical_denials(policy), *_open_end(policy)]
    if found:
        found.sort(key=lambda pair: yaml.line(pair[0]))
        raise YamlRefused(yaml.refusal(place, sentence) for place, sentence in found)
    return policy


def _repeated_rules(policy: Policy) -> Iterator[tuple[Place, str]]:
    seen: set[str] = set()
    for index, rule in enumerate(policy.rules):
        if rule.id in seen:
            yield ("rules", index, "id"), f"the rule {rule.id} is given twice."
        seen.add(rule.id)


def _clinical_denials(policy: Policy) -> Iterator[tuple[Place, str]]:
    if policy.clinical_denial == "automatic":
        return
    for index, rule in enumerate(policy.rules):
        if isinstance(rule.then, Deny) and not rule.then.reason.administrative:
            sentence = f"{rule.then.reason.reason.key} is a clinical reason, which takes a person to deny"
            yield ("rules", index, "then", "reason"), f"{sentence}: pend it, or say `clinical-denial: automatic`."


def _open_end(policy: Policy) -> Iterator[tuple[Place, str]]:
    index = len(policy.rules) - 1
    if policy.rules[index].when:
        yield ("rules", index, "when"), "the last rule answers everything else, so it has no `when`."
    if "until" in policy.rules[index].effective.model_fields_set:
        yield ("rules", index, "effective", "until"), "the last rule answers everything else, so it has no `until`."
