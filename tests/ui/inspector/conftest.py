"""A panel with the fonts and colours of the program, and an image to show in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.make.assets import parsed
from tests.make.inspected import answer, box, image, polygon, scene_of
from viewer.model import Asset
from viewer.state import Look
from viewer.ui import theme
from viewer.ui.inspector import InspectorPanel


@pytest.fixture
def look_of_program(qapp: QApplication) -> Iterator[None]:
    theme.load_font()
    theme.apply(qapp, theme.DARK)
    yield
    qapp.setStyleSheet("")


@pytest.fixture
def panel(qtbot: QtBot, look_of_program: None) -> InspectorPanel:
    widget = InspectorPanel()
    qtbot.addWidget(widget)
    widget.resize(328, 800)
    widget.show()
    return widget


@pytest.fixture
def asset() -> Asset:
    """Two cars, a tree and an arrow between the cars."""
    return parsed(
        image(
            box("car1", "Car", classifications=[answer("State", "parked", answer("Side", "left"))]),
            box("car2", "Car", classifications=[answer("State", "moving")]),
            polygon("tree1", "Tree"),
            relations=[{"objectId": "rel1", "schemaId": "r", "title": "follows", "from": "car2", "to": "car1"}],
        )
    )


@pytest.fixture
def show(panel: InspectorPanel) -> Callable[..., None]:
    """Show a page of an asset as the window does."""

    def show(asset: Asset, page: int = 0, look: Look | None = None, selection: str | None = None, **more: Any) -> None:
        look, task = look or Look(), asset.tasks[0]
        panel.show_scene(scene_of(asset, page, look), task.current, task, asset, look, selection)
        panel.show_asset(asset, task, task.current, more.get("media", {}), more.get("answers", ()))

    return show
