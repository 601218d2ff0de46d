"""An archive has the database, the keys and the mode; a restore overwrites no file and trusts no archive."""

from __future__ import annotations

import io
import stat
import tarfile
from pathlib import Path

import msgspec
import pytest

from app.adapters.backup.archive import MANIFEST, Manifest, restore_archive, write_archive
from app.adapters.sqlite.store import SqliteDocuments
from app.adapters.tokens.key_files import KEY_FILE, load_or_create_key
from app.ports import Document, Insert
from app.records.kinds import TERM_TABLE
from app.safety.data_folder import DATABASE_FILE, MODE_FILE, claim_folder

NOW = "2026-01-01T00:00:00+00:00"
ROW = Document("note", "1", "kept")


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """Return the folder of a production server that has stored one document."""
    folder = tmp_path / "data"
    claim_folder(folder, "production")
    load_or_create_key(folder)
    (folder / "server.log").touch()
    documents = SqliteDocuments(folder / DATABASE_FILE)
    await documents.start(TERM_TABLE)
    await documents.commit(Insert(ROW))
    await documents.close()
    return folder


async def test_a_restored_folder_has_the_same_rows_keys_and_mode(folder: Path, tmp_path: Path) -> None:
    written = write_archive(folder, tmp_path / "a.tar", NOW)
    restored = tmp_path / "restored"
    assert restore_archive(tmp_path / "a.tar", restored) == written
    assert set(written.files) == {DATABASE_FILE, MODE_FILE, KEY_FILE}
    assert sorted(path.name for path in restored.iterdir()) == sorted(written.files)
    assert (restored / KEY_FILE).read_bytes() == (folder / KEY_FILE).read_bytes()
    assert (restored / MODE_FILE).read_text(encoding="utf-8") == "production\n"
    documents = SqliteDocuments(restored / DATABASE_FILE)
    await documents.start(TERM_TABLE)
    assert await documents.get("note", "1") == ROW
    await documents.close()


async def test_archive_and_restored_files_are_for_their_owner_only(folder: Path, tmp_path: Path) -> None:
    write_archive(folder, tmp_path / "a.tar", NOW)
    restore_archive(tmp_path / "a.tar", tmp_path / "restored")
    files = [tmp_path / "a.tar", *(tmp_path / "restored").iterdir()]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "restored").stat().st_mode) == 0o700


def test_a_backup_overwrites_no_file_and_leaves_no_draft(folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "backups" / "a.tar"
    archive.parent.mkdir()
    write_archive(folder, archive, NOW)
    before = archive.read_bytes()
    with pytest.raises(RuntimeError, match="A backup overwrites no file"):
        write_archive(folder, archive, NOW)
    assert archive.read_bytes() == before
    assert list(archive.parent.iterdir()) == [archive]


@pytest.mark.parametrize("present", [MODE_FILE, DATABASE_FILE, "notes.txt"])
def test_a_restore_needs_an_empty_folder(folder: Path, tmp_path: Path, present: str) -> None:
    write_archive(folder, tmp_path / "a.tar", NOW)
    target = tmp_path / "target"
    target.mkdir()
    (target / present).write_text("demo\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match="A restore overwrites no file"):
        restore_archive(tmp_path / "a.tar", target)
    assert [path.name for path in target.iterdir()] == [present]


def test_a_folder_without_a_database_has_no_backup(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="has no database of a server"):
        write_archive(tmp_path, tmp_path / "a.tar", NOW)


def test_a_damaged_database_is_not_archived(folder: Path, tmp_path: Path) -> None:
    with (folder / DATABASE_FILE).open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 8192)
    with pytest.raises(RuntimeError, match=r"damaged|failed"):
        write_archive(folder, tmp_path / "a.tar", NOW)
    assert not (tmp_path / "a.tar").exists()


def forged(archive: Path, manifest: bytes, **files: bytes) -> Path:
    with tarfile.open(archive, "w") as tar:
        for name, content in {MANIFEST: manifest, **files}.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return archive


def listing(*names: str) -> bytes:
    return msgspec.json.encode(Manifest(NOW, "demo", dict.fromkeys(names, "0" * 64)))


@pytest.mark.acceptance("E60")
@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "a/b", "mode/../../x", "..", "server.log", "\x00"])
def test_an_archive_that_names_another_file_is_refused(tmp_path: Path, name: str) -> None:
    archive = forged(tmp_path / "a.tar", listing(name))
    with pytest.raises(RuntimeError, match="names a file that no backup has"):
        restore_archive(archive, tmp_path / "target")
    assert [path.name for path in tmp_path.iterdir()] == ["a.tar"]


@pytest.mark.acceptance("E60")
def test_a_link_in_an_archive_is_not_followed(tmp_path: Path) -> None:
    archive = tmp_path / "a.tar"
    forged(archive, listing(MODE_FILE))
    with tarfile.open(archive, "a") as tar:
        link = tarfile.TarInfo(MODE_FILE)
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(RuntimeError, match="cannot be restored"):
        restore_archive(archive, tmp_path / "target")
    assert not (tmp_path / "target").exists()


def test_a_file_with_another_digest_is_refused(tmp_path: Path) -> None:
    archive = forged(tmp_path / "a.tar", listing(MODE_FILE), mode=b"production\n")
    with pytest.raises(RuntimeError, match="mode has another digest"):
        restore_archive(archive, tmp_path / "target")
    assert not (tmp_path / "target").exists()


@pytest.mark.acceptance("E60")
def test_a_file_that_is_larger_than_its_archive_fills_no_disk(tmp_path: Path) -> None:
    archive = forged(tmp_path / "a.tar", listing(DATABASE_FILE))
    with tarfile.open(archive, "a") as tar:
        sparse = tarfile.TarInfo(DATABASE_FILE)
        sparse.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": str(1 << 40)}
        sparse.size = 512
        tar.addfile(sparse, io.BytesIO(b"0\n".ljust(512, b"\0")))
    with pytest.raises(RuntimeError, match="its files are larger than the archive"):
        restore_archive(archive, tmp_path / "target")
    assert [path.name for path in tmp_path.iterdir()] == ["a.tar"]


@pytest.mark.acceptance("E60")
def test_many_links_to_one_file_fill_no_disk(tmp_path: Path) -> None:
    archive = forged(tmp_path / "a.tar", listing(MODE_FILE), content=b"demo\n")
    with tarfile.open(archive, "a") as tar:
        link = tarfile.TarInfo(MODE_FILE)
        link.type, link.linkname = tarfile.LNKTYPE, "content"
        tar.addfile(link)
    with pytest.raises(RuntimeError, match="mode is not a file"):
        restore_archive(archive, tmp_path / "target")


async def test_an_archive_of_a_demo_does_not_pass_as_one_of_production(folder: Path, tmp_path: Path) -> None:
    write_archive(folder, tmp_path / "a.tar", NOW)
    with tarfile.open(tmp_path / "a.tar") as tar:
        files = {member.name: tar.extractfile(member) for member in tar}
        contents = {name: file.read() for name, file in files.items() if file is not None}
    manifest = contents.pop(MANIFEST).replace(b'"production"', b'"demo"')
    with pytest.raises(RuntimeError, match="different modes"):
        restore_archive(forged(tmp_path / "b.tar", manifest, **contents), tmp_path / "target")
    assert not (tmp_path / "target").exists()


@pytest.mark.parametrize("manifest", [b"", b"[]", b"{", b"\xff", b"[" * 60_000, b"{}"])
def test_an_unreadable_manifest_is_refused(tmp_path: Path, manifest: bytes) -> None:
    with pytest.raises(RuntimeError, match="cannot be restored"):
        restore_archive(forged(tmp_path / "a.tar", manifest), tmp_path / "target")


@pytest.mark.parametrize("content", [b"", b"no archive", b"{}"])
def test_a_file_without_an_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.tar").write_bytes(content)
    with pytest.raises(RuntimeError, match="cannot be restored"):
        restore_archive(tmp_path / "a.tar", tmp_path / "target")
