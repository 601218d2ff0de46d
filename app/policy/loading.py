"""Load policies with their reasons, clocks and cases from files.

Each function raises YamlRefused, with file and line, for invalid content; RuntimeError for a file that is not UTF-8 or
that no policy reads; OSError for a file that cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from app.codes import canonical
from app.policy.adjustment_reasons import parse_adjudication_reasons
from app.policy.cases.cases import Cases, parse_cases
from app.policy.clocks.clocks import parse_clocks
from app.policy.folder import CASES, CLOCKS_NAME, REASONS_NAME, policy_files, unreadable
from app.policy.policy import Policy
from app.policy.policy_text import parse_policy
from app.policy.review_reasons import parse_review_reasons
from app.policy.tables import Tables
from app.policy.yaml.text import Place, YamlRefused, read_yaml

SHIPPED_POLICIES = Path(__file__).parent / "shipped"


@cache
def shipped_tables() -> Tables:
    """Load the shipped reasons and clocks."""
    reasons = _text(SHIPPED_POLICIES / REASONS_NAME)
    return Tables(
        parse_review_reasons(*reasons),
        parse_adjudication_reasons(*reasons),
        parse_clocks(*_text(SHIPPED_POLICIES / CLOCKS_NAME)),
    )


def load_policies(path: Path) -> dict[str, Policy]:
    """Load one policy file, or every policy in a folder, by the name of the payer."""
    return {policy.name: policy for policy in load_files(path).values()}


def load_files(path: Path) -> dict[Path, Policy]:
    """Load one policy file, or every policy in a folder, by its file.

    The policies of a folder share reasons.yaml and clocks.yaml, which may give only the rows that differ from the
    shipped ones. Two policies must have different names, and no identifier of a payer in common.
    """
    files = policy_files(path)
    tables = _tables_of(files[0].parent)
    policies = {file: _policy(file, tables) for file in files}
    problems = [
        _refusal(file, place, sentence)
        for file, policy in policies.items()
        for place, sentence in _shared_with_others(file, policy, policies)
    ]
    if problems:
        raise YamlRefused(problems)
    return policies


def load_policy(file: Path) -> Policy:
    """Load one policy file."""
    return load_files(file)[file]


def load_cases(policy_file: Path) -> Cases | None:
    """Load the cases of a policy: those of NAME.yaml are in NAME.cases.yaml. None without that file."""
    file = policy_file.with_suffix(CASES)
    return parse_cases(*_text(file)) if file.exists() else None


def _tables_of(folder: Path) -> Tables:
    """Load the reasons and clocks of a folder's policies."""
    tables = shipped_tables()
    if folder.resolve() == SHIPPED_POLICIES.resolve():
        return tables
    reasons, clocks = [
        _text(folder / name) if (folder / name).exists() else None for name in (REASONS_NAME, CLOCKS_NAME)
    ]
    return Tables(
        parse_review_reasons(*reasons, tables.review_reasons) if reasons else tables.review_reasons,
        parse_adjudication_reasons(*reasons, tables.adjudication_reasons) if reasons else tables.adjudication_reasons,
        parse_clocks(*clocks, tables.clocks) if clocks else tables.clocks,
        tuple(text for text, _ in filter(None, (reasons, clocks))),
    )


def _policy(file: Path, tables: Tables) -> Policy:
    try:
        return parse_policy(*_text(file), tables)
    except YamlRefused:
        content = read_yaml(*_text(file)).data
        if isinstance(content, dict) and "policy" not in content:
            raise RuntimeError(unreadable(file)) from None
        raise


def _shared_with_others(file: Path, policy: Policy, policies: dict[Path, Policy]) -> Iterator[tuple[Place, str]]:
    """Find the policy's name and identifiers in the policies before it."""
    for other_file, other in policies.items():
        if other_file == file:
            return
        if other.name == policy.name:
            yield ("policy",), f"`policy` must be unique, but {other_file.name} has the name {policy.name} too."
        theirs = {(canonical(taken.system), taken.value) for taken in other.payer.identifiers}
        for index, own in enumerate(policy.payer.identifiers):
            if (canonical(own.system), own.value) in theirs:
                sentence = f"`value` must be an identifier of one payer only, but {other_file.name} has it too."
                yield ("payer", "identifiers", index, "value"), sentence


def _refusal(file: Path, place: Place, sentence: str) -> str:
    return read_yaml(*_text(file)).refusal(place, sentence)


def _text(file: Path) -> tuple[str, str]:
    try:
        return file.read_text(encoding="utf-8"), str(file)
    except UnicodeDecodeError as binary:
        raise RuntimeError(f"{file} must be UTF-8 text.") from binary
