"""Icons from ``resources/icons`` (Lucide), recoloured and sharp at every pixel ratio."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from viewer import resources

_STROKES = {12: "2.2", 14: "2.0", 16: "1.85", 18: "1.75", 20: "1.7"}
"""Stroke width in the icon's 24 px grid by drawn size: the same line of about 1.25 px at each (ui.md §3)."""


@lru_cache(maxsize=256)
def _svg(name: str, size: int, colour: str) -> bytes:
    text = resources.path(f"icons/{name}.svg").read_text(encoding="utf-8")
    text = text.replace("currentColor", colour).replace(
        'stroke-width="2"', f'stroke-width="{_STROKES.get(size, "1.7")}"'
    )
    return text.encode()


@lru_cache(maxsize=512)
def pixmap(name: str, size: int, colour: str, ratio: float) -> QPixmap:
    """One icon as a picture of `size` logical pixels for a screen of `ratio` device pixels each."""
    renderer = QSvgRenderer(QByteArray(_svg(name, size, colour)))
    picture = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    try:
        renderer.render(painter, QRectF(0, 0, picture.width(), picture.height()))
    finally:
        painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def icon(name: str, size: int = 16) -> QIcon:
    """An icon in the text colours of the palette in force, with its faded form for disabled controls."""
    palette = QGuiApplication.palette()
    result = QIcon()
    for mode, group in (
        (QIcon.Mode.Normal, QPalette.ColorGroup.Active),
        (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled),
    ):
        colour = palette.color(group, QPalette.ColorRole.ButtonText)
        value = colour.name()
        for ratio in (1.0, 2.0):
            picture = pixmap(name, size, value, ratio)
            if mode == QIcon.Mode.Disabled:
                faded = QPixmap(picture.size())
                faded.setDevicePixelRatio(ratio)
                faded.fill(Qt.GlobalColor.transparent)
                painter = QPainter(faded)
                try:
                    painter.setOpacity(0.5)
                    painter.drawPixmap(0, 0, picture)
                finally:
                    painter.end()
                picture = faded
            result.addPixmap(picture, mode)
    return result
