"""What the command line asked the window for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """One record; each field is an option of the command line."""

    export: Path | None = None
    demo: bool = False
    issues: Path | None = None
    ontology: Path | None = None
    offline: bool = False
    cache_dir: Path | None = None
    assets_dir: Path | None = None
    allow_private_hosts: bool = False
    asset: str | None = None
    """REF of the asset to open at."""
    page: int | None = None
    stage: str | None = None
    object_id: str | None = None
    smoke: bool = False
