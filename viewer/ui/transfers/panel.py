"""The panel of transfers below the header's icon: what comes, what failed, and all files at once."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QMenu, QWidget

from viewer.fetch.transfer import QueueReport
from viewer.ui import icons, theme
from viewer.ui.transfers import texts
from viewer.ui.transfers.model import TransferModel
from viewer.ui.transfers.view import TransferView
from viewer.ui.widgets.buttons import FlatButton, IconButton
from viewer.ui.widgets.layout import Divider, Text, column, row
from viewer.ui.widgets.marks import draw_bar, draw_card

WIDTH, HEIGHT = 380, 420


class _Bar(QWidget):
    """All transfers together."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(4)
        self.share = 0.0
        self.is_still = False

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        colour = t.strong if self.is_still else t.accent
        draw_bar(painter, QRectF(self.rect()), ((self.share, colour),), groove=t.pressed)
        painter.end()


class TransferPanel(QFrame):
    """Lies over the window while it is open; Esc or a click beside it closes it."""

    asked = Signal(str)
    """``pause_all``, ``resume_all``, ``retry_all``, ``cancel_all``, ``clear``, ``fetch_all``."""
    opened = Signal()
    closed = Signal()
    keys_left = Signal()
    """It is closed, and the keys, which were in it, go nowhere yet."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Transfers"))
        self.model = TransferModel(self)
        self.view = TransferView(self.model, self)
        self._anchor: QWidget | None = None
        self._is_paused = self._all_paused = False
        self.title = Text(self.tr("Transfers"), self, pixels=theme.NAME_PX, weight=600)
        self.failed = Text("", self, pixels=theme.SECOND_PX, tone="error")
        self.retry_all = IconButton("refresh-cw", self.tr("Try all again that failed"), self)
        self.pause_all = IconButton("pause", self.tr("Pause all"), self)
        self.clear = IconButton("check", self.tr("Take off the list what has ended"), self)
        self.cancel_all = IconButton("x", self.tr("Cancel all"), self)
        head = row(
            row(self.title, self.failed, spacing=6), None, self.retry_all, self.pause_all, self.cancel_all, self.clear,
            spacing=2, margins=(theme.SPACE_M, 8, 8, 7),
        )  # fmt: skip
        head.setSpacing(2)
        self.total = Text("", self, pixels=theme.SECOND_PX, tone="text2")
        self.left = Text("", self, pixels=theme.SECOND_PX, tone="text3")
        self._bar = _Bar(self)
        self.fetch_all = FlatButton(self.tr("Fetch all files"), self, icon="download", look="framed")
        self.room = Text("", self, pixels=theme.CAPTION_PX, tone="text3", elide=Qt.TextElideMode.ElideRight)
        self.room.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._progress = QWidget(self)
        self._progress.setLayout(column(row(self.total, None, self.left), self._bar, spacing=6, margins=(0, 0, 0, 10)))
        self.why = Text("", self, pixels=theme.CAPTION_PX, tone="warn", elide=Qt.TextElideMode.ElideRight)
        margins = (theme.SPACE_M, 10, theme.SPACE_M, 12)
        all_files = row(self.fetch_all, self.room, spacing=theme.SPACE_M)
        all_files.setStretch(1, 1)
        foot = column(self._progress, self.why, all_files, margins=margins)
        body = column(head, Divider(self), self.view, Divider(self), foot, margins=(1, 1))
        body.setStretch(2, 1)
        self.setLayout(body)
        for button, deed in (
            (self.retry_all, "retry_all"), (self.cancel_all, "cancel_all"), (self.clear, "clear"),
            (self.fetch_all, "fetch_all"),
        ):  # fmt: skip
            button.clicked.connect(lambda _on=False, deed=deed: self.asked.emit(deed))
        self.pause_all.clicked.connect(lambda: self.asked.emit("resume_all" if self._is_paused else "pause_all"))
        self.view.escaped.connect(self.dismiss)
        parent.installEventFilter(self)
        self.hide()

    # ---- open and closed ---------------------------------------------------------------------------------

    def open(self, anchor: QWidget) -> None:
        """Show it below a widget."""
        self._anchor = anchor
        self._place()
        self.show()
        self.raise_()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.installEventFilter(self)
        application.focusChanged.connect(self._focus_changed)
        self.view.setFocus(Qt.FocusReason.PopupFocusReason)
        self.opened.emit()

    def dismiss(self) -> None:
        """Close it."""
        if self.isHidden():
            return
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.removeEventFilter(self)
        application.focusChanged.disconnect(self._focus_changed)
        focus = QApplication.focusWidget()
        had_keys = focus is None or focus is self or self.isAncestorOf(focus)
        self.hide()
        self.closed.emit()
        if had_keys:
            self.keys_left.emit()

    def _place(self) -> None:
        parent, anchor = self.parentWidget(), self._anchor
        if parent is None or anchor is None:
            return
        below = anchor.mapTo(parent, QPoint(anchor.width(), anchor.height() + 6))
        width, height = min(WIDTH, parent.width() - 16), min(HEIGHT, parent.height() - below.y() - 16)
        left = max(8, min(below.x() - width + 4, parent.width() - width - 8))
        self.setGeometry(left, below.y(), width, height)

    def _focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and now is not self and not self.isAncestorOf(now) and not isinstance(now, QMenu):
            self.dismiss()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window's size, and clicks beside."""
        if watched is self.parent() and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress and self.isVisible():
            is_beside = isinstance(watched, QWidget) and watched is not self and not self.isAncestorOf(watched)
            if is_beside and watched is not self._anchor and not isinstance(watched, QMenu):
                self.dismiss()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    # ---- what is so ---------------------------------------------------------------------------------------

    def show_report(self, report: QueueReport, finished: int, *, further: int = 0) -> None:
        """All transfers now; `finished` of them have ended, `further` are not in the queue yet."""
        self.model.take(report)
        counts = report.counts
        failed, unfinished = counts.get("failed", 0), report.unfinished + further
        ended = failed + counts.get("done", 0) + counts.get("cancelled", 0)
        self._all_paused = report.is_paused
        self._is_paused = bool(report.is_paused or (report.unfinished and counts.get("paused") == report.unfinished))
        self.failed.setText("· " + self.tr("{0} failed").format(f"{failed:,}") if failed else "")
        self.failed.updateGeometry()
        self.retry_all.setVisible(failed > 0)
        self.pause_all.setVisible(unfinished > 0 or report.is_paused)
        self.cancel_all.setVisible(unfinished > 0)
        self.clear.setVisible(ended > 0)
        name = self.tr("Go on with all") if self._is_paused else self.tr("Pause all")
        if name != self.pause_all.accessibleName():
            self.pause_all.set_icon("play" if self._is_paused else "pause")
            self.pause_all.setToolTip(name)
            self.pause_all.setAccessibleName(name)
        self._progress.setVisible(unfinished > 0)
        self.total.setText(texts.total_words(report, finished, further))
        self.total.updateGeometry()
        self.left.setText(texts.all_left_words(report, further))
        self.left.updateGeometry()
        self._bar.share = texts.share(report, finished, further)
        self._bar.is_still = not counts.get("running")
        self._bar.update()
        self.why.setText(texts.shown(report.sentence))
        self.why.setVisible(bool(report.sentence))
        self.update()

    def show_all(self, text: str, *, enabled: bool, tip: str) -> None:
        """The button for all files."""
        self.fetch_all.setText(text)
        self.fetch_all.setAccessibleName(text)
        self.fetch_all.setEnabled(enabled)
        self.fetch_all.setToolTip(tip)
        self.fetch_all.updateGeometry()

    def show_room(self, text: str) -> None:
        """How full the cache is."""
        self.room.setText(text)
        self.room.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        draw_card(painter, QRectF(self.rect()), t.panel)
        if not self.model.rowCount():
            middle = self.view.geometry().center()
            painter.drawPixmap(
                middle.x() - 10, middle.y() - 44, icons.pixmap("download", 20, t.text3, self.devicePixelRatioF())
            )
            painter.setPen(QColor(t.text2))
            painter.setFont(theme.font(theme.BODY_PX, 500))
            line = self.view.geometry()
            line.setTop(middle.y() - 14)
            line.setHeight(20)
            title = self.tr("All transfers are paused") if self._all_paused else self.tr("Nothing is being fetched")
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter, title)
            painter.setPen(QColor(t.text3))
            painter.setFont(theme.font(theme.SECOND_PX))
            line = line.adjusted(24, 22, -24, 40)
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
            painter.drawText(
                line, int(flags) | int(Qt.TextFlag.TextWordWrap),
                self.tr("Only the asset that you look at is fetched until you go on with all.")
                if self._all_paused
                else self.tr("Files of the assets that you look at come here, and those beside them."),
            )  # fmt: skip
        painter.end()
