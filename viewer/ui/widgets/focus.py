"""Focus that is shown only while the keyboard is in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractItemView as _Base
else:
    _Base = object

KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class RingedRows(_Base):
    """For item views, before the view among the bases: `ring` says whether the current row shows a focus ring."""

    ring = False

    def set_ring(self, on: bool) -> None:
        """Show it or not."""
        if self.ring != on:
            self.ring = on
            self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.set_ring(event.reason() in KEYBOARD)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.set_ring(False)
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.set_ring(True)
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.set_ring(False)
        super().mousePressEvent(event)
