"""The download icon of the header: how far all transfers are, whether one failed, whether all are paused."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from viewer.fetch.transfer import QueueReport
from viewer.ui import theme
from viewer.ui.transfers import texts
from viewer.ui.widgets.buttons import IconButton
from viewer.ui.widgets.marks import draw_bar

MARK = 7.0
BAR, TALL = 2.0, 7.0
"""The two bars of a pause."""


class TransferButton(IconButton):
    """A bar below the icon while something comes, a dot beside it where something did not, a pause sign for all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._name = ""
        super().__init__("download", self.tr("Transfers"), parent, icon_size=18)
        self._name = self.toolTip()
        self.share: float | None = None
        """Of what is under way, 0 to 1; None when nothing is."""
        self.is_still = False
        """Whether nothing runs."""
        self.is_paused = False
        """Whether all of them were paused: nothing but what is looked at is fetched."""
        self.has_failed = False

    def show_report(self, report: QueueReport, finished: int, further: int = 0) -> None:
        """What is so now; `finished` of them ended already, `further` are still to be put into the queue."""
        share = texts.share(report, finished, further) if report.unfinished + further else None
        is_still = not report.counts.get("running")
        has_failed = bool(report.counts.get("failed"))
        now = (share, is_still, has_failed, report.is_paused)
        if now != (self.share, self.is_still, self.has_failed, self.is_paused):
            self.share, self.is_still, self.has_failed, self.is_paused = now
            self.update()
        words = texts.count_words(report)
        tip = words or self._name
        failed = report.counts.get("failed", 0)
        if report.unfinished and failed:
            tip += ", " + self.tr("{0} failed").format(failed)
        if tip != self.accessibleName():
            self.setToolTip(tip)
            self.setAccessibleName(tip)

    def paint_content(self, painter: QPainter, ink: str) -> None:
        """The icon, and what there is to say."""
        t = theme.current()
        super().paint_content(painter, ink)
        if self.share is not None:
            box = QRectF((self.width() - 18) / 2, self.height() - 4, 18, 3)
            draw_bar(painter, box, ((self.share, t.text3 if self.is_still else t.accent),), groove=t.pressed)
        if self.is_paused:
            painter.fillRect(QRectF(3, 3, 2 * BAR + 5, TALL + 2), QColor(t.panel))
            for left in (4, 4 + BAR + 2):
                painter.fillRect(QRectF(left, 4, BAR, TALL), QColor(t.warn))
        if self.has_failed:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            place = QRectF(self.width() - MARK - 3, 3, MARK, MARK)
            painter.setBrush(QColor(t.panel))
            painter.drawEllipse(place.adjusted(-1.5, -1.5, 1.5, 1.5))
            painter.setBrush(QColor(t.error))
            painter.drawEllipse(place)
