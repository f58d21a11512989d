"""Which stage and which task is shown: plain choosers, where the timeline will stand."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from viewer.errors import one_line
from viewer.model import Asset, Task
from viewer.ui import theme


def stage_names(task: Task) -> tuple[str, ...]:
    """The stages in order; names that occur again are numbered (Label 1, Label 2)."""
    names = [one_line(s.stage or s.stage_id or ("Current" if s.is_current else f"Stage {s.index}"))[:80]
             for s in task.snapshots]  # fmt: skip
    counts: dict[str, int] = {}
    result = []
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        result.append(f"{name} {counts[name]}" if names.count(name) > 1 else name)
    return tuple(result)


class StageBar(QWidget):
    """Stage of the task, and the task where an asset has several."""

    stage_chosen = Signal(int)
    task_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(40)
        self.stage = QComboBox(self)
        self.stage.setAccessibleName(self.tr("Stage"))
        self.stage.setMinimumWidth(260)
        self.task = QComboBox(self)
        self.task.setAccessibleName(self.tr("Task"))
        self.task.setMinimumWidth(240)
        self.name = QLabel(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.SPACE_M, 0, theme.SPACE_M, 0)
        layout.setSpacing(theme.SPACE_S)
        layout.addWidget(self.stage)
        layout.addWidget(self.task)
        layout.addStretch(1)
        layout.addWidget(self.name)
        self.stage.activated.connect(self.stage_chosen)
        self.task.activated.connect(self.task_chosen)
        self._asset: Asset | None = None
        self.clear()

    def clear(self) -> None:
        """No asset is shown."""
        self._asset = None
        self.stage.clear()
        self.stage.setEnabled(False)
        self.task.hide()
        self.name.clear()

    def show_asset(self, asset: Asset) -> None:
        """The stages and tasks of an asset."""
        self._asset = asset
        self.name.setText(one_line(asset.name)[:200])
        self.task.clear()
        self.task.addItems(
            [
                f"{one_line(t.task_id or 'task')} · {one_line(str(t.fields.get('completedBy') or ''))}".rstrip(" ·")
                for t in asset.tasks
            ]
        )
        self.task.setVisible(len(asset.tasks) > 1)
        self._fill(0)
        self.mark(0, len(asset.tasks[0].snapshots) - 1)

    def mark(self, task: int, stage: int) -> None:
        """What is shown now, without choosing it again."""
        if self._asset is None:
            return
        if self.task.currentIndex() != task:
            self.task.setCurrentIndex(task)
            self._fill(task)
        self.stage.setCurrentIndex(stage)

    def _fill(self, index: int) -> None:
        assert self._asset is not None
        task = self._asset.tasks[index]
        self.stage.clear()
        for snapshot, name in zip(task.snapshots, stage_names(task), strict=True):
            parts = [name]
            if snapshot.review_status:
                parts.append(one_line(snapshot.review_status)[:40])
            parts.append("current" if snapshot.is_current else one_line(snapshot.completed_by or "")[:60])
            self.stage.addItem(" · ".join(part for part in parts if part))
        self.stage.setEnabled(len(task.snapshots) > 1)
