"""Make the secret or the key pair of a client. A private key goes to a file, a secret is printed once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from msgspec import Struct
from msgspec.json import encode as encode_json
from msgspec.structs import replace

from app.access.registry import Client, ClientAuth
from app.access.smart.secret import hashed, new_secret
from app.cli.ending import CANNOT_USE, ended
from app.registry.key_pair import new_key_pair
from app.safety.private_file import created

_NOT_IN_FILE_NAMES = re.compile(r"[^A-Za-z0-9.-]")


class Credentials(Struct, frozen=True):
    """The new secret, or the public keys and the file with the private one; neither if the client brought its own."""

    secret: str = ""
    jwks: dict[str, Any] | None = None
    key_file: Path | None = None

    def given_to(self, client: Client) -> Client:
        """Return the client with these credentials instead of its own."""
        if self.secret:
            return replace(client, secrets=(hashed(self.secret),), commanded=True)
        return client if self.jwks is None else replace(client, jwks=self.jwks, commanded=True)

    def printed(self) -> dict[str, str]:
        """Return what JSON output has of them."""
        secret = {"secret": self.secret} if self.secret else {}
        return secret if self.key_file is None else {**secret, "private_key_file": str(self.key_file)}

    @contextmanager
    def kept_if_registered(self) -> Iterator[None]:
        """Remove the file with the private key if the client was not registered."""
        try:
            yield
        except BaseException:
            if self.key_file is not None:
                self.key_file.unlink(missing_ok=True)
            raise


def new_credentials(client: Client, folder: Path) -> Credentials:
    """Return new credentials for a client that has none. Ends the command if the key file cannot be written."""
    if client.issuer is not None or client.auth is ClientAuth.NONE or client.jwks or client.jwks_uri:
        return Credentials()
    if client.auth is ClientAuth.CLIENT_SECRET:
        return Credentials(secret=new_secret())
    private, jwks = new_key_pair(f"{client.id[:64]}-{uuid4().hex[:8]}")
    return Credentials(jwks=jwks, key_file=_written(private, folder, client.id))


def _written(private: dict[str, Any], folder: Path, client: str) -> Path:
    path = folder / f"{_NOT_IN_FILE_NAMES.sub('_', client)}.private-key.json"
    try:
        with created(path) as file:
            file.write(encode_json(private) + b"\n")
    except FileExistsError as exists:
        remedy = "Move the file away, or choose another --key-folder."
        raise ended(f"{path} exists already, and may have the client's key. {remedy}", CANNOT_USE) from exists
    except OSError as refused:
        raise ended(f"{path}: {refused.strerror}. Choose another --key-folder.", CANNOT_USE) from refused
    return path
