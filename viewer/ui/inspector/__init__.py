"""The inspector: labels of a page, the one selected, details, problems, issues and raw JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from viewer.ui.inspector.panel import InspectorPanel

__all__ = ["InspectorPanel"]


def __getattr__(name: str) -> Any:
    """On first use: what is here without Qt can be used without it."""
    if name == "InspectorPanel":
        from viewer.ui.inspector.panel import InspectorPanel

        return InspectorPanel
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
