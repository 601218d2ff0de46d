"""Look up the packages of .ci/image.lock among known vulnerabilities, with pip-audit.

Exit codes: 0 no known vulnerability, 1 a vulnerability without a waiver, 3 packages could not be checked. pip-audit
itself ends with 0 when it could look nothing up.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

VULNERABLE, UNCHECKED = 1, 3
WAIVERS = Path(__file__).with_name("waivers.toml")
COMMAND = ("-m", "pip_audit", "-r", ".ci/image.lock", "--disable-pip", "--progress-spinner", "off", "-f", "json")


def main() -> int:
    """Run the audit; print what it found, and return the exit code."""
    done = subprocess.run([sys.executable, *COMMAND], capture_output=True, text=True, check=False)  # noqa: S603
    lines, code = verdict(done.stdout, tomllib.loads(WAIVERS.read_text(encoding="utf-8")), datetime.now(UTC).date())
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    if code == UNCHECKED:
        sys.stderr.write(done.stderr[-2000:])
    return code


def verdict(report: str, waivers: dict[str, Any], today: date) -> tuple[list[str], int]:
    """Return the lines to print and the exit code for a report of pip-audit, which is empty if it failed."""
    try:
        packages = json.loads(report)["dependencies"]
    except (ValueError, KeyError):
        return ["COULD NOT CHECK: pip-audit gave no report. Run it again with network."], UNCHECKED
    found = [(package["name"], vuln["id"]) for package in packages for vuln in package.get("vulns", ())]
    open_ones = [f"{name}: {id_}" for name, id_ in found if not is_waived(waivers.get(id_), today)]
    unchecked = [package["name"] for package in packages if "skip_reason" in package]
    if open_ones:
        return open_ones, VULNERABLE
    if unchecked or not packages:
        return [f"COULD NOT CHECK {len(unchecked)} of {len(packages)} packages: the index has no data."], UNCHECKED
    return [f"No known vulnerability in {len(packages)} packages; {len(found)} waived."], 0


def is_waived(waiver: dict[str, Any] | None, today: date) -> bool:
    """Return whether a waiver with a reason is in force."""
    return waiver is not None and bool(waiver.get("reason")) and bool(waiver["until"] >= today)


if __name__ == "__main__":
    sys.exit(main())
