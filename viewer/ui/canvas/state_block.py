"""What stands on the canvas in words when there is no picture: title, text and what can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

WIDTH = 520

Action = tuple[str, Callable[[], object]]
"""(text of the button, what it does)"""


class StateBlock(QWidget):
    """A left-aligned block in the middle of the canvas. Its looks come from the style sheet by object names."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas = parent
        self.setObjectName("state_block")
        self._title = QLabel(self)
        self._title.setObjectName("state_title")
        self._text = QLabel(self)
        self._text.setObjectName("state_text")
        for label in (self._title, self._text):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)  # texts may come from an export
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons: list[QPushButton] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 12, 12, 12)
        self._layout.setSpacing(8)
        self._layout.addWidget(self._title)
        self._layout.addWidget(self._text)
        self.hide()

    def show_words(self, title: str, text: str, actions: Sequence[Action]) -> None:
        """Show these words with a button for each action."""
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        for button in self._buttons:
            self._layout.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        for i, (label, act) in enumerate(actions):
            button = QPushButton(label, self)
            button.setObjectName("state_action_first" if i == 0 else "state_action")
            button.clicked.connect(lambda _checked=False, act=act: act())
            self._layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            self._buttons.append(button)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.show()
        self.place()

    def place(self) -> None:
        """Keep to the middle of the canvas."""
        parent = self._canvas
        width = max(min(WIDTH, parent.width() - 24), 80)
        height = self._layout.heightForWidth(width)
        if height < 0:
            height = self._layout.sizeHint().height()
        self.setGeometry((parent.width() - width) // 2, max((parent.height() - height) // 2, 12), width, height)

    @property
    def words(self) -> tuple[str, str]:
        """(title, text) as they stand there."""
        return self._title.text(), self._text.text()
