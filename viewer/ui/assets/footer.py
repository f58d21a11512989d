"""Below the rows: how many assets there are, and how far the reading is. In their place: why there are none."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from viewer.ui import theme
from viewer.ui.widgets.buttons import FlatButton
from viewer.ui.widgets.layout import Divider, Text, column, row
from viewer.ui.widgets.marks import draw_bar

HEIGHT = 40


class ProgressBar(QWidget):
    """3 px; nothing while the share is not known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share: float | None = None
        self.setFixedHeight(3)
        self.setAccessibleName(self.tr("Progress"))

    @property
    def share(self) -> float | None:
        """0 to 1, None: not known, or nothing is read."""
        return self._share

    def set_share(self, share: float | None) -> None:
        """How much is done."""
        share = None if share is None else max(0.0, min(1.0, share))
        if share != self._share:
            self._share = share
            self.setAccessibleDescription("" if share is None else f"{share:.0%}")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._share is None:
            return
        t = theme.current()
        painter = QPainter(self)
        draw_bar(painter, QRectF(self.rect()), [(self._share, t.strong)], groove=t.hover)
        painter.end()


class Footer(QWidget):
    """The count, a button for what can be undone here, and the progress of the listing, then of the comparing."""

    comparing_cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.text = Text("", self, pixels=theme.CAPTION_PX, tone="text3", elide=Qt.TextElideMode.ElideRight)
        self.filter_off = FlatButton(
            self.tr("Filter is off"), self, height=theme.CONTROL_SMALL, pixels=theme.CAPTION_PX,
            tip=self.tr("Switch the filter on again"),
        )  # fmt: skip
        self.cancel = FlatButton(
            self.tr("Cancel"), self, height=theme.CONTROL_SMALL, pixels=theme.CAPTION_PX,
            tip=self.tr("Stop reading; what was read stays"),
        )  # fmt: skip
        self.bar = ProgressBar(self)
        self.stop_comparing = FlatButton(
            self.tr("Cancel"), self, height=theme.CONTROL_SMALL, pixels=theme.CAPTION_PX,
            tip=self.tr("Stop comparing stages; what was found stays"),
        )  # fmt: skip
        self.stop_comparing.clicked.connect(self.comparing_cancelled)
        self.missing = FlatButton("", self, height=theme.CONTROL_SMALL, pixels=theme.CAPTION_PX)
        self.missing.setAccessibleName(self.tr("Missing files"))
        self._text, self._listing, self._missing = "", False, 0
        self._compared: float | None = None
        line = row(
            self.text, self.filter_off, self.missing, self.cancel, self.stop_comparing,
            margins=(theme.SPACE_M, 0, theme.SPACE_XS, 0),
        )  # fmt: skip
        line.setStretchFactor(self.text, 1)
        self.setLayout(column(Divider(self), None, line, row(self.bar, margins=(theme.SPACE_M, 0)), None, spacing=2))
        self.show_text("", listing=False, is_off=False)

    def show_text(self, text: str, *, listing: bool, is_off: bool) -> None:
        """What is said, and which button stands beside it."""
        self._text, self._listing = text, listing
        self.cancel.setVisible(listing)
        self.filter_off.setVisible(is_off)
        self._show_comparing()

    def set_missing(self, count: int, tip: str) -> None:
        """How many assets have files that are not to be had, and what that means; 0 says nothing."""
        self._missing = count
        self.missing.setText(self.tr("{0} missing").format(f"{count:,}") if count else "")
        self.missing.setAccessibleName(self.missing.text() or self.tr("Missing files"))
        self.missing.setToolTip(tip)
        self.missing.updateGeometry()
        self._show_comparing()

    def set_comparing(self, share: float | None) -> None:
        """How much of the export is compared; None: nothing is being compared."""
        self._compared = share
        if not self._listing:
            self.bar.set_share(share)
        self._show_comparing()

    def _show_comparing(self) -> None:
        on = self._compared is not None and not self._listing
        self.stop_comparing.setVisible(on)
        # one button at a time: what is under way, or was switched off, comes first
        self.missing.setVisible(bool(self._missing) and not on and not self._listing and self.filter_off.isHidden())
        percent = f"{self._compared:.0%}" if self._compared is not None else ""
        self.text.setText(self.tr("{0} · comparing {1}").format(self._text, percent) if on else self._text)


class EmptyState(QWidget):
    """A sentence in the place of the rows, with the way out below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = QLabel(self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setFont(theme.font(theme.BODY_PX))
        self.label.setForegroundRole(QPalette.ColorRole.WindowText)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.clear = FlatButton(self.tr("Clear filters"), self, look="framed")
        self.setLayout(
            column(self.label, row(self.clear, None), None, spacing=theme.SPACE_M, margins=(theme.SPACE_M, 16))
        )

    def show_text(self, text: str, *, can_clear: bool) -> None:
        """Why there are no rows."""
        self.label.setText(text)
        self.clear.setVisible(can_clear)
