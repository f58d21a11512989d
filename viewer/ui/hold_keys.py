"""A key that means one thing while it is held and another when it is tapped: H peeks, or hides one label."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

HELD_S = 0.25
"""Held longer than this it was a look, and releasing it undoes it (peers.md §5.3)."""


class HoldKey(QObject):
    """Acts on press; on release after a hold undoes it, after a tap does the other thing."""

    def __init__(
        self,
        widgets: tuple[QWidget, ...],
        key: Qt.Key,
        *,
        hold: Callable[[bool], object],
        tap: Callable[[], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(widgets[0])
        self._key, self._hold, self._tap, self._clock = key, hold, tap, clock
        self._since: float | None = None
        self.holds = True
        """Off: the key only taps (for those who cannot hold one)."""
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Press, release, and the focus that goes away meanwhile."""
        kind = event.type()
        if isinstance(event, QKeyEvent) and event.key() == self._key and not event.modifiers():
            if kind == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if kind == QEvent.Type.KeyPress:
                if not event.isAutoRepeat():
                    self._press()
                return True
            if kind == QEvent.Type.KeyRelease:
                if not event.isAutoRepeat():
                    self._release(tapped=True)
                return True
        if kind == QEvent.Type.FocusOut:
            self._release(tapped=False)
        return super().eventFilter(watched, event)

    def _press(self) -> None:
        self._since = self._clock()
        if self.holds:
            self._hold(True)

    def _release(self, *, tapped: bool) -> None:
        since, self._since = self._since, None
        if since is None:
            return
        if self.holds:
            self._hold(False)
        if tapped and (not self.holds or self._clock() - since < HELD_S):
            self._tap()
