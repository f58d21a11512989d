"""Above the list of labels: the field that filters it, and the button that says how it is grouped."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from viewer.ui import icons, theme
from viewer.ui.inspector.listing import Grouping
from viewer.ui.widgets.buttons import FlatButton


class FilterField(QLineEdit):
    """A line of text with an icon at the left."""

    down = Signal()

    def __init__(self, text: str, parent: QWidget | None = None, *, icon: str = "list-filter") -> None:
        super().__init__(parent)
        self._icon = icon
        self.setFont(theme.font(theme.BODY_PX))
        self.setPlaceholderText(text)
        self.setAccessibleName(text)
        self.setTextMargins(22, 0, 0, 0)
        self.setClearButtonEnabled(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Down:
            self.down.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        picture = icons.pixmap(self._icon, 16, theme.current().text3, self.devicePixelRatioF())
        painter.drawPixmap(9, (self.height() - 16) // 2, picture)
        painter.end()


class GroupingButton(FlatButton):
    """Opens the ways to group."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, look="framed", pixels=theme.SECOND_PX)
        self._texts: dict[Grouping, str] = {
            "class": self.tr("By class"), "tool": self.tr("By tool"), "track": self.tr("By track"),
            "person": self.tr("By person"), "page": self.tr("By page"),
        }  # fmt: skip
        self.offered: tuple[Grouping, ...] = ("class", "tool", "person")
        self.tell("class")
        self.clicked.connect(self._open)

    def tell(self, grouping: Grouping) -> None:
        """Which one is in force."""
        self.grouping = grouping
        self.setText(self._texts[grouping])
        self.setAccessibleName(self.tr("Grouping: {0}").format(self._texts[grouping]))
        self.setToolTip(self.tr("How labels are grouped"))
        self.updateGeometry()

    def menu(self) -> QMenu:
        """The ways that fit the asset."""
        menu = QMenu(self)
        for key in self.offered:
            action = menu.addAction(self._texts[key])
            action.setCheckable(True)
            action.setChecked(key == self.grouping)
            action.triggered.connect(lambda _on=False, key=key: self.chosen.emit(key))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _open(self) -> None:
        self.menu().popup(self.mapToGlobal(QPoint(0, self.height() + 4)))

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        hint.setWidth(hint.width() + 18)
        return hint

    def paint_content(self, painter: QPainter, ink: str) -> None:
        t = theme.current()
        painter.setPen(QColor(ink))
        painter.setFont(self.font())
        width = QFontMetrics(self.font()).horizontalAdvance(self.text())
        painter.drawText(10, 0, width + 2, self.height(), Qt.AlignmentFlag.AlignVCenter, self.text())
        picture = icons.pixmap("chevron-down", 12, t.text2, self.devicePixelRatioF())
        painter.drawPixmap(10 + width + 6, (self.height() - 12) // 2, picture)
