"""Pictures are asked for, kept up to a limit, and cut to squares."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage

from viewer.ui.assets.thumbnails import SIDE, ThumbnailStore

pytestmark = pytest.mark.usefixtures("qapp")


def picture(width: int = 96, height: int = 54, colour: str = "red") -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def test_what_is_missing_is_asked_for_the_first_in_sight_last() -> None:
    wanted: list[int] = []
    store = ThumbnailStore()
    store.ask([1, 2])
    store.want = wanted.append
    store.put(2, picture())
    store.ask([1, 2, 3])
    assert wanted == [3, 1]


def test_the_ones_not_seen_for_longest_make_room() -> None:
    store = ThumbnailStore(kept_bytes=3 * 96 * 54 * 4)
    for asset in (1, 2, 3):
        store.put(asset, picture())
    assert store.bytes == 3 * 96 * 54 * 4
    store.pixmap(1, 1.0)
    store.put(4, picture())
    assert store.pixmap(2, 1.0) is None
    assert store.pixmap(1, 1.0) is not None
    for asset in range(5, 100):
        store.put(asset, picture())
        store.pixmap(asset, 2.0)
    assert store.bytes <= 3 * 96 * 54 * 4 + (2 * SIDE) ** 2 * 4
    store.clear()
    assert (len(store), store.bytes) == (0, 0)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("size", [(96, 54), (54, 96), (96, 1), (8, 8)])
def test_the_middle_with_round_corners(ratio: float, size: tuple[int, int]) -> None:
    store = ThumbnailStore()
    image = picture(*size)
    if size == (96, 54):
        for y in range(54):
            for x in range(21):  # left of the middle square
                image.setPixelColor(x, y, QColor("blue"))
    store.put(7, image)
    pixmap = store.pixmap(7, ratio)
    assert pixmap is not None
    made = pixmap.toImage()
    side = round(SIDE * ratio)
    assert (made.width(), made.height(), pixmap.devicePixelRatio()) == (side, side, ratio)
    assert made.pixelColor(0, 0).alpha() < 128
    for x in (3, side // 2, side - 3):
        assert made.pixelColor(x, side // 2).red() > 200
        assert made.pixelColor(x, side // 2).alpha() == 255


def test_the_same_picture_is_not_made_twice_and_a_null_one_is_none() -> None:
    store = ThumbnailStore()
    store.put(1, picture())
    assert store.pixmap(1, 1.0) is store.pixmap(1, 1.0)
    held = store.bytes
    store.put(1, picture())
    store.pixmap(1, 1.0)
    assert store.bytes == held
    store.put(1, QImage())
    assert store.pixmap(1, 1.0) is None
    assert store.bytes == 0
