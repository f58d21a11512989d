"""The two pictures of a change below each other or side by side, each with the plate of its stage."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.overlay import palette
from viewer.ui import theme
from viewer.ui.changes.pair_crop import ASPECT, Crop, paint_crop
from viewer.ui.compare.pages import StageWords
from viewer.ui.compare.plate import HEIGHT as PLATE_HEIGHT
from viewer.ui.compare.plate import draw_plate, plate_width
from viewer.ui.widgets.focus import KEYBOARD

INSET = 8
NO_WORDS = (StageWords("A", ""), StageWords("B", ""))


class PairPictures(QWidget):
    """A and B at one scale. What is said while there is none stands in their place."""

    def __init__(self, parent: QWidget | None = None, *, beside: bool = False) -> None:
        super().__init__(parent)
        self._beside = beside
        self.crop: Crop | None = None
        self.words: tuple[StageWords, StageWords] = NO_WORDS
        self.text = ""
        self._drawn: dict[tuple[int, int, int, float], QImage] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def tell(self, crop: Crop | None, words: tuple[StageWords, StageWords], text: str = "") -> None:
        """Another change; None: its pictures are not there (yet), and why."""
        if crop is not self.crop:
            self._drawn.clear()
        self.crop, self.words, self.text = crop, words, text
        self.setAccessibleName(self.tr("Before: {0}. After: {1}.").format(words[0].name, words[1].name))
        self.update()

    def boxes(self) -> tuple[QRectF, QRectF]:
        """Where both pictures are."""
        if self._beside:
            width = (self.width() - INSET) // 2
            return QRectF(0, 0, width, self.height()), QRectF(width + INSET, 0, width, self.height())
        height = (self.height() - INSET) // 2
        return QRectF(0, 0, self.width(), height), QRectF(0, height + INSET, self.width(), height)

    def hasHeightForWidth(self) -> bool:
        return not self._beside

    def heightForWidth(self, width: int) -> int:
        return 2 * round(width / ASPECT) + INSET

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(320))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 160)

    def _image(self, side: int, box: QRectF) -> QImage | None:
        if self.crop is None or box.isEmpty():
            return None
        dpr = self.devicePixelRatioF()
        width, height = round(box.width() * dpr), round(box.height() * dpr)
        key = (side, width, height, dpr)
        if key not in self._drawn:
            self._drawn[key] = paint_crop(self.crop, side, width, height, dpr=dpr)
        return self._drawn[key]

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for side, box in enumerate(self.boxes()):
            path = QPainterPath()
            path.addRoundedRect(box, theme.RADIUS_CHIP, theme.RADIUS_CHIP)
            painter.save()
            painter.setClipPath(path)
            image = self._image(side, box)
            if image is not None:
                painter.drawImage(box.topLeft(), image)
            else:
                painter.fillRect(box, QColor(palette.CANVAS_DARK if t.dark else t.hover))
                painter.setPen(QColor(t.text3))
                painter.setFont(theme.font(theme.SECOND_PX))
                room = box.adjusted(INSET, PLATE_HEIGHT + INSET, -INSET, -INSET)
                painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.text)
            painter.restore()
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(t.border))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS_CHIP, theme.RADIUS_CHIP)
            words = self.words[side]
            if words.name:
                narrow = plate_width(words) > box.width() - 2 * INSET
                shown = StageWords(words.letter, words.name, words.person) if narrow else words
                draw_plate(painter, QPointF(box.left() + INSET, box.top() + INSET), shown)
        painter.end()


class Peek(QWidget):
    """Both pictures as large as the table is; any key or click puts them away, ↑ and ↓ go on."""

    closed = Signal()
    stepped = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.pictures = PairPictures(self, beside=True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Before and after, large"))
        self.hide()

    def open(self) -> None:
        """Over all of its parent."""
        self.fit()
        self.show()
        self.raise_()
        self.setFocus(KEYBOARD[-1])

    def fit(self) -> None:
        """The size of its parent."""
        parent = self.parentWidget()
        if parent is None:
            return
        self.setGeometry(parent.rect())
        width = self.width() - 2 * theme.SPACE_XL
        height = min(self.height() - 2 * theme.SPACE_XL, round((width - INSET) / 2 / ASPECT))
        self.pictures.setGeometry(theme.SPACE_XL, (self.height() - height) // 2, width, height)

    def _close(self) -> None:
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None:
            self.stepped.emit(step)
        else:
            self._close()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._close()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground = QColor(theme.current().window)
        ground.setAlphaF(0.94)
        painter.fillRect(self.rect(), ground)
        painter.end()
