"""Find the published packages of the guide, which the tests read and this repository does not contain.

`packages.sha256` pins each archive, in the format of `sha256sum`. `python -m tests.support.packages` (`make packages`)
reports which archives are there. Nothing is downloaded.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tarfile
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

from tests.house.code import ROOT

FOLDER = Path(os.environ.get("PREAUTH_SHARED", ROOT.parent / "shared")) / "packages"
PINS_FILE = Path(__file__).with_name("packages.sha256")
GUIDE = "hl7.fhir.us.davinci-pas"

HELP = """\
The tests read these FHIR packages from {folder}.
Download each package from the guide's home page (http://hl7.org/fhir/us/davinci-pas/history.html) and name it as below.
PREAUTH_SHARED=<folder> reads <folder>/packages instead. Tests that need a missing package are skipped."""


class State(StrEnum):
    """How an archive in the folder compares with its pin."""

    PRESENT = "present"
    MISSING = "missing"
    WRONG = "wrong"


def read_pins(text: str) -> dict[str, str]:
    """Return the sha256 of each archive by file name, from the lines of `sha256sum`."""
    return {name: digest for digest, name in (line.split() for line in text.splitlines())}


def state_of(file: Path, digest: str) -> State:
    """Compare an archive with its pin."""
    if not file.is_file():
        return State.MISSING
    actual = hashlib.sha256(file.read_bytes()).hexdigest()
    return State.PRESENT if actual == digest else State.WRONG


@cache
def states() -> Mapping[str, State]:
    """Compare each pinned archive with its pin, once per run."""
    pins = read_pins(PINS_FILE.read_text(encoding="utf-8"))
    return {name: state_of(FOLDER / name, digest) for name, digest in pins.items()}


def present() -> bool:
    """Return whether every pinned archive is present. Raises ValueError if one does not match its pin."""
    wrong = [name for name, state in states().items() if state is State.WRONG]
    if wrong:
        raise ValueError(f"{', '.join(wrong)} in {FOLDER} does not match {PINS_FILE.name}; see `make packages`.")
    return all(state is State.PRESENT for state in states().values())


def package_file(edition: str) -> Path:
    """Return the archive of an edition of the guide."""
    return FOLDER / f"{GUIDE}-{edition}.tgz"


def package_members(edition: str, prefix: str) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each file of an edition's package whose name begins with `package/` and `prefix`."""
    with tarfile.open(package_file(edition)) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.name.startswith(f"package/{prefix}") else None
            if file is not None:
                yield member.name, file.read()


def report(folder: Path, pins: Mapping[str, str]) -> tuple[list[str], int]:
    """Return the lines of `make packages` and its exit code: 1 if an archive does not match its pin."""
    found = {name: state_of(folder / name, digest) for name, digest in pins.items()}
    lines = HELP.format(folder=folder).splitlines()
    lines += [f"  {state:<7}  {name}  sha256 {pins[name]}" for name, state in found.items()]
    return lines, 1 if State.WRONG in found.values() else 0


if __name__ == "__main__":
    printed, code = report(FOLDER, read_pins(PINS_FILE.read_text(encoding="utf-8")))
    sys.stdout.write("\n".join(printed) + "\n")
    sys.exit(code)
