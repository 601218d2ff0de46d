"""Load profiles from the shipped folders and from FHIR packages of the operator.

A package is a gzipped tar with its files under `package/` (https://confluence.hl7.org/display/FHIR/NPM+Package+Specification).
It is read in memory and never unpacked, so no file name in it reaches the file system.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from app.codes import PAS
from app.conformance.definitions.definitions import Definitions
from app.conformance.files import folder

Json = dict[str, Any]

_KINDS = ("StructureDefinition-", "ValueSet-", "CodeSystem-")
MALFORMED = (LookupError, TypeError, ValueError, AttributeError)
"""The exceptions that reading or compiling a malformed definition can raise."""

_MAX_PACKAGE = 64 * 1024 * 1024
_MAX_UNZIPPED = 256 * 1024 * 1024


class PackageRefused(Exception):  # noqa: N818 - a fault of a package, not of the program
    """A package is refused. The message names it and gives the reason."""


def shipped(edition: str) -> Iterator[Json]:
    """Yield the resources of an edition's folder. Raises FileNotFoundError if the installation lacks it."""
    for file in sorted((folder("profiles") / f"davinci-pas-{edition}").rglob("*.json")):
        yield msgspec.json.decode(file.read_bytes(), type=dict[str, Any])


def edition_definitions(
    edition: str, packages: Path | None = None, pins: Mapping[str, str] | None = None
) -> Definitions:
    """Return the definitions of an edition: the shipped profiles, then the packages in a folder.

    `pins` has the sha256 of each package by file name. If given, it must match the packages in the folder exactly.
    Raises PackageRefused.
    """
    resources = [*shipped(edition)]
    complete = [PAS]
    for file in _packages(packages, pins or {}):
        contents = read_package(file, None if pins is None else pins.get(file.name, ""))
        _check_readable(file, contents)
        canonical = next((resource["canonical"] for resource in contents if "canonical" in resource), None)
        complete += [f"{canonical}/StructureDefinition/"] if canonical else []
        resources += contents
    return Definitions(resources, complete)


def read_package(file: Path, sha256: str | None = None) -> list[Json]:
    """Read the manifest and the definitions of a package. Raises PackageRefused."""
    data = _bounded(file)
    if sha256 is not None:
        _check_pin(file, hashlib.sha256(data).hexdigest(), sha256.lower())
    try:
        return list(_members(data, file.name))
    except (
        tarfile.TarError,
        OSError,
        EOFError,
        zlib.error,
        msgspec.MsgspecError,
        UnicodeDecodeError,
        RecursionError,
    ) as error:
        raise PackageRefused(f"{file} is not a readable FHIR package: {error}") from error


def _packages(packages: Path | None, pins: Mapping[str, str]) -> list[Path]:
    if packages is not None and not packages.is_dir():
        raise PackageRefused(f"{packages} must be a folder of packages.")
    files = sorted(packages.glob("*.tgz")) if packages is not None else []
    missing = sorted(pins.keys() - {file.name for file in files})
    if missing:
        where = f"is not in {packages}" if packages is not None else "no folder of packages is set"
        raise PackageRefused(f"The package {missing[0]} is pinned but {where}.")
    return files


def _check_pin(file: Path, actual: str, pinned: str) -> None:
    if not pinned:
        raise PackageRefused(f"{file} must be pinned by its sha256, which is {actual}.")
    if pinned != actual:
        raise PackageRefused(f"{file} must have the pinned sha256 {pinned}, but it has {actual}.")


def _check_readable(file: Path, contents: list[Json]) -> None:
    try:
        Definitions(contents)
    except MALFORMED as error:
        raise PackageRefused(f"{file} has a definition that is not valid R4.") from error


def _bounded(file: Path) -> bytes:
    with file.open("rb") as opened:
        data = opened.read(_MAX_PACKAGE + 1)
    if len(data) > _MAX_PACKAGE:
        raise PackageRefused(f"{file} must not exceed {_MAX_PACKAGE} bytes.")
    return data


def _members(data: bytes, name: str) -> Iterator[Json]:
    """Yield the manifest and the definitions as JSON, within the size limit."""
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as zipped:
        unzipped = zipped.read(_MAX_UNZIPPED + 1)
    if len(unzipped) > _MAX_UNZIPPED:
        raise PackageRefused(f"{name} must not exceed {_MAX_UNZIPPED} bytes unzipped.")
    with tarfile.open(fileobj=io.BytesIO(unzipped), mode="r:") as package:
        for member in package:
            opened = package.extractfile(member) if member.isreg() and _is_definition(member.name) else None
            if opened is not None:
                yield msgspec.json.decode(opened.read(), type=dict[str, Any])


def _is_definition(name: str) -> bool:
    parent, _, file = name.rpartition("/")
    return parent == "package" and file.endswith(".json") and (file.startswith(_KINDS) or file == "package.json")
