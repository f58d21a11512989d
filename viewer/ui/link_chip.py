"""The chip of the header that says how long the links of the export are valid, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QRectF, QSize
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QWidget

from viewer.ui import theme
from viewer.ui.expiries import Expiries
from viewer.ui.link_ends import State
from viewer.ui.widgets.buttons import FlatButton
from viewer.ui.widgets.marks import chip_width, draw_chip

HEIGHT, CHIP, AIR = 24, 20, 8
"""`AIR` lies to the left of the chip and half of it to the right: what stands beside it is larger."""


def tone_of(state: State) -> tuple[str, str, str]:
    """(ground, ink, icon) of a chip that tells of links in this state."""
    t = theme.current()
    if state == "expired":
        return t.error_ground, t.error, "clock-alert"
    if state == "soon":
        return t.warn_ground, t.warn, "clock-alert"
    return t.hover, t.text2, "clock"


class LinkChip(FlatButton):
    """``Links valid 21 h``. Nothing where no link of the export is signed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, height=HEIGHT, pixels=theme.CAPTION_PX)
        self.state: State = ""
        self._words, self._is_narrow = "", False
        self.hide()

    def show_links(self, words: str, state: State, tip: str) -> None:
        """What is said of the links; no words hide the chip."""
        self.state, self._words = state, words
        self.setToolTip(tip)
        self.setAccessibleName(self.tr("Links {0}").format(words) if words else "")
        self.setAccessibleDescription(tip)
        self._say()
        self.setVisible(bool(words))

    def fit_to(self, *, narrow: bool) -> None:
        """Fewer words in a narrow window."""
        self._is_narrow = narrow
        self._say()

    def _say(self) -> None:
        self.setText(self._words if self._is_narrow or not self._words else self.tr("Links {0}").format(self._words))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(chip_width(self.text(), icon=True) + AIR + AIR // 2, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        ground, ink, icon = tone_of(self.state)
        painter = QPainter(self)
        box = QRectF(AIR, (HEIGHT - CHIP) / 2, self.width() - AIR - AIR // 2, CHIP)
        if self.state in ("", "valid") and (self.underMouse() or self.isDown()):
            ground = t.pressed
        draw_chip(painter, box, self.text(), ground=ground, ink=ink, icon=icon, ratio=self.devicePixelRatioF())
        if self._ring or (self.underMouse() and self.state in ("soon", "expired")):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colour, width = (t.accent, 2.0) if self._ring else (ink, 1.0)
            painter.setPen(QPen(QColor(colour), width))
            inset = width / 2
            painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), theme.RADIUS_CHIP, theme.RADIUS_CHIP)
        painter.end()


class LinkChipSteps(QObject):
    """Brings to the chip what is known of the links; a click offers the ways to other ones."""

    WAYS = ("open_newer_export", "look_in_folder", "get_fresh_links")
    """Ids of actions, in the order in which they cost least."""

    def __init__(self, chip: LinkChip, expiries: Expiries, actions: dict[str, QAction]) -> None:
        super().__init__(chip)
        self._chip, self._expiries, self._actions = chip, expiries, actions
        self.list_expired = QAction(self.tr("List the assets with expired links"), self)
        expiries.changed.connect(self.refresh)
        chip.clicked.connect(self._open)
        self.refresh()

    def refresh(self) -> None:
        """Say what is so now."""
        self._chip.show_links(self._expiries.words, self._expiries.state, self._tip())

    def _tip(self) -> str:
        totals = self._expiries.totals
        signed = f"{totals.signed:,}"
        if not totals.signed:
            return ""
        if self._expiries.state == "":
            return self._expiries.words
        everything = self.tr("the asset") if totals.signed == 1 else self.tr("all {0} assets").format(signed)
        if totals.expired == totals.signed:
            return self.tr("The links of {0} have expired. Cached files still open.").format(everything)
        if totals.expired:
            text = self.tr("The links of {0} of {1} assets have expired. Cached files still open.")
            return text.format(f"{totals.expired:,}", signed)
        if totals.soon:
            text = self.tr("The links of {0} of {1} assets expire soon. What is fetched before stays in the cache.")
            return text.format(f"{totals.soon:,}", signed)
        return self.tr("The links of {0} are valid. What is fetched stays in the cache.").format(everything)

    def menu(self) -> QMenu:
        """What can be done: the ways to other links, and the list of those that are dead."""
        menu = QMenu(self._chip)
        menu.setToolTipsVisible(True)
        for name in self.WAYS:
            if name in self._actions:
                menu.addAction(self._actions[name])
        if self._expiries.totals.expired:
            menu.addSeparator()
            menu.addAction(self.list_expired)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _open(self) -> None:
        self.menu().popup(self._chip.mapToGlobal(QPoint(AIR, self._chip.height() + 4)))
