"""The keys in use by this process. It reads the files again, so that a rotation needs no restart."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from joserfc import jws
from joserfc.jwk import RSAKey
from msgspec import Struct

from app import log
from app.access.smart import access_token
from app.adapters.tokens.key_files import key_files, load_or_create_key, retired_keys

ALGORITHM = "RS256"
FRESH_FOR = 30.0
"""Seconds after which the ring reads changed files again; it must be below `key_files.PICKED_UP_WITHIN`."""

PAUSE = 1.0
"""The shortest time between two looks at the files that tokens with an unknown key can cause."""


class VerifyingKey(Struct, frozen=True):
    """A key, and the time until which it verifies, in seconds since 1970; None: it signs."""

    key: RSAKey
    until: int | None = None

    def verifies(self, now: float) -> bool:
        """Return whether tokens of this key are still valid."""
        return self.until is None or now < self.until


class Keys(Struct, frozen=True):
    """The keys of the data folder, and each by the header of the access tokens that it signs."""

    signing: RSAKey
    all: tuple[VerifyingKey, ...]
    by_header: Mapping[str, VerifyingKey]


class KeyRing:
    """The keys of a data folder, at most FRESH_FOR old. Creates the first key."""

    def __init__(self, folder: Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Read the keys. Raises the errors of `load_or_create_key`."""
        self._folder, self._monotonic = folder, monotonic
        self._lock = asyncio.Lock()
        self.current = _read(folder)
        self._files: object = key_files(folder)
        self._looked = monotonic()

    async def keys(self) -> Keys:
        """Return the keys, at most FRESH_FOR old."""
        return self.current if self._monotonic() - self._looked < FRESH_FOR else await self._look(FRESH_FOR)

    async def newest(self) -> Keys:
        """Return the keys, at most PAUSE old: another process may have rotated them."""
        return await self._look(PAUSE)

    async def _look(self, oldest: float) -> Keys:
        async with self._lock:
            if self._monotonic() - self._looked >= oldest:
                self._looked = self._monotonic()
                self._files, self.current = await asyncio.to_thread(self._reread)
        return self.current

    def _reread(self) -> tuple[object, Keys]:
        """Return the files and their keys. Keys that cannot be read leave those in use as they are."""
        try:
            files = key_files(self._folder)
            return files, self.current if files == self._files else _read(self._folder)
        except (OSError, RuntimeError):
            log.get_logger().error("signing keys cannot be read", exc_info=True)
        return self._files, self.current


def header_of(key: RSAKey, type_: str) -> dict[str, str | None]:
    """Return the header of the tokens of a type that the key signs."""
    return {"typ": type_, "alg": ALGORITHM, "kid": key.kid}


def _read(folder: Path) -> Keys:
    signing = load_or_create_key(folder)
    retired = (VerifyingKey(row.key, row.until) for row in retired_keys(folder) if row.key.kid != signing.kid)
    keys = (VerifyingKey(signing), *retired)
    return Keys(signing, keys, {_header_text(row.key): row for row in keys})


def _header_text(key: RSAKey) -> str:
    return jws.serialize_compact(header_of(key, access_token.TYPE), b"", key, algorithms=[ALGORITHM]).partition(".")[0]
