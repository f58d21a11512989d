"""Exports come as ZIP files: which member is the export, and which archives are refused."""

from __future__ import annotations

import zipfile
from typing import IO, NamedTuple

from viewer import limits
from viewer.errors import ExportError

SUFFIXES = (".json", ".ndjson", ".jsonl")
ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


class Member(NamedTuple):
    """The JSON member of an archive. Its name is only read, never used as a path."""

    archive_name: str
    info: zipfile.ZipInfo

    def open(self, archive: zipfile.ZipFile) -> IO[bytes]:
        """Its inflated bytes. Raises ExportError when the archive is inconsistent."""
        try:
            return archive.open(self.info)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError):
            raise ExportError(
                f"{self.archive_name} is a ZIP file that is cut or damaged. Download the export again."
            ) from None

    def damage(self, at: int, error: BaseException) -> str:
        """The sentence for a member that cannot be inflated beyond byte `at`."""
        if "CRC" in str(error):
            return (
                f"{self.archive_name}: the checksum of the unpacked export is wrong, so some of it is damaged. "
                "Download the export again."
            )
        return (
            f"{self.archive_name} is cut or damaged: it can be unpacked only up to byte {at:,}. "
            "Download the export again."
        )

    def too_large(self, size: int) -> str:
        """The sentence for an export that is larger than any may be."""
        return (
            f"{self.archive_name} unpacks to {size / limits.GB:.1f} GB, more than the "
            f"{limits.EXPORT_BYTES // limits.GB} GB that an export may have. Export fewer tasks at once."
        )

    def bomb(self, size: int) -> str:
        """The sentence for an archive that unpacks out of all proportion."""
        return (
            f"{self.archive_name} looks like a ZIP bomb: it unpacks to {size / limits.MB:,.0f} MB, more than "
            f"{limits.ZIP_RATIO} times its size. It was not opened."
        )

    def check(self) -> None:
        """Raises ExportError when the member must not be opened."""
        if self.info.flag_bits & ENCRYPTED:
            raise ExportError(
                f"{self.archive_name} is protected by a password. Unpack it yourself and open the JSON file."
            )
        if self.info.compress_type not in METHODS:
            raise ExportError(
                f"{self.archive_name} is packed with a method that is not known here. "
                "Unpack it yourself and open the JSON file."
            )


def choose(archive: zipfile.ZipFile, name: str) -> tuple[Member, ...]:
    """The members that hold the export, in the order of the archive: all that are named like JSON (a split
    export has one for each asset), else the only file.

    Raises ExportError when there is none, or when one must not be opened.
    """
    found = archive.infolist()
    if len(found) > limits.ZIP_MEMBERS:
        raise ExportError(
            f"{name} holds {len(found):,} files, more than {limits.ZIP_MEMBERS:,}. "
            "Unpack the export and open its JSON file."
        )
    files = [m for m in found if not m.is_dir() and not _is_litter(m.filename)]
    chosen = [m for m in files if m.filename.lower().endswith(SUFFIXES)] or (files if len(files) == 1 else [])
    if not chosen:
        raise ExportError(
            f"{name} is a ZIP file without a JSON file in it. Choose the ZIP that Ango Hub's export gave you."
        )
    members = tuple(Member(name, info) for info in chosen)
    for member in members:
        member.check()
    check_growth(members, sum(m.info.file_size for m in members))
    return members


def check_growth(members: tuple[Member, ...], given: int) -> None:
    """Raises ExportError when `given` unpacked bytes are more than is sane. What the archive says about its
    sizes is not trusted, so this is asked again while it is unpacked.
    """
    packed = max(1, sum(m.info.compress_size for m in members))
    if given > limits.EXPORT_BYTES:
        raise ExportError(members[0].too_large(given))
    if given > limits.ZIP_RATIO_FROM and given / packed > limits.ZIP_RATIO:
        raise ExportError(members[0].bomb(given))


def _is_litter(filename: str) -> bool:
    """Files that operating systems add to archives."""
    parts = filename.split("/")
    return "__MACOSX" in parts or parts[-1] in (".DS_Store", "Thumbs.db") or parts[-1].startswith("._")
