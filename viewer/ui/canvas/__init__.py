"""The canvas: a page, the labels over it, and the pointer. `Canvas` is the widget, `PageContent` what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from viewer.ui.canvas.widget import Canvas, PageContent

__all__ = ["Canvas", "PageContent"]


def __getattr__(name: str) -> Any:
    """Load the widget on first use: the command line paints with `painter` alone, without QtWidgets."""
    if name in __all__:
        from viewer.ui.canvas import widget

        return getattr(widget, name)
    raise AttributeError(name)
