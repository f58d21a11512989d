"""Tokens of the look: colours of both themes, spacing, type. Nothing else in ui holds a hex value."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from viewer import resources


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme, named after their use."""

    dark: bool
    canvas: str
    letterbox: str
    window: str
    panel: str
    raised: str
    hover: str
    pressed: str
    divider: str
    border: str
    strong: str
    text: str
    text2: str
    text3: str
    accent: str
    fill: str
    soft: str
    warn: str
    error: str
    ok: str


DARK = Tokens(
    True, "#131314", "#000000", "#18191B", "#1E1F22", "#27292D", "#2F3236", "#3A3D43", "#2A2C30", "#3B3E44",
    "#7A808A", "#ECEDF0", "#B0B4BC", "#949AA3", "#8B9BFF", "#5566E8", "#2A2E4A", "#F0B849", "#FF7A6B", "#4CCB8F",
)  # fmt: skip
LIGHT = Tokens(
    False, "#D2D3D5", "#000000", "#EEEFF1", "#FAFAFB", "#FFFFFF", "#EDEEF1", "#E1E3E7", "#E2E4E7", "#CBCED3",
    "#80868F", "#1A1C1F", "#4B5058", "#616770", "#4453D6", "#4453D6", "#E6E8FC", "#8A5A00", "#B42318", "#116B45",
)  # fmt: skip

SPACE_XS, SPACE_S, SPACE_M, SPACE_L = 4, 8, 12, 16


def palette(t: Tokens) -> QPalette:
    """The QPalette of a theme."""
    result = QPalette()
    roles = {
        QPalette.ColorRole.Window: t.panel,
        QPalette.ColorRole.WindowText: t.text,
        QPalette.ColorRole.Base: t.window if t.dark else t.raised,
        QPalette.ColorRole.AlternateBase: t.window if t.dark else t.raised,
        QPalette.ColorRole.Text: t.text,
        QPalette.ColorRole.Button: t.raised,
        QPalette.ColorRole.ButtonText: t.text,
        QPalette.ColorRole.BrightText: t.text,
        QPalette.ColorRole.Highlight: t.soft,
        QPalette.ColorRole.HighlightedText: t.text,
        QPalette.ColorRole.Link: t.accent,
        QPalette.ColorRole.PlaceholderText: t.text3,
        QPalette.ColorRole.ToolTipBase: t.raised,
        QPalette.ColorRole.ToolTipText: t.text,
        QPalette.ColorRole.Mid: t.border,
        QPalette.ColorRole.Midlight: t.divider,
        QPalette.ColorRole.Dark: t.strong,
        QPalette.ColorRole.Light: t.hover,
        QPalette.ColorRole.Shadow: t.window,
        QPalette.ColorRole.Accent: t.accent,
    }
    for role, value in roles.items():
        result.setColor(role, QColor(value))
    faded = QColor(t.text3)
    faded.setAlpha(128)
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, faded)
    return result


def sheet(t: Tokens) -> str:
    """The few rules that a palette cannot say."""
    return f"""
    QSplitter::handle {{ background: {t.divider}; }}
    QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.border}; padding: 4px; }}
    QScrollBar:vertical {{ width: 10px; background: transparent; margin: 0; }}
    QScrollBar:horizontal {{ height: 10px; background: transparent; margin: 0; }}
    QScrollBar::handle {{ background: {t.border}; border-radius: 3px; margin: 2px; min-height: 24px;
        min-width: 24px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: none; }}
    QHeaderView::section {{ background: {t.panel}; color: {t.text3}; border: none;
        border-bottom: 1px solid {t.divider}; padding: 4px 8px; }}
    QMenuBar {{ background: {t.panel}; }}
    QStatusBar {{ background: {t.panel}; color: {t.text2}; }}
    QStatusBar::item {{ border: none; }}
    QTabBar::tab {{ padding: 6px 10px; color: {t.text2}; border: none; border-bottom: 2px solid transparent; }}
    QTabBar::tab:selected {{ color: {t.text}; border-bottom: 2px solid {t.accent}; }}
    """


def apply(application: QApplication, t: Tokens) -> None:
    """Give the whole application the look of a theme. Before the first window is shown: no white flash."""
    application.setStyle("Fusion")
    application.setPalette(palette(t))
    application.setStyleSheet(sheet(t))


def chosen(application: QApplication) -> Tokens:
    """Dark unless the system says light; on X11 without a desktop it says nothing."""
    light = application.styleHints().colorScheme() == Qt.ColorScheme.Light
    return LIGHT if light else DARK


def load_font() -> None:
    """Use the bundled Inter with tabular figures, so that layouts and digits are the same everywhere."""
    for weight in ("Regular", "Medium", "SemiBold"):
        QFontDatabase.addApplicationFont(str(resources.path(f"fonts/Inter-{weight}.ttf")))
    font = QFont("Inter")
    font.setPixelSize(13)
    font.setFeature(QFont.Tag("tnum"), 1)
    QGuiApplication.setFont(font)
