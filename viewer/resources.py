"""Where the files that come with the program are: icons, font, demo, translations."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

_PACKAGE = Path(__file__).resolve().parent


def folder() -> Path:
    """``viewer/_resources`` in a wheel or a frozen program, else ``resources`` beside the package."""
    installed = _PACKAGE / "_resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


def path(name: str) -> Path:
    """The file or folder `name` (with ``/``, inside of the resources), as in ``path("demo")``.

    Raises ValueError for a name that leads out, FileNotFoundError when the installation is incomplete.
    """
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts:
        raise ValueError(f"{name!r} does not lie inside of the resources")
    found = folder().joinpath(*parts.parts)
    if not found.exists():
        raise FileNotFoundError(f"{name} is missing from {folder()}: the installation is incomplete, install again")
    return found
