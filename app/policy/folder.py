"""Find the policy files of a path, and refuse a file that no policy would read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

REASONS_NAME = "reasons.yaml"
CLOCKS_NAME = "clocks.yaml"
CASES = ".cases.yaml"
ACCEPTED = f"NAME.yaml (a policy), NAME{CASES} (its cases), {REASONS_NAME} and {CLOCKS_NAME}"

_DOCUMENTS = {".md"}


def policy_files(path: Path) -> list[Path]:
    """Return the policy file, or the policy files of a folder by name.

    Raises RuntimeError for a folder without policies, and for a file beside a policy that no policy would read.
    """
    if not path.is_dir():
        _refuse(file for file in _beside(path) if _resembles(file.name, path.stem) and not _accepted(file, [path]))
        return [path]
    files = list(_beside(path / REASONS_NAME))
    policies = [file for file in files if _may_be_policy(file)]
    _refuse(file for file in files if file not in policies and not _accepted(file, policies))
    if not policies:
        raise RuntimeError(f"{path}: no policy found. A policy is a .yaml file, such as sample-payer.yaml.")
    return policies


def unreadable(file: Path) -> str:
    """Return the refusal of a file that no policy reads."""
    return f"{file}: no policy reads this file. A folder of policies may have {ACCEPTED}."


def _beside(file: Path) -> Iterable[Path]:
    """Return the entries of the file's folder, without hidden ones: Kubernetes and editors keep their own there."""
    folder = file.parent
    return sorted(entry for entry in folder.iterdir() if not entry.name.startswith(".")) if folder.is_dir() else []


def _may_be_policy(file: Path) -> bool:
    own = {REASONS_NAME, CLOCKS_NAME}
    return file.suffix == ".yaml" and file.name not in own and not file.name.endswith(CASES) and not file.is_dir()


def _accepted(file: Path, policies: list[Path]) -> bool:
    """Return whether a file, other than a policy, may be in the folder: a table, the cases of a policy, a document."""
    if file.is_dir():
        return False
    cases = {policy.with_suffix(CASES).name for policy in policies}
    return file.name in {REASONS_NAME, CLOCKS_NAME, *cases} or file.suffix in _DOCUMENTS


def _resembles(name: str, policy: str) -> bool:
    """Return whether a name looks like one of the files of a policy. A policy alone may lie among other files."""
    return re.match(rf"(reasons?|clocks?|{re.escape(policy)}[._-]cases?)\b", name, re.IGNORECASE) is not None


def _refuse(files: Iterable[Path]) -> None:
    problems = [unreadable(file) for file in files]
    if problems:
        raise RuntimeError("\n".join(problems))
