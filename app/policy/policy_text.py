"""Read a policy from YAML, or refuse it with the file and line of every problem."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from app.policy.actions import Deny, Forward, NotRequired, PartlyCertify, Pend
from app.policy.conditions import NOT_ON_A_BILL
from app.policy.conditions.gold_card import GoldCardHeld
from app.policy.conditions.words import listed
from app.policy.lawful_groups import unlawful_groups
from app.policy.policy import Policy
from app.policy.tables import Tables
from app.policy.yaml.model import read_model
from app.policy.yaml.text import Place, YamlRefused, read_yaml


def parse_policy(text: str, source: str, tables: Tables) -> Policy:
    """Read a policy from YAML text. `tables` are its reasons and clocks. Raises YamlRefused."""
    yaml = read_yaml(text, source)
    digest = sha256("\0".join([text, *tables.texts]).encode()).hexdigest()
    context = {"reasons": tables.review_reasons, "tables": tables, "digest": digest}
    policy = read_model(yaml, Policy, context)
    problems = [*_repeated_rules(policy), *_clinical_denials(policy), *_not_on_a_bill(policy), *_open_end(policy)]
    problems += [*_decided_appeals(policy), *_no_gold_card(policy), *_unknown_vendors(policy), *unlawful_groups(policy)]
    if problems:
        problems.sort(key=lambda problem: yaml.line(problem[0]))
        raise YamlRefused(yaml.refusal(place, sentence) for place, sentence in problems)
    return policy


def _repeated_rules(policy: Policy) -> Iterator[tuple[Place, str]]:
    seen: set[str] = set()
    for index, rule in enumerate(policy.rules):
        if rule.id in seen:
            yield ("rules", index, "id"), f"`id` must be unique, but another rule has the id {rule.id}."
        seen.add(rule.id)


def _clinical_denials(policy: Policy) -> Iterator[tuple[Place, str]]:
    if policy.clinical_denial == "automatic":
        return
    for index, rule in enumerate(policy.rules):
        if isinstance(rule.then, Deny | PartlyCertify) and not rule.then.reason.administrative:
            sentence = f"`reason` must be administrative, but {rule.then.reason.reason.key} is clinical."
            yield ("rules", index, "then", "reason"), f"{sentence} Use pend, or set `clinical-denial: automatic`."
    late = policy.types.retrospective
    if late is not None and isinstance(late.otherwise, Deny) and not late.otherwise.reason.administrative:
        sentence = f"`reason` must be administrative, but {late.otherwise.reason.reason.key} is clinical."
        yield ("types", "retrospective", "otherwise", "reason"), f"{sentence} Use pend."


def _not_on_a_bill(policy: Policy) -> Iterator[tuple[Place, str]]:
    """Find `not-required` rules that no bill can meet: a request would be answered with less than its bill needs."""
    for index, rule in enumerate(policy.rules):
        if not isinstance(rule.then, NotRequired):
            continue
        for place, condition in enumerate(rule.when):
            if isinstance(condition, NOT_ON_A_BILL):
                sentence = f"`test` must not be {condition.test} with not-required, because no bill gives this fact."
                yield ("rules", index, "when", place, "test"), sentence


def _decided_appeals(policy: Policy) -> Iterator[tuple[Place, str]]:
    """Find rules that would decide an appeal, which only a person may decide."""
    for index, rule in enumerate(policy.rules):
        if rule.after_denial and not isinstance(rule.then, Pend):
            sentence = f"`action` must be pend in a rule about {listed(rule.after_denial)}: a person decides an appeal."
            yield ("rules", index, "then", "action"), sentence


def _no_gold_card(policy: Policy) -> Iterator[tuple[Place, str]]:
    """Find rules about gold cards in a policy without any."""
    if policy.types.gold_card:
        return
    for index, rule in enumerate(policy.rules):
        for place, condition in enumerate(rule.when):
            if isinstance(condition, GoldCardHeld):
                yield ("rules", index, "when", place, "test"), "`test` gold-card needs a card in `types: gold-card`."


def _unknown_vendors(policy: Policy) -> Iterator[tuple[Place, str]]:
    vendors = [vendor.vendor for vendor in policy.types.delegated]
    for index, vendor in enumerate(vendors):
        if vendor in vendors[:index]:
            yield ("types", "delegated", index, "vendor"), f"`vendor` must be unique, but {vendor} is given twice."
    for index, rule in enumerate(policy.rules):
        if isinstance(rule.then, Forward) and rule.then.to not in vendors:
            known = ", ".join(sorted(vendors)) or "none"
            yield ("rules", index, "then", "to"), f"`to` must be a vendor in `types: delegated`: {known}."


def _open_end(policy: Policy) -> Iterator[tuple[Place, str]]:
    index = len(policy.rules) - 1
    if policy.rules[index].when:
        yield ("rules", index, "when"), "the last rule must have no `when`, because it decides all other items."
    if "until" in policy.rules[index].effective.model_fields_set:
        yield (
            ("rules", index, "effective", "until"),
            "the last rule must have no `until`, because it decides all other items.",
        )
