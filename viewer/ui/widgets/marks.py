"""What painted rows and cards share: swatches, chips, initials, signs and small bars."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF

from viewer.errors import one_line
from viewer.ui import icons, theme

SHAPE_ICONS = {
    "bounding-box": "square", "rotated-bounding-box": "diamond", "polygon": "pentagon", "polyline": "waypoints",
    "point": "circle-dot", "segmentation": "brush", "brush": "brush", "medical-brush": "brush", "spline": "spline",
    "circle": "circle", "ellipse": "circle", "pdf": "text-search", "ner": "text-cursor", "angle": "triangle-right",
    "relation": "arrow-right", "group": "square-dashed", "message": "messages-square",
}  # fmt: skip
"""Icon of a tool by its key; any other is ``shapes``."""

KIND_ICONS = {
    "image": "image", "multi-image": "images", "video": "film", "pdf": "file-text", "dicom": "bone",
    "volume": "cuboid", "text": "text-cursor", "audio": "mic", "chat": "messages-square", "html": "code",
    "markdown": "code", "link": "link",
}  # fmt: skip
"""Icon of an asset kind; any other is ``file-question-mark``."""


def initials(person: str) -> str:
    """Two letters for a person: of the name, or of an address before its @."""
    words = [w for w in re.split(r"[\s._\-+]+", one_line(person).split("@", 1)[0]) if w and w[0].isalnum()]
    if not words:
        return "?"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else words[0][1:2])
    return letters.upper()


def person_ground(person: str) -> str:
    """The muted ground of a person's initials, the same in every session."""
    digest = hashlib.sha1(person.encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()
    return theme.current().persons[digest[0] % 4]


def draw_avatar(painter: QPainter, box: QRectF, person: str) -> None:
    """Initials on a round ground."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(person_ground(person)))
    painter.drawEllipse(box)
    painter.setPen(QColor(theme.current().text))
    painter.setFont(theme.font(max(8, round(box.height() * 0.5)), 600))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, initials(person))
    painter.restore()


def draw_swatch(painter: QPainter, box: QRectF, colour: str, *, split: bool = False) -> None:
    """A class colour; `split` (another class has it too) with a white half, dark ring so that it shows anywhere."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(box, theme.RADIUS_TAG, theme.RADIUS_TAG)
    if split:
        painter.setBrush(QColor("white"))
        painter.drawPolygon(QPolygonF([box.topRight(), box.bottomRight(), box.bottomLeft()]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(0, 0, 0, 90), 1.0))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS_TAG, theme.RADIUS_TAG)
    painter.restore()


def draw_card(painter: QPainter, box: QRectF, ground: str) -> None:
    """What lies over others, or holds rows together: a round ground with a thin border inside of `box`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(theme.current().border))
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS_CARD, theme.RADIUS_CARD)
    painter.restore()


def draw_icon(painter: QPainter, name: str, at: QPointF, size: int, colour: str, ratio: float) -> None:
    """An icon with its top left corner at a place."""
    painter.drawPixmap(round(at.x()), round(at.y()), icons.pixmap(name, size, colour, ratio))


def chip_width(text: str, *, icon: bool = False) -> int:
    """Width of `draw_chip`."""
    return QFontMetrics(theme.font(theme.CAPTION_PX, 500)).horizontalAdvance(text) + 12 + (16 if icon else 0)


def draw_chip(
    painter: QPainter, box: QRectF, text: str, *, ground: str, ink: str, icon: str = "", ratio: float = 1.0
) -> None:
    """A word on a ground, with an icon in front."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(box, theme.RADIUS_CHIP, theme.RADIUS_CHIP)
    inner = box.adjusted(6, 0, -6, 0)
    if icon:
        draw_icon(painter, icon, QPointF(inner.left(), box.center().y() - 6), 12, ink, ratio)
        inner.setLeft(inner.left() + 16)
    painter.setPen(QColor(ink))
    painter.setFont(theme.font(theme.CAPTION_PX, 500))
    painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
    painter.restore()


def keys_width(keys: str) -> int:
    """Width of `draw_keys`."""
    return QFontMetrics(theme.font(theme.CAPTION_PX, 500)).horizontalAdvance(keys) + 12


def draw_keys(
    painter: QPainter, right: int, middle: int, keys: str, *, ink: QColor | None = None, border: QColor | None = None
) -> int:
    """A key cap whose right edge is at `right`, centred on `middle`; its width."""
    width = keys_width(keys)
    box = QRectF(right - width + 0.5, middle - 9 + 0.5, width - 1, 17)
    painter.setFont(theme.font(theme.CAPTION_PX, 500))
    painter.setPen(border or QColor(theme.current().border))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, theme.RADIUS_CHIP, theme.RADIUS_CHIP)
    painter.setPen(ink or QColor(theme.current().text3))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, keys)
    return width


def draw_bar(painter: QPainter, box: QRectF, parts: Sequence[tuple[float, str]], *, groove: str = "") -> None:
    """A bar of coloured parts, each (share of the width 0-1, colour), at least 2 px wide when it is not zero."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    if groove:
        painter.setBrush(QColor(groove))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    x = box.left()
    for share, colour in parts:
        if share <= 0:
            continue
        width = min(max(2.0, share * box.width()), box.right() - x)
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(QRectF(x, box.top(), width, box.height()), box.height() / 2, box.height() / 2)
        x += width + 1
    painter.restore()
