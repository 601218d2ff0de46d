"""Load policies, their cases, reasons and clocks from files.

Each function raises YamlRefused, with file and line, for invalid content; RuntimeError for a file that is not UTF-8;
OSError for a file that cannot be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from app.domain.billing import AdjudicationReason
from app.domain.review_reason import ReviewReason
from app.policy.adjustment_reasons import parse_adjudication_reasons
from app.policy.cases import Cases, parse_cases
from app.policy.clocks import Clocks, parse_clocks
from app.policy.policy import Policy
from app.policy.policy_text import parse_policy
from app.policy.review_reasons import parse_review_reasons

SHIPPED_POLICIES = Path(__file__).parent / "shipped"
REASONS_FILE = SHIPPED_POLICIES / "reasons.yaml"
CLOCKS_FILE = SHIPPED_POLICIES / "clocks.yaml"


def load_review_reasons() -> Mapping[str, ReviewReason]:
    """Load the shipped review reasons by key."""
    return parse_review_reasons(*_text(REASONS_FILE))


def load_adjudication_reasons() -> Mapping[str, AdjudicationReason]:
    """Load the shipped adjudication reasons by key."""
    return parse_adjudication_reasons(*_text(REASONS_FILE))


def load_clocks() -> Clocks:
    """Load the shipped clocks."""
    return parse_clocks(*_text(CLOCKS_FILE))


def load_policies(path: Path, reasons: Mapping[str, ReviewReason]) -> dict[str, Policy]:
    """Load one policy file, or every policy in a folder, by the name of the payer.

    Also raises RuntimeError for a folder without policies or with two policies of one name.
    """
    policies = [load_policy(file, reasons) for file in policy_files(path)]
    payers = {policy.name: policy for policy in policies}
    if len(payers) < len(policies):
        raise RuntimeError(f"{path}: two policies have the same name. Each payer must have one policy.")
    return payers


def load_policy(file: Path, reasons: Mapping[str, ReviewReason]) -> Policy:
    """Load one policy file."""
    return parse_policy(*_text(file), reasons)


def load_cases(policy_file: Path) -> Cases | None:
    """Load the cases of a policy: those of NAME.yaml are in NAME.cases.yaml. None without that file."""
    file = policy_file.with_suffix(".cases.yaml")
    return parse_cases(*_text(file)) if file.exists() else None


def policy_files(path: Path) -> list[Path]:
    """Return the policy file, or the policy files of a folder by name. Raises RuntimeError if the folder has none."""
    if not path.is_dir():
        return [path]
    shared = {REASONS_FILE.name, CLOCKS_FILE.name}
    files = sorted(
        file for file in path.glob("*.yaml") if file.name not in shared and not file.name.endswith(".cases.yaml")
    )
    if not files:
        raise RuntimeError(f"{path}: no policy found. A policy is a .yaml file, such as sample-payer.yaml.")
    return files


def _text(file: Path) -> tuple[str, str]:
    try:
        return file.read_text(encoding="utf-8"), str(file)
    except UnicodeDecodeError as unreadable:
        raise RuntimeError(f"{file} must be UTF-8 text.") from unreadable
