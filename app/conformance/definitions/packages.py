"""Profiles from where they are kept: the folders this program ships, and FHIR packages that an operator adds.

A package is a gzipped tar with everything under `package/` (https://confluence.hl7.org/display/FHIR/NPM+Package+Specification).
It is read in memory and never unpacked, so that no name in it reaches the file system.
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

SHIPPED = {"2.2.1": "davinci-pas-2.2.1", "2.0.1": "davinci-pas-2.0.1"}
"""The folder of each edition under `profiles`."""

_KINDS = ("StructureDefinition-", "ValueSet-", "CodeSystem-")
NOT_AS_R4 = (LookupError, TypeError, ValueError, AttributeError)
"""What a definition can raise, when it is read or compiled, that has not the form of one."""

_MAX_PACKAGE = 64 * 1024 * 1024
_MAX_UNZIPPED = 256 * 1024 * 1024


class PackageRefused(Exception):  # noqa: N818 - it is no error of the program, but of what it was given
    """A package is not taken; the message says which and why."""


def shipped(edition: str) -> Iterator[Json]:
    """Give the resources of an edition's folder. Raises FileNotFoundError where the installation lacks it."""
    for file in sorted((folder("profiles") / SHIPPED[edition]).rglob("*.json")):
        yield msgspec.json.decode(file.read_bytes(), type=dict[str, Any])


def edition_definitions(
    edition: str, packages: Path | None = None, pins: Mapping[str, str] | None = None
) -> Definitions:
    """Return what a server goes by in an edition: the shipped profiles, then those of the packages in a folder.

    `pins` gives the sha256 of each package by file name; with it, a package that is not pinned or differs is refused,
    and so is a pin without its package. Raises PackageRefused.
    """
    resources = [*shipped(edition)]
    whole = [PAS]
    for file in _packages(packages, pins or {}):
        read = read_package(file, None if pins is None else pins.get(file.name, ""))
        _check_readable(file, read)
        canonical = next((one["canonical"] for one in read if "canonical" in one), None)
        whole += [f"{canonical}/StructureDefinition/"] if canonical else []
        resources += read
    return Definitions(resources, whole)


def read_package(file: Path, sha256: str | None = None) -> list[Json]:
    """Read a package's manifest and definitions. Raises PackageRefused for a package that is not what it must be."""
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
        raise PackageRefused(f"{packages} is no folder; packages are read from one.")
    found = sorted(packages.glob("*.tgz")) if packages is not None else []
    missing = sorted(pins.keys() - {file.name for file in found})
    if missing:
        where = f"is not in {packages}" if packages is not None else "there is no folder of packages"
        raise PackageRefused(f"The package {missing[0]} is pinned, but {where}.")
    return found


def _check_pin(file: Path, actual: str, pinned: str) -> None:
    if not pinned:
        raise PackageRefused(f"{file} is not pinned; to take it, pin its sha256, which is {actual}.")
    if pinned != actual:
        raise PackageRefused(f"{file} is not the package that was pinned: its sha256 is {actual}, not {pinned}.")


def _check_readable(file: Path, read: list[Json]) -> None:
    try:
        Definitions(read)
    except NOT_AS_R4 as error:
        raise PackageRefused(f"{file} has a definition that is not as R4 has them.") from error


def _bounded(file: Path) -> bytes:
    with file.open("rb") as opened:
        data = opened.read(_MAX_PACKAGE + 1)
    if len(data) > _MAX_PACKAGE:
        raise PackageRefused(f"{file} has more than {_MAX_PACKAGE} bytes.")
    return data


def _members(data: bytes, name: str) -> Iterator[Json]:
    """Give the JSON of the manifest and of definitions, one after the other, within bounds."""
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as zipped:
        unzipped = zipped.read(_MAX_UNZIPPED + 1)
    if len(unzipped) > _MAX_UNZIPPED:
        raise PackageRefused(f"{name} unzips to more than {_MAX_UNZIPPED} bytes.")
    with tarfile.open(fileobj=io.BytesIO(unzipped), mode="r:") as package:
        for member in package:
            opened = package.extractfile(member) if member.isreg() and _is_definition(member.name) else None
            if opened is not None:
                yield msgspec.json.decode(opened.read(), type=dict[str, Any])


def _is_definition(name: str) -> bool:
    parent, _, file = name.rpartition("/")
    return parent == "package" and file.endswith(".json") and (file.startswith(_KINDS) or file == "package.json")
