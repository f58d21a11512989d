"""The signs of changes: each one tells apart, in its colour, without fonts."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from viewer.overlay import palette
from viewer.ui.widgets.signs import draw_sign, sign_picture


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    view = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return view[:, : image.width()].copy()


@pytest.mark.parametrize("paper", [False, True])
def test_every_kind_has_its_own_glyph_on_its_own_colour(paper: bool) -> None:
    glyphs = {}
    for kind, look in palette.CHANGES.items():
        picture = pixels(sign_picture(kind, 16, paper=paper))
        assert picture.shape == (18, 18, 4)
        ground = palette.rgb(look.ink if paper else look.glow)[::-1]
        assert tuple(picture[4, 9, :3]) == ground or tuple(picture[4, 5, :3]) == ground
        ink = np.abs(picture[..., :3].astype(int) - np.array(ground)).max(axis=2) > 60
        glyphs[kind] = ink[3:15, 3:15]
        assert 4 < glyphs[kind].sum() < 80
    kinds = list(glyphs)
    for i, one in enumerate(kinds):
        for other in kinds[:i]:
            assert (glyphs[one] != glyphs[other]).sum() >= 4, (one, other)


def test_a_sign_grows_with_its_box_and_an_unknown_kind_looks_unchanged() -> None:
    assert np.array_equal(
        pixels(sign_picture("?", 16, paper=False)), pixels(sign_picture("unchanged", 16, paper=False))
    )
    image = QImage(60, 60, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    draw_sign(painter, QRectF(5, 5, 48, 48), "added", paper=False)
    painter.end()
    assert image.pixelColor(29, 10) == QColor(palette.CHANGES["added"].glow)
    assert image.pixelColor(29, 29).lightness() < 60  # the plus
    assert image.pixelColor(2, 2).alpha() == 0
