"""The header: menu, export, which asset of how many, the way to the palette, help."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from viewer.errors import one_line
from viewer.ui import icons, theme
from viewer.ui.link_chip import LinkChip
from viewer.ui.transfers.button import TransferButton
from viewer.ui.widgets.buttons import FlatButton, IconButton
from viewer.ui.widgets.layout import Divider, Text, row
from viewer.ui.widgets.marks import draw_keys

HEIGHT = 44
WIDE, SLIM = 300, 200
"""Widths of the field in wide and narrow windows."""


class MenuButton(FlatButton):
    """A text with a small arrow; a click opens what is below it."""

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(20, 0)

    def paint_content(self, painter: QPainter, ink: str) -> None:
        painter.setPen(QColor(ink))
        painter.setFont(self.font())
        box = QRectF(self.rect()).adjusted(10, 0, -28, 0)
        if self._icon:
            picture = icons.pixmap(self._icon, 16, theme.current().text2, self.devicePixelRatioF())
            painter.drawPixmap(round(box.left()), (self.height() - 16) // 2, picture)
            box.setLeft(box.left() + 22)
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, int(box.width()) + 1)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        arrow = icons.pixmap("chevron-down", 14, theme.current().text2, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - 22, (self.height() - 14) // 2, arrow)


class FindField(FlatButton):
    """Looks like a field and opens the palette, where one types."""

    def __init__(self, keys_of: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__("", parent, look="framed", height=theme.CONTROL)
        self.setAccessibleName(self.tr("Find an asset or run a command"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(160)
        self._keys_of = keys_of
        self.hint, self.wide = "", WIDE

    def sizeHint(self) -> QSize:
        return QSize(self.wide, theme.CONTROL)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, theme.CONTROL)

    def grounds(self) -> tuple[str, str, str]:
        t = theme.current()
        return (t.hover if self.underMouse() else t.window if t.dark else t.raised), t.border, t.text3

    def paint_content(self, painter: QPainter, ink: str) -> None:
        t = theme.current()
        picture = icons.pixmap("search", 16, t.text3, self.devicePixelRatioF())
        painter.drawPixmap(8, (self.height() - 16) // 2, picture)
        keys = self._keys_of("show_palette")
        width = draw_keys(painter, self.width() - 6, self.height() // 2, keys) if keys else 0
        painter.setPen(QColor(ink))
        painter.setFont(theme.font(theme.BODY_PX))
        box = self.rect().adjusted(32, 0, -width - 12, 0)
        text = painter.fontMetrics().elidedText(self.hint, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


class Header(QWidget):
    """One row of 44 px. What it says is set from outside; what is pressed is told by `asked`."""

    asked = Signal(str)
    """The id of an action."""
    recent_chosen = Signal(object)
    """Path of an export opened before."""

    def __init__(self, menu: QMenu, keys_of: Callable[[str], str], parent: QWidget | None = None) -> None:
        """`keys_of` gives the key of an action for people, "" for none; it is asked in every paint."""
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._menu = menu
        self._recents: tuple[Path, ...] = ()
        self._is_narrow = False
        self.menu_button = IconButton("menu", self.tr("Menu"), self, icon_size=18)
        self.export = MenuButton(self.tr("No export"), self)
        self.export.setMaximumWidth(300)
        self.export.setAccessibleName(self.tr("Export"))
        self.previous = IconButton("chevron-left", self.tr("Previous asset"), self, icon_size=18)
        self.position = Text("", self, tone="text2")
        self.next = IconButton("chevron-right", self.tr("Next asset"), self, icon_size=18)
        self.name = Text("", self, weight=500, elide=Qt.TextElideMode.ElideMiddle)
        self.search = FindField(keys_of, self)
        self.links = LinkChip(self)
        self.transfers = TransferButton(self)
        self.inspector = IconButton("panel-right", self.tr("Inspector"), self, icon_size=18)
        self.settings = IconButton("settings", self.tr("Settings"), self, icon_size=18)
        self.help = IconButton("circle-help", self.tr("Keys"), self, icon_size=18)
        line = self._line = Divider(self, vertical=True)
        line.setFixedHeight(20)
        layout = row(
            self.menu_button, self.export, line, self.previous, self.position, self.next, self.name, self.search,
            self.links, self.transfers,
            self.inspector, self.settings, self.help, spacing=theme.SPACE_XS, margins=(theme.SPACE_S, 0),
        )  # fmt: skip
        layout.setStretchFactor(self.name, 1)
        self.setLayout(layout)
        self.menu_button.clicked.connect(self._open_menu)
        self.export.clicked.connect(self._open_exports)
        for button, action in (
            (self.previous, "previous_asset"),
            (self.next, "next_asset"),
            (self.search, "show_palette"),
            (self.transfers, "show_transfers"),
            (self.inspector, "toggle_inspector"),
            (self.settings, "edit_settings"),
            (self.help, "show_keys"),
        ):
            button.clicked.connect(lambda _on=False, action=action: self.asked.emit(action))
        self.show_asset(None, 0, "")
        self.show_export("", ())

    def show_export(self, name: str, recents: tuple[Path, ...]) -> None:
        """The name of the open export, and the ones before it."""
        self._recents = recents
        there = bool(name)
        self.export.setText(one_line(name) if there else "ango-viewer")
        self._line.setVisible(there)
        self.transfers.setVisible(there)
        self.inspector.setVisible(there)
        self.settings.setVisible(not there)  # beside an export it is in the menu, and there is less room
        self._say_hint()
        self.export.updateGeometry()

    def fit_to(self, *, narrow: bool) -> None:
        """A shorter field in a narrow window."""
        self._is_narrow = narrow
        self.links.fit_to(narrow=narrow)
        self._say_hint()

    def _say_hint(self) -> None:
        at_start = self.inspector.isHidden()
        self.search.wide = SLIM if self._is_narrow and not at_start else WIDE
        self.search.updateGeometry()
        if at_start:
            hint = self.tr("Run a command…")
        elif self.search.wide == WIDE:
            hint = self.tr("Find an asset or run a command…")
        else:
            hint = self.tr("Find or run…")
        self.search.hint = hint
        self.search.update()

    def show_asset(self, number: int | None, count: int, name: str) -> None:
        """Which asset of how many (people count from 1) and what it is called."""
        there = number is not None
        self.position.setText(f"{number:,} of {count:,}" if there else "")
        self.position.updateGeometry()
        self.name.setText(one_line(name)[:300])
        self.previous.setVisible(there)
        self.next.setVisible(there)

    def _open_menu(self) -> None:
        self._menu.popup(self.menu_button.mapToGlobal(QPoint(0, self.menu_button.height() + 4)))

    def _open_exports(self) -> None:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for path in self._recents[:12]:
            action = menu.addAction(one_line(path.name).replace("&", "&&"))
            action.setToolTip(str(path.parent))
            action.triggered.connect(lambda _on=False, path=path: self.recent_chosen.emit(path))
        if self._recents:
            menu.addSeparator()
        menu.addAction(self.tr("Open export…"), lambda: self.asked.emit("choose_export"))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.export.mapToGlobal(QPoint(0, self.export.height() + 4)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().panel))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(theme.current().divider))
        painter.end()
