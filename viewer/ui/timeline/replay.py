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
        self._skip: int | None = None

    @property
    def is_running(self) -> bool:
        """Whether it plays."""
        return self._timer.isActive()

    def set_interval(self, milliseconds: int) -> None:
        """How long a stage stays."""
        self._timer.setInterval(max(1, milliseconds))

    def start(self, shown: int, count: int, *, skip: int | None = None) -> None:
        """From the stage shown, or from the first one where it is the last; a single stage is no history.

        `skip`: the stage that the others are compared with is not shown beside itself.
        """
        if count < 2 or self.is_running:
            return
        self._count, self._shown, self._wanted, self._skip = count, shown, shown, skip
        self._timer.start()
        self.changed.emit(True)
        if self._after(shown) is None:
            self._ask(self._after(-1))

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
        self._ask(self._after(self._shown))

    def _after(self, stage: int) -> int | None:
        return next((i for i in range(stage + 1, self._count) if i != self._skip), None)

    def _ask(self, stage: int | None) -> None:
        if stage is None:
            self.stop()
        else:
            self._wanted = stage
            self.stepped.emit(stage)
