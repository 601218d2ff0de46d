"""`make packages` reports the published FHIR packages that tests read; it downloads nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.support.packages import GUIDE, PINS_FILE, State, read_pins, report, state_of

CONTENT = b"an archive"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.tgz").write_bytes(CONTENT)
    (tmp_path / "changed.tgz").write_bytes(b"another archive")
    return tmp_path


def test_both_editions_of_the_guide_are_pinned() -> None:
    pins = read_pins(PINS_FILE.read_text(encoding="utf-8"))
    assert set(pins) == {f"{GUIDE}-2.2.1.tgz", f"{GUIDE}-2.0.1.tgz"}
    assert all(len(bytes.fromhex(digest)) == 32 for digest in pins.values())


@pytest.mark.parametrize(
    ("name", "state"),
    [("good.tgz", State.PRESENT), ("absent.tgz", State.MISSING), ("changed.tgz", State.WRONG)],
)
def test_an_archive_is_compared_with_its_pin(folder: Path, name: str, state: State) -> None:
    assert state_of(folder / name, DIGEST) == state


def test_the_report_names_the_folder_and_the_state_of_each_archive(folder: Path) -> None:
    lines, code = report(folder, {"good.tgz": DIGEST, "absent.tgz": DIGEST})
    assert str(folder) in lines[0]
    assert [line.split()[:2] for line in lines[-2:]] == [["present", "good.tgz"], ["missing", "absent.tgz"]]
    assert code == 0


def test_an_archive_with_other_contents_fails_the_report(folder: Path) -> None:
    lines, code = report(folder, {"changed.tgz": DIGEST})
    assert lines[-1].split() == ["wrong", "changed.tgz", "sha256", DIGEST]
    assert code == 1
