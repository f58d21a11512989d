"""The list of assets: what is searched, filtered and sorted, and the panel that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from viewer.ui.assets.filters import Filter
    from viewer.ui.assets.panel import AssetPanel

__all__ = ["AssetPanel", "Filter"]


def __getattr__(name: str) -> Any:
    """On first use: what is here without Qt can be used without it."""
    if name == "AssetPanel":
        from viewer.ui.assets.panel import AssetPanel

        return AssetPanel
    if name == "Filter":
        from viewer.ui.assets.filters import Filter

        return Filter
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
