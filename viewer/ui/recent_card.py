"""The exports opened lately, a row each: name, place, when it was opened, and how long its links are valid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QDate, QLocale, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from viewer.errors import one_line
from viewer.ui import icons, theme
from viewer.ui.link_chip import tone_of
from viewer.ui.link_ends import State, state_at, words_at
from viewer.ui.widgets.layout import Text, column, heading, row
from viewer.ui.widgets.marks import chip_width, draw_chip

ROW, HEAD, TILE = 60, 40, 36
MOST = 6
"""Exports shown at most."""
PADDING = theme.SPACE_M

Recent = tuple[Path, datetime | None, int | None]
"""(export, when it was opened last, when its first link ends in seconds since 1970; None where that is not known)"""


def opened_text(at: datetime | None, now: datetime, *, ago: str, yesterday: str) -> str:
    """When an export was opened: minutes or hours today, yesterday with the time, else the day; local time.

    `ago` and `yesterday` are the translated forms, each with a place for the value.
    """
    if at is None:
        return ""
    passed = now - at
    if timedelta(0) <= passed < timedelta(hours=1):
        return ago.format(f"{int(passed.total_seconds()) // 60} min")
    if timedelta(0) <= passed and at.date() == now.date():
        return ago.format(f"{int(passed.total_seconds()) // 3600} h")
    if at.date() == (now - timedelta(days=1)).date():
        return yesterday.format(f"{at:%H:%M}")
    return QLocale().toString(QDate(at.year, at.month, at.day), "d MMM" if at.year == now.year else "d MMM yyyy")


def folder_text(path: Path) -> str:
    """The folder of an export, with ~ for the user's own."""
    folder = path.parent
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(folder)


class RecentCard(QWidget):
    """The exports opened lately, a row each."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._count = Text("", self, pixels=theme.SECOND_PX, tone="text2")
        head = QWidget(self)
        head.setFixedHeight(HEAD)
        head.setLayout(row(heading(self.tr("Recent"), head), None, self._count, margins=(PADDING + 2, 0)))
        self._rows = [RecentRow(self) for _ in range(MOST)]
        for line in self._rows:
            line.clicked.connect(lambda _on=False, line=line: self.chosen.emit(line.path))
        self.setLayout(column(head, *self._rows, margins=(1, 1)))

    def show_recents(self, recents: Sequence[Recent], count: int) -> None:
        """These rows, of so many."""
        self._count.setText(self.tr("{0} exports").format(count) if count != 1 else self.tr("1 export"))
        self._count.updateGeometry()
        self.setFixedHeight(HEAD + len(recents) * ROW + 2)
        now = datetime.now().astimezone()
        for line, recent in zip(self._rows, [*recents, *[None] * MOST], strict=False):
            line.setVisible(recent is not None)
            if recent is not None:
                path, at, ends = recent
                when = opened_text(
                    at.astimezone() if at is not None else None, now,
                    ago=self.tr("opened {0} ago"), yesterday=self.tr("yesterday, {0}"),
                )  # fmt: skip
                state = state_at(ends, now.timestamp())
                line.show_export(path, when, words_at(ends, now.timestamp()) if state else "", state)
        widths = [chip_width(line.links, icon=True) for line in self._rows if line.links and not line.isHidden()]
        for line in self._rows:
            line.column = max(widths, default=0)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(t.border))
        painter.setBrush(QColor(t.panel if t.dark else t.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.end()


class RecentRow(QAbstractButton):
    """Tile, name, folder and time."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.path = Path()
        self._second = ""
        self.links = ""
        self._state: State = ""
        self.column = 0
        """Width of the chips of all rows."""
        self._ring = False
        self.setFixedHeight(ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(300, ROW)

    def show_export(self, path: Path, when: str, links: str, state: State) -> None:
        """Another export: when it was opened, and how long its links are valid."""
        self.path, self.links, self._state = path, links, state
        self.setText(one_line(path.name))
        self._second = " · ".join(part for part in (one_line(folder_text(path)), when) if part)
        spoken = self.tr("links {0}").format(links) if links else ""
        self.setAccessibleName(", ".join(part for part in (self.text(), self._second, spoken) if part))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.isDown():
            painter.fillRect(self.rect(), QColor(t.pressed if self.isDown() else t.hover))
        painter.fillRect(0, 0, self.width(), 1, QColor(t.divider))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.hover if not self.underMouse() else t.pressed))
        tile = QRectF(PADDING + 2, (ROW - TILE) / 2, TILE, TILE)
        painter.drawRoundedRect(tile, theme.RADIUS_CHIP, theme.RADIUS_CHIP)
        icon = {"": "folder", ".zip": "package-open"}.get(self.path.suffix.lower(), "braces")
        picture = icons.pixmap(icon, 16, t.text2, self.devicePixelRatioF())
        painter.drawPixmap(round(tile.x()) + 10, round(tile.y()) + 10, picture)
        left = round(tile.right()) + PADDING
        room = self.column + PADDING if self.column else 0
        width = self.width() - left - PADDING - room
        if self.links:
            ground, ink, sign = tone_of(self._state)
            hot = self.underMouse() and self._state == "valid"
            box = QRectF(self.width() - room, (ROW - 20) / 2, chip_width(self.links, icon=True), 20)
            draw_chip(painter, box, self.links, ground=t.pressed if hot else ground, ink=ink, icon=sign,
                      ratio=self.devicePixelRatioF())  # fmt: skip
        for top, height, font, ink, text, cut in (
            (11, 18, theme.font(theme.BODY_PX, 500), t.text, self.text(), Qt.TextElideMode.ElideMiddle),
            (31, 16, theme.font(theme.SECOND_PX), t.text2, self._second, Qt.TextElideMode.ElideMiddle),
        ):
            painter.setFont(font)
            painter.setPen(QColor(ink))
            shown = QFontMetrics(font).elidedText(text, cut, width)
            painter.drawText(left, top, width, height, Qt.AlignmentFlag.AlignVCenter, shown)
        if self.hasFocus():
            painter.setPen(QPen(QColor(t.accent), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 4, 4)
        painter.end()
