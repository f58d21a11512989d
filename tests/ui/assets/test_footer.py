"""Counts, progress, and what stands in the place of the rows."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from viewer.ui import theme
from viewer.ui.assets.footer import EmptyState, Footer, ProgressBar


def test_progress_is_painted_as_far_as_it_is(qtbot: QtBot) -> None:
    bar = ProgressBar()
    qtbot.addWidget(bar)
    bar.resize(200, 3)
    empty = bar.grab().toImage().pixelColor(50, 1)
    bar.set_share(0.5)
    image = bar.grab().toImage()
    assert image.pixelColor(50, 1).name() == theme.current().strong.lower()
    assert image.pixelColor(150, 1).name() == theme.current().hover.lower()
    assert bar.accessibleDescription() == "50%"
    bar.set_share(7.0)
    assert bar.share == 1.0
    bar.set_share(None)
    assert bar.grab().toImage().pixelColor(50, 1) == empty


def test_buttons_are_there_when_they_do_something(qtbot: QtBot) -> None:
    footer = Footer()
    qtbot.addWidget(footer)
    footer.show()
    assert not footer.cancel.isVisible() and not footer.filter_off.isVisible()
    footer.show_text("Reading · 140 assets", listing=True, is_off=True)
    assert footer.cancel.isVisible() and footer.filter_off.isVisible()
    assert footer.text.text() == "Reading · 140 assets"
    assert footer.height() == 40


def test_what_is_missing_stands_beside_no_other_button(qtbot: QtBot) -> None:
    footer = Footer()
    qtbot.addWidget(footer)
    footer.show()
    footer.set_missing(412, "Look for them.")
    footer.show_text("480 assets", listing=False, is_off=False)
    assert footer.missing.isVisible()
    assert footer.missing.accessibleName() == "412 missing"
    for hidden in (lambda: footer.show_text("480 assets", listing=True, is_off=False),
                   lambda: footer.show_text("480 assets", listing=False, is_off=True),
                   lambda: footer.set_comparing(0.5)):  # fmt: skip
        footer.show_text("480 assets", listing=False, is_off=False)
        footer.set_comparing(None)
        assert footer.missing.isVisible()
        hidden()
        assert not footer.missing.isVisible()
    footer.set_comparing(None)
    footer.set_missing(0, "")
    assert not footer.missing.isVisible()


def test_the_sentence_wraps(qtbot: QtBot) -> None:
    state = EmptyState()
    qtbot.addWidget(state)
    state.resize(220, 300)
    state.show_text('No asset matches "' + "lot " * 20 + '" and 2 filters.', can_clear=True)
    state.show()
    assert state.label.height() > 30
    assert state.clear.isVisible()
    assert state.rect().contains(state.clear.geometry())
    state.show_text("No assets", can_clear=False)
    assert not state.clear.isVisible()


def test_the_comparing_stands_in_the_footer_while_nothing_is_read(qtbot: QtBot) -> None:
    footer = Footer()
    qtbot.addWidget(footer)
    footer.show()
    footer.show_text("Reading · 9 assets", listing=True, is_off=False)
    footer.bar.set_share(0.9)
    footer.set_comparing(0.25)
    assert footer.bar.share == 0.9
    assert not footer.stop_comparing.isVisible()
    footer.show_text("12 assets", listing=False, is_off=False)
    assert footer.text.text() == "12 assets · comparing 25%"
    footer.set_comparing(0.5)
    assert footer.bar.share == 0.5
    assert footer.stop_comparing.isVisible() and not footer.cancel.isVisible()
    with qtbot.waitSignal(footer.comparing_cancelled):
        footer.stop_comparing.click()
    footer.set_comparing(None)
    assert footer.text.text() == "12 assets"
    assert footer.bar.share is None and not footer.stop_comparing.isVisible()
