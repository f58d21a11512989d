"""Plays through the stages of a history, from the one shown to the last."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

STEP_MS = 1200
"""How long a stage stays: long enough to find with the eye what has changed."""


class Replay(QObject):
    """`stepped` asks for a stage; whoever shows it tells `show`. Another stage chosen meanwhile ends it."""

    stepped = Signal(int)
    changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(STEP_MS)
        self._timer.timeout.connect(self.step)
        self._count = 0
        self._shown = self._wanted = 0

    @property
    def is_running(self) -> bool:
        """Whether it plays."""
        return self._timer.isActive()

    def set_interval(self, milliseconds: int) -> None:
        """How long a stage stays."""
        self._timer.setInterval(max(1, milliseconds))

    def start(self, shown: int, count: int) -> None:
        """From the stage shown, or from the first one where it is the last; a single stage is no history."""
        if count < 2 or self.is_running:
            return
        self._count, self._shown, self._wanted = count, shown, shown
        self._timer.start()
        self.changed.emit(True)
        if shown >= count - 1:
            self._ask(0)

    def stop(self) -> None:
        """Stand still."""
        if self.is_running:
            self._timer.stop()
            self.changed.emit(False)

    def show(self, shown: int) -> None:
        """This stage is on the canvas."""
        if self.is_running and shown not in (self._wanted, self._shown):
            self.stop()
        self._shown = shown

    def step(self) -> None:
        """The next stage; nothing while the one before is still on its way."""
        if self._shown != self._wanted:
            return
        if self._shown >= self._count - 1:
            self.stop()
        else:
            self._ask(self._shown + 1)

    def _ask(self, stage: int) -> None:
        self._wanted = stage
        self.stepped.emit(stage)
