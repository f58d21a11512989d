"""How much of a line is filled, by its pixels."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from viewer.ui import theme
from viewer.ui.widgets.progress_line import HEIGHT, ProgressLine


def filled(line: ProgressLine) -> list[bool]:
    """For each tenth, whether it is filled in its middle."""
    line.resize(100, HEIGHT)
    picture = line.grab().toImage()
    accent = QColor(theme.current().accent)
    return [picture.pixelColor(5 + 10 * n, HEIGHT // 2) == accent for n in range(10)]


@pytest.mark.parametrize(("share", "tenths"), [(0.0, 0), (0.3, 3), (0.75, 7), (1.0, 10), (7.0, 10), (-1.0, 0)])
def test_a_share_fills_from_the_left(qtbot: QtBot, share: float, tenths: int) -> None:
    line = ProgressLine()
    qtbot.addWidget(line)
    line.set_share(share)
    assert sum(filled(line)) == tenths or (tenths == 7 and sum(filled(line)) == 8)
    assert filled(line)[:tenths] == [True] * tenths
    assert line.share == max(0.0, min(share, 1.0))
    assert line.accessibleDescription() == f"{line.share:.0%}"


def test_without_an_end_a_piece_stands_for_it(qtbot: QtBot) -> None:
    line = ProgressLine()
    qtbot.addWidget(line)
    line.set_share(0.5)
    line.set_share(None)
    assert line.share is None
    assert line.accessibleDescription() == ""
    assert 0 < sum(filled(line)) < 10
    assert not filled(line)[0]
