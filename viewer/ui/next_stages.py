"""Makes the shapes of the stages that may be shown next, while nothing else is to be done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from viewer import state
from viewer.ui.ahead import FROM_LABELS, likely, prepare
from viewer.ui.scene import Scene
from viewer.ui.session import Session

IDLE_MS = 250
"""Without another page or stage before it begins."""


class NextStages(QObject):
    """`after` says what is shown; `stop` that something else is going to be."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._scene: Scene | None = None
        self._round = 0
        self.scale: Callable[[], float] = lambda: 1.0
        """Device pixels per page pixel that a page is shown with; the window knows."""
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self._make)

    def after(self, scene: Scene) -> None:
        """This page is shown: where that takes long, make it of the other stages a moment from now."""
        self._scene = scene
        if len(scene.placed) >= FROM_LABELS:
            self._idle.start()

    def stop(self) -> None:
        """Leave off what was begun."""
        self._round += 1
        self._scene = None
        self._idle.stop()

    def _make(self) -> None:
        s, scene, round_ = self._session, self._scene, self._round
        asset, task, place, look = s.asset, s.task, s.state.place, s.state.look
        if scene is None or asset is None or task is None or asset.index != place.asset:
            return
        count = len(task.snapshots)
        stages = likely(state.snapshot_index(place, count), place.reference, count)
        wanted = [task.snapshots[i] for i in stages]
        scale, palette, fill, scenes = self.scale(), s.palette, s.loader.fill, s.loader.scenes

        def make() -> None:
            for snapshot in wanted:
                if round_ != self._round:
                    break  # one looks at something else by now
                made = scenes.of(asset, snapshot.labels, scene.page, scene.info, palette=palette, look=look, fill=fill)
                prepare(made.store, scale)

        s.tasks.run(make, lambda _none: None, slow=True)
