"""The fonts and colours of the program."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from viewer.ui import theme


@pytest.fixture
def look_of_program(qapp: QApplication) -> Iterator[None]:
    theme.load_font()
    theme.apply(qapp, theme.DARK)
    yield
    qapp.setStyleSheet("")
