from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path

import pytest

from app.conformance.definitions.packages import PackageRefused, edition_definitions, read_package
from app.conformance.validator import Validator
from tests.unit.conformance.profiles import HERE, profile

NAMED = profile("named", "Patient", {"id": "Patient.name", "min": 1}, text={"status": "generated"})
MANIFEST = {"name": "example", "canonical": "https://profiles.example.org"}


def package(folder: Path, members: dict[str, bytes], name: str = "example.tgz") -> Path:
    """Write a package; a name that ends in -> is a link to /etc/passwd."""
    file = folder / name
    with tarfile.open(file, "w:gz") as archive:
        for path, data in members.items():
            member = tarfile.TarInfo(path.removesuffix("->"))
            member.size = len(data)
            if path.endswith("->"):
                member.type, member.linkname, member.size = tarfile.SYMTYPE, "/etc/passwd", 0
            archive.addfile(member, io.BytesIO(data))
    return file


def contents() -> dict[str, bytes]:
    return {
        "package/package.json": json.dumps(MANIFEST).encode(),
        "package/StructureDefinition-named.json": json.dumps(NAMED).encode(),
        "package/Patient-example.json": b"{}",
        "package/example/StructureDefinition-x.json": b"not read",
    }


def test_only_the_definitions_of_a_package_are_read(tmp_path: Path) -> None:
    assert read_package(package(tmp_path, contents())) == [MANIFEST, NAMED]


def test_a_package_adds_to_the_definitions_of_an_edition(tmp_path: Path) -> None:
    package(tmp_path, contents())
    engine = Validator(edition_definitions("2.2.1", tmp_path))
    assert engine.knows(HERE + "named")
    assert [issue.code for issue in engine.validate({"resourceType": "Patient", "active": True}, HERE + "named")] == [
        "required"
    ]
    unknown = {"resourceType": "Patient", "extension": [{"url": HERE + "x", "valueCode": "a"}]}
    assert [issue.code for issue in engine.validate(unknown)] == ["extension"]


@pytest.mark.acceptance("E60")
def test_a_pinned_package_must_have_its_sha256(tmp_path: Path) -> None:
    file = package(tmp_path, contents())
    pin = hashlib.sha256(file.read_bytes()).hexdigest()
    assert edition_definitions("2.0.1", tmp_path, {file.name: pin.upper()}).structure(HERE + "named")
    with pytest.raises(PackageRefused, match="sha256"):
        edition_definitions("2.0.1", tmp_path, {file.name: "0" * 64})
    with pytest.raises(PackageRefused, match="sha256"):
        edition_definitions("2.0.1", tmp_path, {})


@pytest.mark.acceptance("E60")
def test_paths_out_of_the_package_are_ignored(tmp_path: Path) -> None:
    bad = {
        "../package/StructureDefinition-a.json": b"{",
        "/package/StructureDefinition-b.json": b"{",
        "package/../ValueSet-c.json": b"{",
        "package/StructureDefinition-d.json->": b"",
    }
    file = package(tmp_path, contents() | bad)
    assert read_package(file) == [MANIFEST, NAMED]
    assert [one.name for one in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize(
    "data",
    [b"", b"no archive", gzip.compress(b"no tar" * 200), gzip.compress(b"cut")[:-6]],
    ids=["nothing", "no archive", "no tar", "cut off"],
)
def test_a_file_other_than_a_package_is_rejected(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "broken.tgz"
    file.write_bytes(data)
    with pytest.raises(PackageRefused, match=r"broken\.tgz"):
        read_package(file)


@pytest.mark.parametrize("data", [b"{", b"[]", b"\xff", b"[" * 5000])
def test_a_definition_that_is_not_json_is_rejected(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(PackageRefused):
        read_package(package(tmp_path, {"package/ValueSet-a.json": data}))


def test_a_package_that_unzips_to_too_many_bytes_is_rejected(tmp_path: Path) -> None:
    file = tmp_path / "bomb.tgz"
    with gzip.open(file, "wb", compresslevel=1) as opened:
        for _ in range(257):
            opened.write(bytes(1024 * 1024))
    with pytest.raises(PackageRefused, match="bytes unzipped"):
        read_package(file)


def test_a_package_of_too_many_bytes_is_rejected_unread(tmp_path: Path) -> None:
    file = tmp_path / "large.tgz"
    with file.open("wb") as opened:
        opened.truncate(65 * 1024 * 1024)
    with pytest.raises(PackageRefused, match="must not exceed"):
        read_package(file)
