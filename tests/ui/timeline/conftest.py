"""A timeline with the history of the pictures of the design."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.make import histories
from viewer.ui.timeline import StageTimeline


@pytest.fixture
def timeline(qtbot: QtBot) -> StageTimeline:
    widget = StageTimeline()
    qtbot.addWidget(widget)
    widget.resize(1200, 136)
    widget.show_task(histories.reworked())
    widget.show()
    return widget
