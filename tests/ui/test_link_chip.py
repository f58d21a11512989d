from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from viewer.ui import theme
from viewer.ui.link_chip import LinkChip, LinkChipSteps, tone_of
from viewer.ui.link_ends import LinkTotals, State


class Expiries(QObject):
    changed = Signal()
    words, state = "", ""
    totals = LinkTotals()

    def tell(self, words: str, state: State, totals: LinkTotals) -> None:
        self.words, self.state, self.totals = words, state, totals
        self.changed.emit()


@pytest.fixture
def chip(qtbot: QtBot) -> LinkChip:
    theme.load_font()
    made = LinkChip()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def expiries(qtbot: QtBot) -> Expiries:
    return Expiries()


def test_nothing_is_said_of_links_that_are_not_signed(chip: LinkChip, expiries: Expiries) -> None:
    LinkChipSteps(chip, expiries, {})  # type: ignore[arg-type]
    assert chip.isHidden()
    expiries.tell("valid 21 h", "valid", LinkTotals(1, signed=3))
    assert not chip.isHidden()
    assert chip.text() == "Links valid 21 h"
    expiries.tell("", "", LinkTotals())
    assert chip.isHidden()


@pytest.mark.parametrize(
    ("state", "totals", "tip"),
    [
        ("valid", LinkTotals(1, signed=1200), "The links of all 1,200 assets are valid."),
        ("soon", LinkTotals(1, signed=480, soon=3), "The links of 3 of 480 assets expire soon."),
        ("expired", LinkTotals(1, signed=480, expired=412), "The links of 412 of 480 assets have expired."),
        ("expired", LinkTotals(1, signed=5, expired=5), "The links of all 5 assets have expired."),
        ("expired", LinkTotals(1, signed=1, expired=1), "The links of the asset have expired."),
    ],
)
def test_the_tip_says_how_many(chip: LinkChip, expiries: Expiries, state: State, totals: LinkTotals, tip: str) -> None:
    LinkChipSteps(chip, expiries, {})  # type: ignore[arg-type]
    expiries.tell("some words", state, totals)
    assert chip.toolTip().startswith(tip)
    assert chip.accessibleName() == "Links some words"
    assert chip.accessibleDescription() == chip.toolTip()


def test_a_narrow_window_gets_fewer_words(chip: LinkChip) -> None:
    chip.show_links("expired 3 days ago", "expired", "tip")
    wide = chip.sizeHint()
    chip.fit_to(narrow=True)
    assert chip.text() == "expired 3 days ago"
    assert chip.sizeHint().width() < wide.width()


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
def test_its_ground_tells_the_state(chip: LinkChip, qapp, tokens: theme.Tokens) -> None:  # type: ignore[no-untyped-def]
    theme.apply(qapp, tokens)
    grounds = []
    for state in ("valid", "soon", "expired"):
        chip.show_links("some words", state, "")  # type: ignore[arg-type]
        chip.resize(chip.sizeHint() if chip.sizeHint().isValid() else QSize(100, 24))
        grounds.append(chip.grab().toImage().pixelColor(chip.width() - 7, 12).name())
    assert grounds == [tokens.hover.lower(), tokens.warn_ground.lower(), tokens.error_ground.lower()]
    assert [tone_of(state)[2] for state in ("valid", "soon", "expired")] == ["clock", "clock-alert", "clock-alert"]  # type: ignore[arg-type]


def test_its_menu_has_the_ways_that_there_are(chip: LinkChip, expiries: Expiries) -> None:
    look, other = QAction("Look in folder…", chip), QAction("Quit", chip)
    steps = LinkChipSteps(chip, expiries, {"look_in_folder": look, "quit_program": other})  # type: ignore[arg-type]
    expiries.tell("valid 21 h", "valid", LinkTotals(1, signed=3))
    assert [action.text() for action in steps.menu().actions()] == ["Look in folder…"]
    expiries.tell("expired 3 days ago", "expired", LinkTotals(1, signed=3, expired=1))
    texts = [action.text() for action in steps.menu().actions() if not action.isSeparator()]
    assert texts == ["Look in folder…", "List the assets with expired links"]


def test_a_clock_that_cannot_be_right_is_told(chip: LinkChip, expiries: Expiries) -> None:
    LinkChipSteps(chip, expiries, {})  # type: ignore[arg-type]
    words = "valid until 1 Dec 2026, 10:00 UTC, if this computer's clock is right"
    expiries.tell(words, "", LinkTotals(1, signed=3))
    assert chip.toolTip() == words
