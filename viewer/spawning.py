"""Starting processes and importing OpenCV exclude each other.

OpenCV puts its own folder on `sys.path` while it is imported. A process spawned meanwhile inherits that path and
finds ``cv2/typing`` in the place of ``typing``: it dies before its first line.
"""

from __future__ import annotations

import threading
from types import ModuleType

LOCK = threading.Lock()
"""Held while a process is started, and while OpenCV is imported."""


def opencv() -> ModuleType:
    """OpenCV, imported at a moment when no process is being started."""
    with LOCK:
        import cv2
    module: ModuleType = cv2
    return module
