"""Of the settings: where the cache is, how full it is, and how it is cleared, confirmed in place."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStackedLayout, QWidget

from viewer.fetch.body import size_in_words
from viewer.ui import theme
from viewer.ui.cache_use import CacheUse
from viewer.ui.widgets.buttons import FlatButton, IconButton
from viewer.ui.widgets.layout import Text, column, row
from viewer.ui.widgets.marks import draw_bar

BAR = 4


def path_in_words(path: Path) -> str:
    """A folder with ~ for the user's own."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)


class _Share(QWidget):
    """How much of the limit is used."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.share = 0.0
        self.setFixedHeight(BAR)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(100, BAR)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        draw_bar(painter, QRectF(self.rect()), [(min(self.share, 1.0), t.strong)], groove=t.hover)
        painter.end()


class CachePage(QWidget):
    """Place, use and the way to clear it. What it says of the use is known a moment later."""

    def __init__(self, cache: CacheUse, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._files, self._bytes = 0, 0
        self.path = Text(path_in_words(cache.folder), self, tone="text2", elide=Qt.TextElideMode.ElideMiddle)
        self.open = IconButton("folder-open", self.tr("Open the folder of the cache"), self)
        self.copy = IconButton("copy", self.tr("Copy the path of the cache"), self)
        self.used = Text("—", self, tone="text2")
        self.bar = _Share(self)
        self.told = Text("", self, pixels=theme.SECOND_PX, tone="text2", elide=Qt.TextElideMode.ElideRight)
        self.clear = FlatButton(self.tr("Clear cache…"), self, icon="trash-2", look="framed")
        self.question = Text("", self, pixels=theme.SECOND_PX, elide=Qt.TextElideMode.ElideRight)
        self.cancel = FlatButton(self.tr("Keep"), self, look="framed")
        self.confirm = FlatButton(self.tr("Clear"), self, icon="trash-2", look="framed")
        place = row(Text(self.tr("Folder of the cache"), self), self.path, self.open, self.copy)
        place.setStretchFactor(self.path, 1)
        self.path.setAlignment(Qt.AlignmentFlag.AlignRight)
        rest, asked = QWidget(self), QWidget(self)
        rest.setLayout(row(self.told, self.clear))
        asked.setLayout(row(self.question, self.cancel, self.confirm))
        self._answers = QStackedLayout()
        self._answers.addWidget(rest)
        self._answers.addWidget(asked)
        self.setLayout(
            column(
                place,
                row(Text(self.tr("Used"), self), None, self.used),
                self.bar,
                self._answers,
                spacing=theme.SPACE_S,
            )
        )
        self.open.clicked.connect(self._open)
        self.copy.clicked.connect(self._copy)
        self.clear.clicked.connect(self._ask)
        self.cancel.clicked.connect(self._keep)
        self.confirm.clicked.connect(self._clear)
        cache.measured.connect(self._measured)
        cache.cleared.connect(self._cleared)
        cache.measure()

    @property
    def is_asking(self) -> bool:
        """Whether it stands to be confirmed that the cache is cleared."""
        return self._answers.currentIndex() == 1

    def _measured(self, files: int, length: int) -> None:
        self._files, self._bytes = files, length
        limit = self._cache.limit
        self.used.setText(
            self.tr("{0} of {1} · {2} files").format(size_in_words(length), size_in_words(limit), f"{files:,}")
        )
        self.used.updateGeometry()
        self.bar.share = length / limit if limit else 0.0
        self.bar.setAccessibleName(self.tr("{0} of the cache is in use").format(f"{self.bar.share:.0%}"))
        self.bar.update()
        self.clear.setEnabled(length > 0)

    def _open(self) -> None:
        folder = self._cache.folder
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.told.setText(self.tr("Nothing here opens folders. Copy the path instead."))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(str(self._cache.folder))
        self.told.setText(self.tr("The path is copied."))

    def _ask(self) -> None:
        text = self.tr("{0} files go, {1}. Open ones stay.")
        self.question.setText(text.format(f"{self._files:,}", size_in_words(self._bytes)))
        self._answers.setCurrentIndex(1)
        self.cancel.setFocus(Qt.FocusReason.TabFocusReason)

    def _keep(self) -> None:
        self._answers.setCurrentIndex(0)
        self.clear.setFocus(Qt.FocusReason.TabFocusReason)

    def _clear(self) -> None:
        self._answers.setCurrentIndex(0)
        self.clear.setEnabled(False)
        self.told.setText(self.tr("Clearing the cache"))
        self._cache.clear()

    def _cleared(self, freed: int) -> None:
        self.told.setText(self.tr("{0} are free again.").format(size_in_words(freed)))
