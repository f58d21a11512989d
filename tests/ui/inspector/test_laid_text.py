"""Long values in lines, and short ones in one."""

from __future__ import annotations

from PySide6.QtGui import QFontMetrics

from viewer.ui import theme
from viewer.ui.inspector.laid_text import LINE, lay_out, one_line


def test_lines_are_as_wide_as_there_is_room(look_of_program: None) -> None:
    font = theme.font(theme.SECOND_PX)
    layout, height = lay_out("several words that do not fit\ninto one line", font, 80)
    assert height == layout.lineCount() * LINE > 2 * LINE
    assert all(layout.lineAt(n).naturalTextWidth() <= 80 for n in range(layout.lineCount()))
    assert lay_out("", font, 80)[1] == LINE


def test_one_line_is_cut(look_of_program: None) -> None:
    font = theme.font(theme.SECOND_PX)
    text = one_line("several\nwords " * 9, font, 80)
    assert "\n" not in text
    assert text.endswith("…")
    assert QFontMetrics(font).horizontalAdvance(text) <= 80
