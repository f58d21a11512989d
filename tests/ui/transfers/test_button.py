"""The download icon: a bar while something comes, a mark where something failed."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.transfers.conftest import queue_of, transfer
from viewer.ui import theme
from viewer.ui.transfers.button import TransferButton


@pytest.fixture
def button(qtbot: QtBot) -> TransferButton:
    made = TransferButton()
    qtbot.addWidget(made)
    made.show()
    return made


def drawn(button: TransferButton) -> QImage:
    return button.grab().toImage()


def has(image: QImage, colour: str) -> bool:
    wanted = QColor(colour).rgb()
    return any(image.pixel(x, y) == wanted for y in range(image.height()) for x in range(image.width()))


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
def test_what_it_shows(qapp: QApplication, button: TransferButton, tokens: theme.Tokens) -> None:
    theme.apply(qapp, tokens)
    rest = drawn(button)
    assert not has(rest, tokens.error)
    button.show_report(queue_of(transfer()), 3)
    assert has(drawn(button), tokens.accent)
    assert button.share == pytest.approx((3 + 4.1 / 38) / 4)
    button.show_report(queue_of(transfer(state="paused")), 3)
    assert not has(drawn(button), tokens.accent)
    assert button.is_still
    assert not button.is_paused
    button.show_report(queue_of(is_paused=True), 0)
    assert has(drawn(button), tokens.warn)
    assert button.toolTip() == "Transfers are paused"
    button.show_report(queue_of(transfer(state="failed")), 0)
    assert has(drawn(button), tokens.error)
    assert button.share is None
    button.show_report(queue_of(transfer(state="done")), 0)
    assert drawn(button) == rest


def test_what_it_says(button: TransferButton) -> None:
    assert button.accessibleName() == "Transfers"
    button.show_report(queue_of(transfer(), transfer("b", "failed")), 0)
    assert button.accessibleName() == button.toolTip() == "1 transfer, 1 failed"
    button.show_report(queue_of(transfer("b", "failed")), 0)
    assert button.toolTip() == "1 transfer failed"
    button.show_report(queue_of(), 0)
    assert button.toolTip() == "Transfers"
