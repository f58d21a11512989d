"""The look: colours of both themes, spacing, type. Nothing else in ui holds a hex value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from viewer import resources

Choice = Literal["system", "light", "dark"]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme, named after their use (ui.md §3)."""

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
    warn_ground: str
    error_ground: str
    ok_ground: str
    persons: tuple[str, str, str, str]
    """Grounds of initials."""
    on_fill: str = "#FFFFFF"
    """Text on `fill`."""


DARK = Tokens(
    True, "#131314", "#000000", "#18191B", "#1E1F22", "#27292D", "#2F3236", "#3A3D43", "#2A2C30", "#3B3E44",
    "#7A808A", "#ECEDF0", "#B0B4BC", "#949AA3", "#8B9BFF", "#5566E8", "#2A2E4A", "#F0B849", "#FF7A6B", "#4CCB8F",
    "#37301D", "#3B2523", "#1D332A", ("#4A5D52", "#5A4E66", "#5F5546", "#465A66"),
)  # fmt: skip
LIGHT = Tokens(
    False, "#D2D3D5", "#000000", "#EEEFF1", "#FAFAFB", "#FFFFFF", "#EDEEF1", "#E1E3E7", "#E2E4E7", "#CBCED3",
    "#80868F", "#1A1C1F", "#4B5058", "#616770", "#4453D6", "#4453D6", "#E6E8FC", "#8A5A00", "#B42318", "#116B45",
    "#FFF1D1", "#FDE7E4", "#DDF3E7", ("#D9E8DE", "#E9E0F1", "#F1E7D8", "#DCE8EF"),
)  # fmt: skip

SPACE_XS, SPACE_S, SPACE_M, SPACE_L, SPACE_XL = 4, 8, 12, 16, 24
RADIUS_TAG, RADIUS_CHIP, RADIUS_CONTROL, RADIUS_CARD = 3, 4, 6, 8
CONTROL, CONTROL_SMALL, CONTROL_LARGE = 28, 24, 32
"""Heights of controls."""
CAPTION_PX, SECOND_PX, BODY_PX, NAME_PX, TITLE_PX, START_PX = 11, 12, 13, 14, 18, 22

_current = DARK


def current() -> Tokens:
    """The theme in force. Painted widgets ask for it in every paint; nobody keeps it."""
    return _current


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
    """The few rules that a palette cannot say; more of them would switch off Fusion and palette."""
    return f"""
    QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.border}; padding: 4px; }}
    QScrollBar:vertical {{ width: 10px; background: transparent; margin: 0; }}
    QScrollBar:horizontal {{ height: 10px; background: transparent; margin: 0; }}
    QScrollBar::handle {{ background: {t.border}; border-radius: 3px; margin: 2px; min-height: 24px; min-width: 24px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: none; }}
    QHeaderView::section {{ background: {t.panel}; color: {t.text3}; border: none;
        border-bottom: 1px solid {t.divider}; padding: 4px 12px; }}
    QLineEdit {{ background: {t.window if t.dark else t.raised}; border: 1px solid {t.border}; border-radius: 6px;
        padding: 0 8px; min-height: 26px; selection-background-color: {t.fill}; selection-color: {t.on_fill}; }}
    QLineEdit:focus {{ border: 1px solid {t.accent}; }}
    QMenu {{ background: {t.raised}; border: 1px solid {t.border}; padding: 4px; }}
    QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 4px; }}
    QMenu::item:selected {{ background: {t.soft}; }}
    QMenu::separator {{ height: 1px; background: {t.divider}; margin: 4px 0; }}
    QStatusBar {{ background: {t.panel}; color: {t.text2}; }}
    QStatusBar::item {{ border: none; }}
    QTabBar::tab {{ padding: 6px 8px; color: {t.text2}; border: none; border-bottom: 2px solid transparent; }}
    QTabBar::tab:selected {{ color: {t.text}; border-bottom: 2px solid {t.accent}; }}
    #state_title {{ font-size: {TITLE_PX}px; font-weight: 600; color: {t.text}; }}
    #state_text {{ color: {t.text2}; }}
    """


def tokens_of(choice: Choice) -> Tokens:
    """The theme that a choice means now. Dark unless the system says light; bare X11 says nothing."""
    if choice == "system":
        hints = QGuiApplication.styleHints()
        return LIGHT if hints.colorScheme() == Qt.ColorScheme.Light else DARK
    return LIGHT if choice == "light" else DARK


def apply(application: QApplication, t: Tokens) -> None:
    """Give the whole application a look, at the start or live. Before the first window: no white flash."""
    global _current
    _current = t
    if application.style().objectName() != "fusion":
        application.setStyle("Fusion")
    application.setPalette(palette(t))
    application.setStyleSheet(sheet(t))


def load_font() -> None:
    """Use the bundled Inter with tabular figures, so that layouts and digits are the same everywhere."""
    for weight in ("Regular", "Medium", "SemiBold"):
        QFontDatabase.addApplicationFont(str(resources.path(f"fonts/Inter-{weight}.ttf")))
    QGuiApplication.setFont(font(BODY_PX))


_WEIGHT_FAMILIES = {500: ("Inter Medium",), 600: ("Inter SemiBold",)}


def font(pixels: int = BODY_PX, weight: int = 400, *, ids: bool = False) -> QFont:
    """Inter at a size and weight (400, 500, 600). `ids`: slashed zero and clear letters, for identifiers."""
    # some platforms file each weight as a family of its own and would show all of them as Regular
    result = QFont([*_WEIGHT_FAMILIES.get(weight, ()), "Inter"])
    result.setPixelSize(pixels)
    result.setWeight(QFont.Weight(weight))
    result.setFeature(QFont.Tag("tnum"), 1)
    if ids:
        result.setFeature(QFont.Tag("zero"), 1)
        result.setFeature(QFont.Tag("ss02"), 1)
    return result


def line_of(pixels: int) -> int:
    """Height of a line of text of this size (ui.md §3)."""
    return {11: 14, 12: 16, 13: 18, 14: 18, 18: 24, 22: 28}.get(pixels, round(pixels * 1.35))
