"""Rows as they are painted, and where their buttons are."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem

from tests.ui.transfers.conftest import queue_of, transfer
from viewer.fetch.transfer import TransferReport
from viewer.ui import theme
from viewer.ui.transfers.model import TransferModel
from viewer.ui.transfers.row_delegate import ROW_HEIGHT, TransferRows, button_boxes, deeds_of, two_lines

BOX = QRect(0, 0, 378, ROW_HEIGHT)


def drawn(one: TransferReport, *, is_paused: bool = False, selected: bool = False) -> QImage:
    model = TransferModel()
    model.take(queue_of(one, is_paused=is_paused))
    rows = TransferRows(model)
    option = QStyleOptionViewItem()
    option.rect = BOX  # type: ignore[attr-defined]
    option.state = QStyle.StateFlag.State_Selected if selected else QStyle.StateFlag.State_None  # type: ignore[attr-defined]
    image = QImage(BOX.size(), QImage.Format.Format_RGB32)
    image.fill(QColor(theme.current().panel))
    painter = QPainter(image)
    rows.paint(painter, option, model.index(0, 0))
    painter.end()
    return image


def count(image: QImage, colour: str) -> int:
    wanted = QColor(colour).rgb()
    return sum(image.pixel(x, y) == wanted for y in range(image.height()) for x in range(image.width()))


@pytest.mark.parametrize(
    ("state", "deeds"),
    [("running", ("pause", "cancel")), ("waiting", ("pause", "cancel")), ("paused", ("resume", "cancel")),
     ("failed", ("retry", "remove")), ("cancelled", ("retry", "remove")), ("done", ())],
)  # fmt: skip
def test_what_can_be_done(state: str, deeds: tuple[str, ...]) -> None:
    one = transfer(state=state)
    assert deeds_of(one) == deeds
    boxes = button_boxes(BOX, one)
    assert tuple(boxes) == deeds
    assert all(BOX.contains(box) for box in boxes.values())
    lefts = [box.left() for box in boxes.values()]
    assert lefts == sorted(lefts)


def test_one_that_waits_with_all_others_has_no_pause_of_its_own() -> None:
    assert deeds_of(transfer(state="waiting"), is_paused=True) == ("cancel",)


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
def test_the_bar_is_as_long_as_what_came(qapp: QApplication, tokens: theme.Tokens) -> None:
    theme.apply(qapp, tokens)
    lengths = [count(drawn(transfer(received=part * 19_000_000)), tokens.accent) for part in (0, 1, 2)]
    assert lengths[0] < lengths[1] < lengths[2]
    still = drawn(transfer(state="paused", received=19_000_000))
    assert count(still, tokens.strong) > 300
    assert count(still, tokens.accent) == 0


def test_a_failure_is_red_and_its_sentence_has_two_lines() -> None:
    failed = drawn(transfer(state="failed", sentence="One word after the other, until it is too long. " * 9))
    assert count(failed, theme.DARK.error) > 5
    lines = [
        y for y in range(28, ROW_HEIGHT - 2) if any(failed.pixelColor(x, y).lightness() > 90 for x in range(40, 360))
    ]
    assert max(lines) - min(lines) > 16
    assert drawn(transfer(state="failed")) != drawn(transfer(state="done"))


@pytest.mark.parametrize("width", [80, 200, 330])
def test_two_lines_hold_what_fits(width: int) -> None:
    sentence = "127.0.0.1 refused lot_0238.jpg (403): the link gives no right to it, or the file is gone. " * 2
    lines = two_lines(sentence, width)
    metrics = QFontMetrics(theme.font(theme.CAPTION_PX))
    assert len(lines) == 2
    assert all(metrics.horizontalAdvance(line) <= width for line in lines)
    assert lines[1].endswith("…")
    assert two_lines("Short.", width) == ("Short.",)


def test_what_is_selected_differs() -> None:
    assert count(drawn(transfer(), selected=True), theme.DARK.soft) > 5_000
