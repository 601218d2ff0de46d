"""A demo listens on loopback; another address must be private and be said twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.safety.binding import check_address
from app.safety.check import Status
from app.safety.data_folder import claim_folder
from app.safety.signing_key import KEY_FILE
from app.safety.start import refuse_unsafe
from app.settings import SettingsRefused, load_settings
from tests.support.production import PRODUCTION


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.53", "::1", "localhost"])
def test_a_demo_starts_on_loopback(host: str) -> None:
    assert check_address(load_settings(host=host)).status is Status.PASS


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "192.168.1.2", "payer.example", "8.8.8.8"])
def test_a_demo_refuses_every_other_address(host: str) -> None:
    with pytest.raises(SettingsRefused, match="A demo must listen on a loopback address"):
        refuse_unsafe(load_settings(host=host))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "fd00::1"])
def test_a_demo_starts_on_a_private_address_that_is_given_twice(host: str) -> None:
    check = check_address(load_settings(host=host, demo_bind=host))
    assert check.status is Status.WARN
    assert "127.0.0.1 only" in check.remedy


@pytest.mark.parametrize(
    ("host", "bind"), [("0.0.0.0", "10.0.0.5"), ("8.8.8.8", "8.8.8.8"), ("payer.example", "payer.example")]
)
def test_another_address_or_a_public_one_is_refused(host: str, bind: str) -> None:
    assert check_address(load_settings(host=host, demo_bind=bind)).status is Status.FAIL


def test_production_may_listen_on_any_address(tmp_path: Path) -> None:

    claim_folder(tmp_path, "production")
    (tmp_path / KEY_FILE).touch()
    refuse_unsafe(load_settings(**PRODUCTION, host="0.0.0.0", data=tmp_path))
