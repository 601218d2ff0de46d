"""The image starts in production, runs without root, and installs what .ci/image.lock pins by hash."""

from __future__ import annotations

import re

import pytest

from tests.house.code import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMMANDS = re.sub(r"\\\n\s*", "", DOCKERFILE)


def lines(word: str) -> list[str]:
    return [line for line in COMMANDS.splitlines() if line.startswith(f"{word} ")]


@pytest.mark.acceptance("I83")
def test_every_stage_comes_from_one_image_that_is_pinned_by_digest() -> None:
    [argument] = lines("ARG")
    assert re.fullmatch(r"ARG PYTHON=python:3\.11-slim@sha256:[0-9a-f]{64}", argument)
    assert {line.split()[1] for line in lines("FROM")} == {"${PYTHON}"}


@pytest.mark.acceptance("I83")
def test_every_package_is_compared_with_its_hash() -> None:
    installs = re.findall(r"pip (?:install|download|wheel) [^&\n]*", COMMANDS)
    assert len(installs) == 5
    own = [line for line in installs if "--require-hashes" not in line]
    assert all("--no-deps" in line for line in own), "only the wheel of preauth has no hash"
    assert len(own) == 2


def test_the_image_starts_in_production_and_keeps_its_data_in_a_volume() -> None:
    environment = " ".join(lines("ENV"))
    for setting in ("PREAUTH_ENVIRONMENT=production", "PREAUTH_DATA=/data", "PREAUTH_HOST=0.0.0.0"):
        assert setting in environment
    assert lines("ENTRYPOINT") == ['ENTRYPOINT ["preauth"]']
    assert lines("CMD") == ['CMD ["serve"]']
    assert lines("VOLUME") == ["VOLUME /data"]
    assert lines("EXPOSE") == ["EXPOSE 8000"]


@pytest.mark.acceptance("I84")
def test_the_image_runs_without_root_and_without_a_package_installer() -> None:
    assert lines("USER") == ["USER 10001"]
    assert "pip uninstall --yes pip" in COMMANDS
    assert "/usr/sbin/nologin" in COMMANDS
    assert not re.search(r"apt-get|curl|wget|sudo|chmod [0-7]*[4-7][0-7]{3}", COMMANDS)
