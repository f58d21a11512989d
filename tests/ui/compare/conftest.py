"""A compare view with a canvas in it, and pictures of what it shows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from viewer.ui.canvas import Canvas
from viewer.ui.compare import CompareView


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[CompareView]:
    """Empty, 640 × 480, shown."""
    canvas = Canvas()
    widget = CompareView(canvas)
    qtbot.addWidget(widget)
    widget.resize(640, 480)
    widget.show()
    qtbot.waitExposed(widget)
    failures: list[str] = []
    canvas.failed.connect(failures.append)
    yield widget
    widget.close()
    assert failures == []
