"""Buttons: icons, a primary one, chips that filter, and a control of segments."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from viewer.ui import icons, theme


class FlatButton(QAbstractButton):
    """A button with an icon, a text, or both, drawn by tokens. Base of the others here.

    The focus ring is drawn only for the keyboard. `look`: ``flat`` (nothing until hovered), ``framed``,
    ``primary`` (the one of its view).
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        icon: str = "",
        icon_size: int = 16,
        look: str = "flat",
        height: int = theme.CONTROL,
        tip: str = "",
        pixels: int = theme.BODY_PX,
    ) -> None:
        super().__init__(parent)
        self._icon, self._icon_size, self._look = icon, icon_size, look
        self._ring = False
        self._height = height
        self.setFont(theme.font(pixels, 500 if text else 400))
        self.setText(text)
        self.setToolTip(tip)
        self.setAccessibleName(tip or text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_icon(self, name: str) -> None:
        """Another icon."""
        self._icon = name
        self.update()

    def sizeHint(self) -> QSize:
        width = 0
        if self._icon:
            width += self._icon_size
        if self.text():
            width += QFontMetrics(self.font()).horizontalAdvance(self.text()) + (6 if self._icon else 0)
        pad = 20 if self.text() else self._height - self._icon_size
        return QSize(width + pad, self._height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() in (
            Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason,
        )  # fmt: skip
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring = False
        self.update()

    def grounds(self) -> tuple[str, str, str]:
        """(ground, border, text) for the state it is in; "" is nothing."""
        t = theme.current()
        hot = self.underMouse() and self.isEnabled()
        if self._look == "primary":
            return t.fill, "", t.on_fill
        if self.isChecked():
            return t.pressed, "", t.text
        if self.isDown():
            return t.pressed, t.border if self._look == "framed" else "", t.text
        if self._look == "framed":
            return t.hover if hot else t.raised, t.border, t.text
        return (t.hover if hot else ""), "", t.text if hot or self.text() else t.text2

    def paintEvent(self, event: QPaintEvent) -> None:
        ground, border, ink = self.grounds()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QColor(border) if border else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground) if ground else Qt.BrushStyle.NoBrush)
        if ground or border:
            painter.drawRoundedRect(box, theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)
        if self._ring:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            pen = painter.pen()
            pen.setStyle(Qt.PenStyle.SolidLine)
            pen.setColor(QColor(theme.current().accent))
            pen.setWidthF(2.0)
            painter.setPen(pen)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)
        if not self.isEnabled():
            painter.setOpacity(0.5)
        self.paint_content(painter, ink)
        painter.end()

    def paint_content(self, painter: QPainter, ink: str) -> None:
        """Icon and text in the middle."""
        width = self.sizeHint().width() - (20 if self.text() else self._height - self._icon_size)
        x = (self.width() - width) / 2
        if self._icon:
            picture = icons.pixmap(self._icon, self._icon_size, ink, self.devicePixelRatioF())
            painter.drawPixmap(round(x), (self.height() - self._icon_size) // 2, picture)
            x += self._icon_size + 6
        if self.text():
            painter.setPen(QColor(ink))
            painter.setFont(self.font())
            box = QRectF(x, 0, self.width() - x, self.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())


class IconButton(FlatButton):
    """28 × 28 with an icon; the tip is its name."""

    def __init__(self, icon: str, tip: str, parent: QWidget | None = None, *, icon_size: int = 16) -> None:
        super().__init__("", parent, icon=icon, icon_size=icon_size, tip=tip)


class FilterChip(FlatButton):
    """A filter with its count; on or off."""

    def __init__(self, text: str, parent: QWidget | None = None, *, count: int | None = None) -> None:
        super().__init__(text, parent, look="framed", height=theme.CONTROL_SMALL, pixels=theme.SECOND_PX)
        self.setCheckable(True)
        self._label = text
        self.set_count(count)

    def set_count(self, count: int | None) -> None:
        """How many assets it lets through."""
        self.setText(self._label if count is None else f"{self._label} {count:,}")
        self.updateGeometry()

    def grounds(self) -> tuple[str, str, str]:
        t = theme.current()
        if self.isChecked():
            return t.soft, t.accent if t.dark else "", t.text
        return super().grounds()


class Segment(QWidget):
    """One of several choices; only the chosen one shows its text when `compact`."""

    chosen = Signal(str)

    def __init__(
        self, choices: Sequence[tuple[str, str, str]], parent: QWidget | None = None, *, compact: bool = False
    ) -> None:
        """`choices`: (key, text, icon name or "")."""
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, FlatButton] = {}
        self._texts = {key: text for key, text, _ in choices}
        self._compact = compact
        self._shows_text = True
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(2)
        for key, text, icon in choices:
            button = FlatButton(text, self, icon=icon, height=theme.CONTROL_SMALL, tip=text, pixels=theme.SECOND_PX)
            button.setCheckable(True)
            self._group.addButton(button)
            self._buttons[key] = button
            layout.addWidget(button)
            button.clicked.connect(lambda _on=False, key=key: self.choose(key, tell=True))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if choices:
            self.choose(choices[0][0])

    def choose(self, key: str, *, tell: bool = False) -> None:
        """Mark a choice; `tell` emits `chosen`."""
        self._buttons[key].setChecked(True)
        if self._compact:
            for other, button in self._buttons.items():
                button.setText(self._texts[other] if other == key and self._shows_text else "")
                button.updateGeometry()
        if tell:
            self.chosen.emit(key)

    def set_text(self, key: str, text: str) -> None:
        """Another text of a choice that shows its text."""
        self._texts[key] = text
        if not self._compact and self._buttons[key].text() != text:
            self._buttons[key].setText(text)
            self._buttons[key].setAccessibleName(text)
            self._buttons[key].updateGeometry()

    def set_tip(self, key: str, tip: str) -> None:
        """The tooltip of a choice."""
        self._buttons[key].setToolTip(tip)

    def show_text(self, on: bool) -> None:
        """Of a compact one: whether the choice shows its text, or only its icon."""
        if on != self._shows_text:
            self._shows_text = on
            self.choose(self.choice)

    @property
    def text_room(self) -> int:
        """Pixels that the text of a compact one's choice takes."""
        button = self._buttons[self.choice]
        words = QFontMetrics(button.font()).horizontalAdvance(self._texts[self.choice])
        return words + 26 - (theme.CONTROL_SMALL - 16)

    @property
    def choice(self) -> str:
        """The key of what is chosen."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.current().border))
        painter.setBrush(QColor(theme.current().window))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.end()
