"""The page before an export is open: what to open, what was open lately, where to drop, and four keys to know."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetrics, QHideEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.ui import icons, theme
from viewer.ui.recent_card import MOST, ROW, Recent, RecentCard
from viewer.ui.widgets.buttons import FlatButton
from viewer.ui.widgets.layout import Divider, Text, column, row
from viewer.ui.widgets.marks import draw_keys, keys_width

WIDTH, LEFT = 1060, 284
LEAST = 3
"""Exports shown in a low window."""
TIPS_FROM, DROP_FROM = 760, 700
"""Heights from which there is room for the keys, and for the large place to drop."""
PADDING = theme.SPACE_M

LOOKED_MS = 60_000
"""How often it is looked whether time changed a word."""


class StartPage(QWidget):
    """In place of list, canvas and inspector while nothing is open."""

    asked = Signal(str)
    """The id of an action."""
    recent_chosen = Signal(object)
    """Path of an export opened before."""

    def __init__(self, keys_of: Callable[[str], str], parent: QWidget | None = None) -> None:
        """`keys_of` gives the key of an action for people, "" for none; it is asked in every paint."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._recents: list[Recent] = []
        title = Text(self.tr("Open an export from Ango Hub"), self, pixels=theme.START_PX, weight=600)
        subtitle = Text(self.tr("See every label where it was drawn, and what each stage changed."), self, tone="text2")
        self._open = _Entry("folder-open", self.tr("Open export…"), "choose_export", keys_of, self, primary=True)
        entries = (
            self._open,
            _Entry("package-open", self.tr("Open the demo"), "open_demo", keys_of, self),
            Divider(self),
            _Entry("keyboard", self.tr("All keys"), "show_keys", keys_of, self),
            _Entry("settings", self.tr("Settings…"), "edit_settings", keys_of, self),
        )
        self._left = QWidget(self)
        left = column(*entries, None, spacing=theme.SPACE_XS)
        self._left.setLayout(left)
        self._card = RecentCard(self)
        self._drop = _Drop(self.tr("Drop an export here"), self.tr("JSON, NDJSON or ZIP. It is never changed."), self)
        self._tips = _Tips(
            (
                (keys_of, "next_asset", self.tr("Next asset"), self.tr("Zoom and place stay as they are.")),
                (keys_of, "stage_1", self.tr("See a stage"), self.tr("A digit: the labels as that stage left them.")),
                (lambda _id: "H", "", self.tr("Hide the labels"),
                 self.tr("Hold it to see the bare picture under the labels.")),
                (keys_of, "show_palette", self.tr("Do anything"), self.tr("Every action, asset and class, by name.")),
            ),
            self,
        )  # fmt: skip
        head = row(_Sign(self), column(title, subtitle, spacing=2), None, spacing=theme.SPACE_M)
        right = column(self._card, self._drop, spacing=theme.SPACE_L)
        middle = row(self._left, right, spacing=28)
        middle.setStretch(1, 1)
        self._block = QWidget(self)
        self._whole = column(head, _gap(36), middle, _gap(36), self._tips)
        self._block.setLayout(self._whole)
        for entry in entries:
            if isinstance(entry, _Entry):
                entry.asked.connect(self.asked)
        self._card.chosen.connect(self.recent_chosen)
        self.setFocusProxy(self._open)
        self.setAccessibleName(self.tr("Start"))
        self._tick = QTimer(self)
        self._tick.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._tick.setInterval(LOOKED_MS)
        self._tick.timeout.connect(self._place)
        self.show_recents(())

    def show_recents(self, recents: Sequence[Recent]) -> None:
        """The exports opened last, the newest first."""
        self._recents = list(recents)
        self._place()

    def _place(self) -> None:
        height = self.height()
        self._tips.setVisible(height >= TIPS_FROM)
        fits = (height - 300) // ROW
        self._card.show_recents(self._recents[: max(LEAST, min(MOST, fits))], len(self._recents))
        self._card.setVisible(bool(self._recents))
        self._drop.setFixedHeight(112 if height >= DROP_FROM else 72)
        width = min(WIDTH, self.width() - 48)
        self._left.setFixedWidth(max(LEFT * width // WIDTH, 220))
        self._whole.activate()
        tall = self._block.sizeHint().height()
        self._block.setGeometry((self.width() - width) // 2, max(24, (height - tall) * 2 // 5), width, tall)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().window))
        painter.end()


def _gap(height: int) -> QWidget:
    gap = QWidget()
    gap.setFixedHeight(height)
    return gap


class _Sign(QWidget):
    """The sign of the program: A dashed and hollow behind, B solid in front."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(44, 44)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        ground, ink = (QColor(t.raised), QColor(t.text)) if t.dark else (QColor(t.text), QColor(t.raised))
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()), 10, 10)
        pen = QPen(ink, 2.0)
        pen.setDashPattern([2.0, 1.6])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(10, 10, 18, 18), 4, 4)
        painter.setPen(QPen(ink, 2.0))
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(16, 16, 18, 18), 4, 4)
        painter.end()


class _Entry(FlatButton):
    """One thing to do: icon, text, its key at the right."""

    asked = Signal(str)

    def __init__(
        self,
        icon: str,
        text: str,
        action: str,
        keys_of: Callable[[str], str],
        parent: QWidget,
        *,
        primary: bool = False,
    ) -> None:
        super().__init__(text, parent, icon=icon, height=36, look="primary" if primary else "flat")
        self._primary, self._action, self._keys_of = primary, action, keys_of
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda: self.asked.emit(action))

    def sizeHint(self) -> QSize:
        text = QFontMetrics(self.font()).horizontalAdvance(self.text())
        return QSize(PADDING + 24 + text + 16 + keys_width(self._keys_of(self._action)) + 12, 36)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, _, ink = self.grounds()
        if ground:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(QRectF(self.rect()), theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)
        middle = self.height() // 2
        picture = icons.pixmap(self._icon, 16, ink, self.devicePixelRatioF())
        painter.drawPixmap(PADDING, middle - 8, picture)
        painter.setPen(QColor(ink))
        painter.setFont(self.font())
        painter.drawText(self.rect().adjusted(PADDING + 26, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        keys = self._keys_of(self._action)
        if keys:
            faint = QColor(t.on_fill if self._primary else t.text3)
            border = QColor(t.on_fill if self._primary else t.border)
            if self._primary:
                border.setAlpha(130)
            draw_keys(painter, self.width() - 10, middle, keys, ink=faint, border=border)
        if self._ring:
            painter.setPen(QPen(QColor(t.on_fill if self._primary else t.accent), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 4, 4)
        painter.end()


class _Drop(QWidget):
    """Says that an export may be dropped; the window takes it anywhere."""

    def __init__(self, title: str, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = _Icon("file-plus", self)
        words = column(Text(title, self, weight=500), Text(text, self, pixels=theme.SECOND_PX, tone="text2"), spacing=2)
        inner = row(None, self._icon, words, None, spacing=PADDING)
        self.setLayout(column(None, inner, None))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(theme.current().strong), 1.0)
        pen.setDashPattern([3.0, 3.0])
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.end()


class _Icon(QWidget):
    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = name
        self.setFixedSize(20, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, icons.pixmap(self._name, 20, theme.current().text2, self.devicePixelRatioF()))
        painter.end()


Tip = tuple[Callable[[str], str], str, str, str]
"""(gives the key of an action, the action, what it does, a sentence)"""


class _Tips(QWidget):
    """Keys that make the difference, side by side."""

    def __init__(self, tips: Sequence[Tip], parent: QWidget) -> None:
        super().__init__(parent)
        self._tips = tips
        self.setFixedHeight(72)
        self.setAccessibleName(
            "\n".join(f"{keys_of(action)}: {title}. {text}" for keys_of, action, title, text in tips)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        each = (self.width() - 16 * (len(self._tips) - 1)) // len(self._tips)
        for number, (keys_of, action, title, text) in enumerate(self._tips):
            x = number * (each + 16)
            painter.fillRect(x, 0, each, 1, QColor(t.border))
            keys = keys_of(action)
            width = keys_width(keys)
            painter.setBrush(QColor(t.panel))
            draw_keys(painter, x + width, 22, keys, ink=QColor(t.text))
            painter.setFont(theme.font(theme.BODY_PX, 500))
            painter.setPen(QColor(t.text))
            painter.drawText(x + width + 8, 12, each - width - 8, 20, Qt.AlignmentFlag.AlignVCenter, title)
            painter.setFont(theme.font(theme.SECOND_PX))
            painter.setPen(QColor(t.text2))
            flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(x, 38, each, 34), int(flags), text)
        painter.end()
