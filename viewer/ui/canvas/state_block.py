"""What stands on the canvas in words when there is no picture: title, text and what can be done."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QLayout, QScrollArea, QSizePolicy, QWidget

from viewer.errors import one_line
from viewer.ui import icons, theme
from viewer.ui.widgets.buttons import FlatButton
from viewer.ui.widgets.layout import Divider, Text, column, row
from viewer.ui.widgets.marks import draw_card, draw_keys

WIDTH = 520
TILE, ICON = 44, 24
ROW, PAD = 60, 16
TO_ROWS = frozenset((Qt.Key.Key_Tab, Qt.Key.Key_Backtab))
ON_ROWS = TO_ROWS | {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Up, Qt.Key.Key_Down}


class Way(NamedTuple):
    """Something that can be done about a state."""

    text: str
    act: Callable[[], object]
    icon: str = ""
    line: str = ""
    """What it does, in one line. With it the way is a row of 60 px, without it a link below the rows."""
    keys: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What is said beside title and text: an icon in the `tone` (``text2``, ``warn``, ``error``), a technical line."""

    icon: str = "image"
    tone: str = "text2"
    technical: str = ""


NO_WORDS = Words()


class StateBlock(QScrollArea):
    """A left-aligned block in the middle of its parent, which it covers; what does not fit is scrolled to."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas = parent
        self.setObjectName("state_block")
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._ground = _Ground()
        self.setWidget(self._ground)
        self._block = QWidget(self._ground)
        self._tile = _Tile(self._block)
        self._title = _words(theme.TITLE_PX, 600, "state_title", theme.SPACE_L, self._block)
        self._text = _words(theme.BODY_PX, 400, "state_text", theme.SPACE_S, self._block)
        self._card = _Card(self._block)
        self._links = QWidget(self._block)
        self._technical = Text("", self._block, pixels=theme.CAPTION_PX, tone="text3",
                               elide=Qt.TextElideMode.ElideRight)  # fmt: skip
        self._technical.setContentsMargins(0, theme.SPACE_S, 0, 0)
        self._buttons: list[FlatButton] = []
        self._block.setLayout(column(self._tile, self._title, self._text, self._card, self._links, self._technical))
        parent.installEventFilter(self)
        self.hide()

    def show_words(self, title: str, text: str, ways: Sequence[Way], words: Words = NO_WORDS) -> None:
        """Show these words, with a row or a link for each way."""
        had_focus = any(button.hasFocus() for button in self._buttons)
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._tile.tell(words.icon, words.tone)
        self._technical.setText(words.technical)
        self._technical.setVisible(bool(words.technical))
        for button in self._buttons:
            button.hide()
            button.setParent(None)
            button.deleteLater()
        rows = [_Row(way, self._card, first=i == 0) for i, way in enumerate(w for w in ways if w.line)]
        links = [_Link(way, self._links) for way in ways if not way.line]
        self._card.take(rows)
        self._take_links(links)
        self._buttons = [*rows, *links]
        for before, after in itertools.pairwise(self._buttons):
            QWidget.setTabOrder(before, after)
        for button in self._buttons:
            button.show()  # a layout would do it later, and what is not shown takes no focus
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.show()
        self.place()
        self.verticalScrollBar().setValue(0)
        if had_focus and self._buttons:
            self._buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_links(self, links: Sequence[FlatButton]) -> None:
        """Beside each other while they fit, else below each other."""
        width = sum(link.sizeHint().width() for link in links) + theme.SPACE_L * max(0, len(links) - 1)
        if width <= self._room():
            layout: QBoxLayout = row(*links, None, spacing=theme.SPACE_L, margins=(0, theme.SPACE_M, 0, 0))
        else:
            layout = column(*links, margins=(0, theme.SPACE_M, 0, 0))
        _lay_out(self._links, layout)
        self._links.setVisible(bool(links))

    def _room(self) -> int:
        return max(min(WIDTH, self._canvas.width() - 2 * theme.SPACE_XL), 80)

    def place(self) -> None:
        """Take the place of the canvas."""
        parent = self._canvas
        self.setGeometry(parent.rect())
        width = self._room()
        layout = self._block.layout()
        assert layout is not None
        layout.activate()
        height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        top = max((parent.height() - height) * 2 // 5, theme.SPACE_L)  # a little above the middle, as pages are read
        self._ground.resize(parent.width(), max(parent.height(), top + height + theme.SPACE_L))
        self._block.setGeometry((parent.width() - width) // 2, top, width, height)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """What lies behind gets the keys."""
        self._canvas.setFocus(Qt.FocusReason.MouseFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Where there is no picture, Tab leads from the canvas to what can be done, and not to the next label."""
        if watched is self._canvas and self.isVisible() and self._buttons:
            if _is_own(event, TO_ROWS):
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in TO_ROWS:
                forward = event.key() == Qt.Key.Key_Tab
                reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
                self._buttons[0 if forward else -1].setFocus(reason)
                return True
        return super().eventFilter(watched, event)

    @property
    def words(self) -> tuple[str, str]:
        """(title, text) as they stand there."""
        return self._title.text(), self._text.text()


class _Ground(QWidget):
    """The canvas itself in dark; in light, where it would be too grey for words, the ground of the window."""

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(t.canvas if t.dark else t.window))
        painter.end()


def _words(pixels: int, weight: int, name: str, above: int, parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setObjectName(name)
    label.setContentsMargins(0, above, 0, 0)
    label.setFont(theme.font(pixels, weight))
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)  # texts may come from an export
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _lay_out(widget: QWidget, layout: QLayout) -> None:
    """Another layout."""
    old = widget.layout()
    if old is not None:
        QWidget().setLayout(old)  # Qt's way to be rid of one
    widget.setLayout(layout)


def _is_own(event: QEvent, keys: frozenset[int]) -> bool:
    """Whether a key without Ctrl or Alt that may be a shortcut is one of `keys`."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    return event.key() in keys and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier


class _Presses(FlatButton):
    """Enter presses it as Space does; arrows and Tab go on to the next; none of these is a shortcut here."""

    def event(self, event: QEvent) -> bool:
        """Take the keys before the canvas has them, for which they mean labels and pages."""
        if _is_own(event, ON_ROWS):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)


class _Link(_Presses):
    """Words in the colour of links; they begin where the block does."""

    def __init__(self, way: Way, parent: QWidget) -> None:
        super().__init__(way.text, parent, icon=way.icon, height=theme.CONTROL, tip=way.keys)
        self.setAccessibleName(way.text)
        self.clicked.connect(lambda _on=False: way.act())

    def grounds(self) -> tuple[str, str, str]:
        ground, border, _ = super().grounds()
        return ground, border, theme.current().accent

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width() - 8, theme.CONTROL)

    def paint_content(self, painter: QPainter, ink: str) -> None:
        x = 0
        if self._icon:
            painter.drawPixmap(
                x, (self.height() - 16) // 2, icons.pixmap(self._icon, 16, ink, self.devicePixelRatioF())
            )
            x += 22
        painter.setPen(QColor(ink))
        painter.setFont(self.font())
        painter.drawText(self.rect().adjusted(x, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())


class _Tile(QWidget):
    """The icon of a state on a ground of its tone."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(TILE, TILE)
        self._icon, self._tone = "image", "text2"

    def tell(self, icon: str, tone: str) -> None:
        """Another icon and tone."""
        self._icon, self._tone = icon, tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        ground = {"error": t.error_ground, "warn": t.warn_ground, "ok": t.ok_ground}.get(self._tone, t.hover)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(QRectF(self.rect()), theme.RADIUS_CARD, theme.RADIUS_CARD)
        picture = icons.pixmap(self._icon, ICON, getattr(t, self._tone), self.devicePixelRatioF())
        painter.drawPixmap(QPointF((TILE - ICON) / 2, (TILE - ICON) / 2), picture)
        painter.end()


class _Card(QWidget):
    """The rows, in one frame."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def take(self, rows: Sequence[_Row]) -> None:
        """Other rows."""
        for line in self.findChildren(Divider):
            line.setParent(None)
            line.deleteLater()
        layout = column(margins=(1, 1 + theme.SPACE_L, 1, 1))
        for i, each in enumerate(rows):
            if i:
                layout.addWidget(Divider(self))
            layout.addWidget(each)
        _lay_out(self, layout)
        self.setVisible(bool(rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_card(painter, QRectF(self.rect()).adjusted(0.0, theme.SPACE_L, 0.0, 0.0), theme.current().panel)
        painter.end()


class _Row(_Presses):
    """Icon, text over one line of explanation, keys, and a sign that it leads on."""

    def __init__(self, way: Way, parent: QWidget, *, first: bool) -> None:
        super().__init__(way.text, parent, icon=way.icon or "chevron-right", icon_size=20, height=ROW)
        self._line, self._keys, self._first = one_line(way.line), way.keys, first
        self.setObjectName("state_action_first" if first else "state_action")
        self.setAccessibleDescription(self._line)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda _on=False: way.act())

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, ROW)

    def grounds(self) -> tuple[str, str, str]:
        t = theme.current()
        hot = self.underMouse() or self.isDown()
        return (t.hover if hot else ""), "", t.accent if self._first else t.text2

    def paint_content(self, painter: QPainter, ink: str) -> None:
        t = theme.current()
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(PAD, (ROW - 20) // 2, icons.pixmap(self._icon, 20, ink, ratio))
        right = self.width() - PAD - 16
        painter.drawPixmap(right, (ROW - 16) // 2, icons.pixmap("chevron-right", 16, t.text3, ratio))
        if self._keys:
            right -= theme.SPACE_M + draw_keys(painter, right - theme.SPACE_M, ROW // 2, self._keys)
        left = PAD + 20 + theme.SPACE_L
        for text, y, height, face, tone in (
            (self.text(), 11, 20, theme.font(theme.BODY_PX, 500), t.text),
            (self._line, 31, 18, theme.font(theme.SECOND_PX), t.text2),
        ):
            _line(painter, QRectF(left, y, right - left - theme.SPACE_S, height), text, face, tone)


def _line(painter: QPainter, box: QRectF, text: str, face: QFont, tone: str) -> None:
    painter.setFont(face)
    painter.setPen(QColor(tone))
    shown = QFontMetrics(face).elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
