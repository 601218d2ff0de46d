"""Give the demo's people keys and passwords of this installation, in private files of the data folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from app.access.registry import Client, ClientAuth, GrantType, People
from app.access.smart.secret import hashed, new_secret
from app.registry.key_pair import new_key_pair, public_part
from app.registry.people_file import demo_people
from app.safety.private_file import created, locked

FOLDER = "demo"
OF_USERS = "users"
"""The name of the password of all users: one hash takes less of a start than one for each user."""

PASSWORDS_FILE = "passwords.json"


class Password(Struct, frozen=True):
    """A password or a client secret, and its hash. The hash spares each start the time of a new one."""

    password: str
    hash: str


def installed_people(data: Path) -> People:
    """Return the people of the demo with their keys and passwords; make those that the data folder does not have.

    Raises OSError if the folder cannot be used.
    """
    people = demo_people()
    folder = data / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locked(folder):
        passwords = _passwords(folder, people)
        return replace(
            people,
            clients=tuple(_with_proof(client, folder, passwords) for client in people.clients),
            users=tuple(replace(user, password=passwords[OF_USERS].hash) for user in people.users),
        )


def private_key_file(data: Path, client: str) -> Path:
    """Return the file with the private key of a demo client."""
    return data / FOLDER / f"{client}.private-key.json"


def _passwords(folder: Path, people: People) -> dict[str, Password]:
    file = folder / PASSWORDS_FILE
    kept = msgspec.json.decode(file.read_bytes(), type=dict[str, Password]) if file.exists() else {}
    names = [OF_USERS, *(client.id for client in people.clients if client.auth is ClientAuth.CLIENT_SECRET)]
    if missing := [name for name in names if name not in kept]:
        kept |= {
            name: Password(password, hashed(password)) for name, password in ((name, new_secret()) for name in missing)
        }
        _write(file, msgspec.json.format(msgspec.json.encode(kept)))
    return kept


def _with_proof(client: Client, folder: Path, passwords: dict[str, Password]) -> Client:
    if client.auth is ClientAuth.CLIENT_SECRET:
        return replace(client, secrets=(passwords[client.id].hash,))
    if client.auth is ClientAuth.NONE or GrantType.CLIENT_CREDENTIALS not in client.grants:
        return client
    return replace(client, jwks=_public_keys(private_key_file(folder.parent, client.id), client.id))


def _public_keys(file: Path, client: str) -> dict[str, Any]:
    if not file.exists():
        private, _ = new_key_pair(f"{client}-{uuid4().hex[:8]}")
        _write(file, json.dumps(private).encode())
    return public_part(json.loads(file.read_bytes()))


def _write(file: Path, content: bytes) -> None:
    """Write a file that appears complete, readable by its owner only."""
    draft = file.with_name(f".{file.name}.{uuid4().hex}")
    with created(draft) as opened:
        opened.write(content + b"\n")
    draft.replace(file)
