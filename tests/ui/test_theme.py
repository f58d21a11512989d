"""Every text and mark of both themes can be read on the ground that it stands on."""

from __future__ import annotations

import pytest

from tests.overlay import test_contrast
from viewer.overlay.palette import contrast
from viewer.ui import theme

GROUNDS = ("window", "panel", "raised", "hover", "soft")
TEXTS = ("text", "text2", "text3", "accent", "warn", "error", "ok")
THEMES = pytest.mark.parametrize("t", [theme.DARK, theme.LIGHT], ids=["dark", "light"])


@THEMES
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", TEXTS)
def test_texts_can_be_read(t: theme.Tokens, ink: str, ground: str) -> None:
    assert contrast(getattr(t, ink), getattr(t, ground)) >= 4.5


@THEMES
@pytest.mark.parametrize(
    ("ink", "ground"),
    [("warn", "warn_ground"), ("error", "error_ground"), ("ok", "ok_ground"), ("on_fill", "fill"),
     ("text", "warn_ground"), ("text", "pressed"), ("text2", "pressed"), ("text", "canvas"), ("text2", "canvas")],
)  # fmt: skip
def test_texts_on_chips_and_pressed_things_can_be_read(t: theme.Tokens, ink: str, ground: str) -> None:
    assert contrast(getattr(t, ink), getattr(t, ground)) >= 4.5


@THEMES
@pytest.mark.parametrize("ground", GROUNDS)
def test_marks_can_be_seen(t: theme.Tokens, ground: str) -> None:
    """Connectors, ticks, the frame of a box to tick; the ring of the focus."""
    assert contrast(t.strong, getattr(t, ground)) >= 3.0
    assert contrast(t.accent, getattr(t, ground)) >= 3.0


@THEMES
@pytest.mark.parametrize("ink", TEXTS)
def test_icons_on_pressed_buttons_can_be_seen(t: theme.Tokens, ink: str) -> None:
    assert contrast(getattr(t, ink), t.pressed) >= 3.0


@THEMES
def test_filled_things_and_initials_can_be_seen(t: theme.Tokens) -> None:
    assert contrast(t.fill, t.panel) >= 3.0
    assert contrast(t.accent, t.canvas) >= 3.0
    assert contrast(t.accent, t.letterbox) >= 3.0 or not t.dark
    assert all(contrast(t.text, ground) >= 4.5 for ground in t.persons)


@THEMES
def test_words_without_a_picture_stand_on_a_ground_that_they_can_be_read_on(t: theme.Tokens) -> None:
    ground = t.canvas if t.dark else t.window
    assert all(contrast(ink, ground) >= 4.5 for ink in (t.text, t.text2, t.text3, t.accent))


def test_labels_are_tried_on_the_canvases_of_the_themes() -> None:
    assert test_contrast.CANVASES[:3] == (theme.DARK.canvas, theme.LIGHT.canvas, theme.DARK.letterbox)


def test_a_choice_means_a_theme(qapp: object) -> None:
    assert theme.tokens_of("light") is theme.LIGHT
    assert theme.tokens_of("dark") is theme.DARK
    assert theme.tokens_of("system") in (theme.LIGHT, theme.DARK)


def test_figures_are_tabular(qapp: object) -> None:
    theme.load_font()
    from PySide6.QtGui import QFontMetricsF

    metrics = QFontMetricsF(theme.font(13))
    assert len({round(metrics.horizontalAdvance(digit), 3) for digit in "0123456789"}) == 1
