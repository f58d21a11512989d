from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from viewer.ui import theme
from viewer.ui.missing.path_field import PathField


class Asked:
    """A field in a window, what its dialog answers, and what it told."""

    def __init__(self) -> None:
        self.answer: Path | None = None
        self.window = QWidget()
        self.field = PathField(lambda: self.answer, "Folder", self.window)
        self.told: list[Path | None] = []
        self.field.changed.connect(self.told.append)


@pytest.fixture
def asked(qtbot: QtBot) -> Iterator[Asked]:
    theme.load_font()
    made = Asked()
    qtbot.addWidget(made.window)
    made.window.show()
    yield made


def test_what_is_typed_counts_once_it_is_meant(qtbot: QtBot, asked: Asked) -> None:
    QTest.keyClicks(asked.field.edit, "/media")
    assert asked.told == []
    qtbot.waitUntil(lambda: asked.told == [Path("/media")])
    QTest.keyClicks(asked.field.edit, "/deep")
    QTest.keyClick(asked.field.edit, Qt.Key.Key_Return)
    assert asked.told == [Path("/media"), Path("/media/deep")]
    asked.field.set_path(None)
    assert asked.told[-1] is None
    QTest.keyClicks(asked.field.edit, "~/pictures")
    assert asked.field.path == Path.home() / "pictures"


def test_what_is_chosen_counts_at_once_and_a_dialog_without_an_answer_changes_nothing(asked: Asked) -> None:
    asked.field.choose.click()
    assert asked.told == []
    asked.answer = Path("/media")
    asked.field.choose.click()
    asked.field.choose.click()
    assert asked.told == [Path("/media")]
    assert asked.field.edit.accessibleName() == "Folder"


def test_a_folder_can_be_dropped(asked: Asked) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://store.test/a"), QUrl.fromLocalFile("/media/a b")])
    drop = QDropEvent(
        QPointF(1, 1), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    asked.field.dropEvent(drop)
    assert asked.told == [Path("/media/a b")]
