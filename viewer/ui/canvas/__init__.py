"""The canvas: a page, the labels over it, and the pointer. `Canvas` is the widget, `PageContent` what it shows."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from viewer.ui.canvas.content import PageContent
    from viewer.ui.canvas.corners import Corners
    from viewer.ui.canvas.pins import Pin
    from viewer.ui.canvas.view import Place
    from viewer.ui.canvas.widget import Canvas

__all__ = ["Canvas", "Corners", "PageContent", "Pin", "Place"]

_MODULES = {"Canvas": "widget", "Corners": "corners", "PageContent": "content", "Pin": "pins", "Place": "view"}


def __getattr__(name: str) -> Any:
    """Load the widget on first use: the command line paints with `painter` alone, without QtWidgets."""
    if name in _MODULES:
        return getattr(importlib.import_module(f"viewer.ui.canvas.{_MODULES[name]}"), name)
    raise AttributeError(name)
