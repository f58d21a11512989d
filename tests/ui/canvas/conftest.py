"""A canvas with a page on it, and pictures of what it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.make.shapes import one_of_each
from viewer.decoders.base import Raster
from viewer.ui.canvas import Canvas, PageContent

Content = Callable[..., PageContent]


def pixels_of(widget: QWidget) -> NDArray[np.uint8]:
    """What a widget shows, BGRX (h, w, 4), in device pixels."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    view = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return view[:, : image.width()].copy()


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[Canvas]:
    """Empty, 640 × 480, shown."""
    widget = Canvas()
    qtbot.addWidget(widget)
    widget.resize(640, 480)
    widget.show()
    qtbot.waitExposed(widget)
    failures: list[str] = []
    widget.failed.connect(failures.append)
    yield widget
    assert failures == []


@pytest.fixture
def content() -> Content:
    """A grey page of 200 × 150 with one label of each kind."""

    def make(key: object = "page", level: int = 90, **more: Any) -> PageContent:
        pixels = np.full((150, 200, 4), level, dtype=np.uint8)
        values: dict[str, Any] = {
            "raster": Raster(pixels, "bgrx", (0.0, 0.0, 200.0, 150.0)),
            "page_size": (200.0, 150.0),
            "key": key,
            "store": one_of_each(),
        }
        return PageContent(**{**values, **more})

    return make
