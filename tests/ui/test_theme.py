"""Every text and mark of both themes can be read on the ground that it stands on."""

from __future__ import annotations

import pytest

from viewer.overlay.palette import contrast
from viewer.ui import theme

GROUNDS = ("window", "panel", "raised", "hover", "soft")


@pytest.mark.parametrize("t", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", ["text", "text2", "text3"])
def test_texts_can_be_read(t: theme.Tokens, ink: str, ground: str) -> None:
    assert contrast(getattr(t, ink), getattr(t, ground)) >= 4.5


@pytest.mark.parametrize("t", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [("warn", "warn_ground"), ("error", "error_ground"), ("ok", "ok_ground"), ("accent", "soft"), ("on_fill", "fill"),
     ("accent", "panel"), ("warn", "panel"), ("error", "panel"), ("ok", "panel")],
)  # fmt: skip
def test_chips_and_links_can_be_read(t: theme.Tokens, ink: str, ground: str) -> None:
    assert contrast(getattr(t, ink), getattr(t, ground)) >= 4.5


@pytest.mark.parametrize("t", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
def test_marks_and_initials_can_be_seen(t: theme.Tokens) -> None:
    assert contrast(t.strong, t.panel) >= 3.0
    assert contrast(t.strong, t.window) >= 3.0
    assert all(contrast(t.text, ground) >= 4.5 for ground in t.persons)
    assert contrast(t.text2, t.pressed) >= 4.5


def test_a_choice_means_a_theme(qapp: object) -> None:
    assert theme.tokens_of("light") is theme.LIGHT
    assert theme.tokens_of("dark") is theme.DARK
    assert theme.tokens_of("system") in (theme.LIGHT, theme.DARK)


def test_figures_are_tabular(qapp: object) -> None:
    theme.load_font()
    from PySide6.QtGui import QFontMetricsF

    metrics = QFontMetricsF(theme.font(13))
    assert len({round(metrics.horizontalAdvance(digit), 3) for digit in "0123456789"}) == 1
