"""In a wide window the labels stand in a column of their own, left of the other tabs."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from viewer.ui.widgets.layout import Divider, column, row
from viewer.ui.widgets.tabs import CountTabs

COLUMN = 320
"""Width of each of the two columns."""


class LabelColumn(QWidget):
    """A heading as a tab has it, and below it what else is the first page of the stack."""

    def __init__(self, labels: QWidget, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.labels = labels
        self.heading = CountTabs(self)
        self.heading.add(name)
        self.heading.setAccessibleName(name)
        self.line = Divider(self, vertical=True)
        self._below: QVBoxLayout = column()
        left = column(row(self.heading, None, margins=(4, 0, 4, 0)), Divider(self), self._below)
        left.setStretch(2, 1)
        layout = row(left, self.line, spacing=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self._stand_in = QWidget(self)
        """In the stack, while the labels are here."""
        self.hide()

    def take(self, stack: QStackedLayout) -> None:
        """The labels stand here."""
        stack.removeWidget(self.labels)
        stack.insertWidget(0, self._stand_in)
        self._below.addWidget(self.labels)
        self.labels.show()
        self.show()

    def give_back(self, stack: QStackedLayout) -> None:
        """The labels are the first page of the stack again."""
        self._below.removeWidget(self.labels)
        stack.removeWidget(self._stand_in)
        self._stand_in.setParent(self)
        stack.insertWidget(0, self.labels)
        self.hide()
