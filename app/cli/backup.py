"""`preauth backup` and `preauth restore`: one archive of the data folder, and back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.adapters.backup.archive import Manifest, restore_archive, write_archive
from app.cli.ending import CANNOT_USE, ended
from app.cli.options import DataFolder, Store, named_path
from app.cli.usable import usable_settings
from app.counts import counted
from app.safety.data_folder import DATABASE_FILE
from app.settings import Settings

_ELSEWHERE = {
    "memory": "The store is in memory: there is nothing to back up.",
    "mongodb": "The store is MongoDB: use mongodump --oplog and mongorestore --oplogReplay, and copy the keys of the"
    " data folder.",
}

ArchiveFile = Annotated[Path, typer.Argument(help="The archive.", parser=named_path, metavar="FILE")]


def backup(file: ArchiveFile, *, data: DataFolder = None, store: Store = None) -> None:
    """Write an archive of the database, the signing keys and the mode, while servers run.

    Requests that the server answered before the backup began are in it, with their replays and the audit trail. The
    archive has keys and patient data: its mode is 0600, and it belongs on an encrypted disk. Exit codes: 2 if the
    store is not SQLite, or if a file cannot be used.

    Example: preauth backup /backups/preauth-monday.tar
    """
    settings = _settings(data, store)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        manifest = write_archive(settings.data, file, now)
    except RuntimeError as refused:
        raise ended(str(refused), CANNOT_USE) from refused
    typer.echo(f"{file}: {file.stat().st_size:,} bytes, {_contents(manifest)}.")


def restore(file: ArchiveFile, *, data: DataFolder = None) -> None:
    """Restore an archive into a new data folder, and check every page of its database.

    Exit codes: 2 if the folder is not empty, or if the archive is damaged.

    Example: preauth restore /backups/preauth-monday.tar --data ./restored
    """
    settings = _settings(data, None)
    try:
        manifest = restore_archive(file, settings.data)
    except RuntimeError as refused:
        raise ended(str(refused), CANNOT_USE) from refused
    typer.echo(f"{settings.data}: restored from {manifest.created}, {_contents(manifest)}.")


def _settings(data: Path | None, store: str | None) -> Settings:
    settings = usable_settings(data, store=store)
    kind = settings.store.partition(":")[0].partition("+")[0]
    if kind in _ELSEWHERE:
        raise ended(_ELSEWHERE[kind], CANNOT_USE)
    return settings


def _contents(manifest: Manifest) -> str:
    keys = sum(name.endswith(".pem") for name in manifest.files)
    return f"mode {manifest.mode}: {DATABASE_FILE} and {counted(keys, 'signing key')}"
