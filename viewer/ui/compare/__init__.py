"""Two or more stages of one page beside or over each other: `MODES` are the ways, `CompareView` is the widget.

A new mode is one file here and one line in `modes.MODES`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from viewer.ui.compare.modes import MODES
    from viewer.ui.compare.pages import ComparedStages, StageWords
    from viewer.ui.compare.view import CompareView

__all__ = ["MODES", "CompareView", "ComparedStages", "StageWords"]

_MODULES = {"MODES": "modes", "CompareView": "view", "ComparedStages": "pages", "StageWords": "pages"}


def __getattr__(name: str) -> Any:
    """Load widgets on first use: the command line needs `pages` alone, without QtWidgets."""
    if name in _MODULES:
        return getattr(importlib.import_module(f"viewer.ui.compare.{_MODULES[name]}"), name)
    raise AttributeError(name)
