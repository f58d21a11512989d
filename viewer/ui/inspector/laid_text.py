"""Text in lines of a given width, as the rows of the inspector show it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QTextLayout, QTextOption

LINE = 16
"""Height of a line."""


def lay_out(text: str, font: QFont, width: int) -> tuple[QTextLayout, int]:
    """Text in lines of `width` pixels at most, and their height."""
    layout = QTextLayout(text.replace("\n", "\u2028"), font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    y = 0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, 24))
        line.setPosition(QPointF(0, y + (LINE - line.height()) / 2))
        y += LINE
    layout.endLayout()
    return layout, max(y, LINE)


def one_line(text: str, font: QFont, width: int) -> str:
    """Text as it fits in one line."""
    return QFontMetrics(font).elidedText(" ".join(text.split()), Qt.TextElideMode.ElideRight, width)
