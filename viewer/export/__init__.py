"""An export: what kind of file it is, its assets one by one, and what is damaged in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viewer.export.rows import Generation, Layout, Row, Summary, Visit

if TYPE_CHECKING:
    from viewer.export.export import Export

__all__ = ["Export", "Generation", "Layout", "Row", "Summary", "Visit"]


def __getattr__(name: str) -> Any:
    """`Export` on first use: it brings numpy with it, and the process that makes the index needs none."""
    if name == "Export":
        from viewer.export.export import Export

        return Export
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
