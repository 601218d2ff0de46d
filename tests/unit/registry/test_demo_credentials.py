"""Each installation of the demo has keys and passwords of its own, in files that only their owner can read."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.access.registry import ClientAuth, People
from app.access.smart.secret import is_secret
from app.registry.demo_credentials import FOLDER, OF_USERS, PASSWORDS_FILE, installed_people, private_key_file
from app.registry.key_pair import public_part


def test_two_installations_share_no_key_and_no_password(tmp_path: Path) -> None:
    first, second = installed_people(tmp_path / "a"), installed_people(tmp_path / "b")
    assert {user.password for user in first.users}.isdisjoint(user.password for user in second.users)
    assert proofs(first).isdisjoint(proofs(second))
    assert passwords(tmp_path / "a").isdisjoint(passwords(tmp_path / "b"))


def test_a_later_start_keeps_them(tmp_path: Path) -> None:
    assert installed_people(tmp_path) == installed_people(tmp_path)


def test_only_the_owner_can_read_the_files(tmp_path: Path) -> None:
    installed_people(tmp_path)
    assert stat.S_IMODE((tmp_path / FOLDER).stat().st_mode) == 0o700
    files = list((tmp_path / FOLDER).iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert len(files) > 10


def test_the_files_fit_the_registered_rows(tmp_path: Path) -> None:
    people = installed_people(tmp_path)
    rows = json.loads((tmp_path / FOLDER / PASSWORDS_FILE).read_bytes())
    user = people.users[0]
    assert is_secret(rows[OF_USERS]["password"], user.password)
    [ehr] = [client for client in people.clients if client.id == "ehr-a"]
    assert public_part(json.loads(private_key_file(tmp_path, "ehr-a").read_bytes())) == ehr.jwks


def test_a_client_of_a_later_release_gets_a_secret_and_the_others_keep_theirs(tmp_path: Path) -> None:
    before = installed_people(tmp_path)
    file = tmp_path / FOLDER / PASSWORDS_FILE
    kept = json.loads(file.read_bytes())
    del kept["provider-app"]
    file.write_text(json.dumps(kept), encoding="utf-8")
    after = installed_people(tmp_path)
    assert after.users == before.users
    assert proofs(after) != proofs(before)


@pytest.mark.parametrize("_", range(3))
def test_two_processes_that_start_at_once_make_one_set(tmp_path: Path, _: int) -> None:
    with ThreadPoolExecutor(2) as starts:
        first, second = starts.map(installed_people, [tmp_path, tmp_path])
    assert first == second


def passwords(data: Path) -> set[str]:
    rows = json.loads((data / FOLDER / PASSWORDS_FILE).read_bytes())
    assert rows
    return {row["password"] for row in rows.values()}


def proofs(people: People) -> set[str]:
    with_proof = [client for client in people.clients if client.auth is not ClientAuth.NONE]
    assert all(client.jwks or client.secrets for client in with_proof)
    return {repr((client.jwks, client.secrets)) for client in with_proof}
