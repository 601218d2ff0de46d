"""Write and read the archive: a tar file for its owner only, with the digest of each file in its manifest."""

from __future__ import annotations

import hashlib
import io
import os
import re
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

import msgspec
from msgspec import Struct

from app.adapters.backup.database import check_database, copy_database
from app.adapters.tokens.root_file import ROOT_FILE
from app.safety.data_folder import DATABASE_FILE, MODE_FILE, claim_folder, mode_of_folder
from app.safety.private_file import created

MANIFEST: Final = "manifest.json"
_BESIDE_DATABASE = re.compile(rf"{MODE_FILE}|{ROOT_FILE}|token-key[\w.-]*\.pem")
_LARGEST_MANIFEST = 65_536


class Manifest(Struct, frozen=True):
    """The contents of an archive: the time, the mode of the folder, and the sha256 of each file."""

    created: str
    mode: str
    files: dict[str, str]


def write_archive(folder: Path, archive: Path, created: str) -> Manifest:
    """Write the archive of a data folder, which servers may be using.

    Raises RuntimeError, with a sentence for the operator, if the archive exists or the folder cannot be read.
    """
    mode = mode_of_folder(folder)
    if mode is None or not (folder / DATABASE_FILE).exists():
        raise RuntimeError(f"{folder} has no database of a server.")
    if archive.exists():
        raise RuntimeError(f"{archive} exists. A backup overwrites no file.")
    try:
        with tempfile.TemporaryDirectory(prefix=".preauth-backup-", dir=archive.absolute().parent) as drafts:
            copy = Path(drafts) / DATABASE_FILE
            copy_database(folder / DATABASE_FILE, copy)
            if fault := check_database(copy):
                raise RuntimeError(f"{folder / DATABASE_FILE} is damaged: {fault}.")
            beside = sorted(path for path in folder.iterdir() if _BESIDE_DATABASE.fullmatch(path.name))
            files = [copy, *beside]
            manifest = Manifest(created, mode, {path.name: _digest(path) for path in files})
            draft = Path(drafts) / "archive"
            _write_tar(draft, manifest, files)
            os.link(draft, archive)
    except (OSError, sqlite3.Error) as refused:
        raise RuntimeError(f"{archive} cannot be written: {_reason(refused)}.") from refused
    return manifest


def restore_archive(archive: Path, folder: Path) -> Manifest:
    """Restore an archive into an unused folder; it appears complete or not at all.

    Raises RuntimeError, with a sentence for the operator, if the folder is in use or the archive is damaged.
    """
    if mode_of_folder(folder) is not None or (folder.exists() and any(folder.iterdir())):
        raise RuntimeError(f"{folder} is not empty. A restore overwrites no file: choose a new folder.")
    try:
        folder.absolute().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".preauth-restore-", dir=folder.absolute().parent) as drafts:
            draft = Path(drafts) / "folder"
            manifest = _extract(archive, draft)
            if mode_of_folder(draft) != manifest.mode:
                raise RuntimeError(f"{archive} is damaged: its manifest and its files have different modes.")
            claim_folder(draft, manifest.mode)
            if fault := check_database(draft / DATABASE_FILE):
                raise RuntimeError(f"{archive} has a damaged database: {fault}.")
            draft.replace(folder)
    except (OSError, tarfile.TarError, ValueError, KeyError, RecursionError) as refused:
        raise RuntimeError(f"{archive} cannot be restored: {_reason(refused)}.") from refused
    return manifest


def _write_tar(draft: Path, manifest: Manifest, files: list[Path]) -> None:
    with created(draft) as file, tarfile.open(fileobj=file, mode="w") as tar:
        text = msgspec.json.encode(manifest)
        tar.addfile(_member(MANIFEST, len(text)), io.BytesIO(text))
        for path in files:
            with path.open("rb") as content:
                tar.addfile(_member(path.name, path.stat().st_size), content)


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _extract(archive: Path, folder: Path) -> Manifest:
    """Write the files that the manifest names, and compare their digests. Other members of the archive are ignored.

    The files have no more bytes than the archive: no sparse file and no link may fill the disk.
    """
    folder.mkdir(mode=0o700)
    left = archive.stat().st_size
    with tarfile.open(archive, mode="r:") as tar:
        manifest = msgspec.json.decode(_read(tar, MANIFEST, _LARGEST_MANIFEST), type=Manifest)
        for name, digest in manifest.files.items():
            if name != DATABASE_FILE and not _BESIDE_DATABASE.fullmatch(name):
                raise RuntimeError(f"{archive} names a file that no backup has: {name!r}.")
            left -= tar.getmember(name).size
            if left < 0:
                raise RuntimeError(f"{archive} is damaged: its files are larger than the archive.")
            with _content(tar, name) as content, created(folder / name) as file:
                while piece := content.read(1 << 20):
                    file.write(piece)
            if _digest(folder / name) != digest:
                raise RuntimeError(f"{archive} is damaged: {name} has another digest.")
    return manifest


def _read(tar: tarfile.TarFile, name: str, limit: int) -> bytes:
    with _content(tar, name) as content:
        return content.read(limit)


@contextmanager
def _content(tar: tarfile.TarFile, name: str) -> Iterator[IO[bytes]]:
    content = tar.extractfile(name) if tar.getmember(name).isreg() else None
    if content is None:
        raise tarfile.ReadError(f"{name} is not a file")
    with content:
        yield content


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _reason(error: Exception) -> str:
    return str((error.strerror if isinstance(error, OSError) else None) or error)
