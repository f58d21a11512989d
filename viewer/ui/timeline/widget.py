"""The stage timeline: stages are chosen by mouse and keys, pins are dragged, the history is played."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPointF, QSettings, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPixmap,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from viewer.diff import Counts
from viewer.export import Visit
from viewer.model import Task
from viewer.ui import theme
from viewer.ui.timeline import places, texts
from viewer.ui.timeline.history import Pair
from viewer.ui.timeline.replay import Replay
from viewer.ui.timeline.row import CardRow, Pin
from viewer.ui.timeline.texts import Beside
from viewer.ui.widgets.buttons import IconButton, Segment
from viewer.ui.widgets.focus import KEYBOARD

KEPT = "timeline/axis"
_CHOOSE = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_CHOICE_MODIFIERS = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)


class StageTimeline(CardRow):
    """One card per snapshot of the task shown. ← → move the focus, Enter or Space shows that stage (as B).

    Shift with any of them, or with a click, makes it A. Pins can be dragged from card to card.
    """

    stage_chosen = Signal(int)
    """To be shown; B when two are compared."""
    reference_chosen = Signal(int)
    """To be A."""
    pictures_wanted = Signal()
    """Cards have room for pictures of their stages now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._pressed: tuple[Pin, QPointF] | None = None
        self.widths = Segment((("equal", self.tr("Equal"), ""), ("time", self.tr("Time"), "")), self)
        self.widths.setAccessibleName(self.tr("Width of the stages"))
        self.widths.chosen.connect(self._choose_widths)
        self.play = IconButton("play", "", self)
        self.play.clicked.connect(self.toggle_replay)
        self.replay = Replay(self)
        self.replay.stepped.connect(self.stage_chosen)
        self.replay.changed.connect(self._show_replay)
        self._show_replay(False)
        self.lay_out()
        self._say()

    # ---- what is shown -----------------------------------------------------------------------------------

    def show_task(self, task: Task | None, visits: Sequence[Visit] = ()) -> None:
        """The history of a task; `visits` of the index spare parsing every snapshot for its count."""
        self.replay.stop()
        self.glide.stop()
        self.history.show(task, visits)
        self._beside, self._pictures = {}, {}
        self._pressed = self.dragged = None
        self.focused = max(0, self.history.shown)
        self.hovered = -1
        self._offset = 0
        self.lay_out()
        self._say()

    def mark(
        self, shown: int, reference: int | None = None, total: int | None = None, others: Sequence[int] = ()
    ) -> None:
        """The stage on the canvas (B), the one it is compared with (A), and how many changes lie between them.

        `total` is None while that is not known. `others` are further stages beside them (C, D …).
        """
        self.replay.show(shown)
        moved = shown != self.history.shown
        before = (self.pin_rect("A"), self.pin_rect("B"))
        if not self.history.mark(shown, reference, total, others):
            return
        if moved:
            self.focused = shown
            self.reveal(shown)
        self.glide.go(before, (self.pin_rect("A"), self.pin_rect("B")))
        self._say()
        self.update()

    def set_counts(self, counts: Mapping[Pair, Counts], beside: Mapping[Pair, Beside] | None = None) -> None:
        """What changed from stage to stage, as it becomes known: by (stage, next stage).

        `beside`: changes of answers and relations. What was known before stays.
        """
        self.history.add_counts(counts)
        self._beside.update(beside or {})
        self._say()
        self.update()

    def set_pictures(self, pictures: Mapping[int, QPixmap]) -> None:
        """Pictures of 96 × 64 with the labels of a stage, by stage; seen where cards have room for them."""
        self._pictures.update(pictures)
        self.update()

    def set_with_pictures(self, on: bool) -> None:
        """Cards have room for pictures (a wide window)."""
        if on != self.has_room_for_pictures:
            self.has_room_for_pictures = on
            self.lay_out()
            if self.shows_pictures:
                self.pictures_wanted.emit()

    def set_compact(self, on: bool) -> None:
        """The lower form, for small windows."""
        if on != self.is_compact:
            self.is_compact = on
            self.updateGeometry()
            self.lay_out()
            if self.shows_pictures:
                self.pictures_wanted.emit()

    def set_motion(self, on: bool) -> None:
        """Whether pins glide to their new cards."""
        self.glide.is_wanted = on

    def save(self, settings: QSettings) -> None:
        """Equal widths or true time."""
        settings.setValue(KEPT, self.widths.choice)

    def restore(self, settings: QSettings) -> None:
        """As it was."""
        self.widths.choose("time" if settings.value(KEPT, "equal") == "time" else "equal")
        self._choose_widths(self.widths.choice)

    def _choose_widths(self, choice: str) -> None:
        self.wants_time = choice == "time"
        self.lay_out()

    def lay_out(self) -> None:
        """Controls as well: a single stage has no widths and nothing to play."""
        many = len(self.cards) > 1
        top = 66 if self.is_compact else 84
        self.widths.setVisible(many)
        self.play.setVisible(many)
        self.widths.move(places.PAD - 4, top)
        self.widths.resize(self.widths.sizeHint())
        left, self.title_end = places.PAD + self.widths.width(), places.TITLE_WIDTH - 4
        if left + theme.CONTROL > places.TITLE_WIDTH:  # long words of another language: beside the title there is room
            left, top = places.TITLE_WIDTH - theme.CONTROL - 6, 8
            self.title_end = left
        self.play.setGeometry(left, top, theme.CONTROL, theme.CONTROL)
        super().lay_out()

    def _say(self) -> None:
        """For those who hear the window."""
        if not self.cards:
            self.setAccessibleName(self.tr("Stage history, empty"))
            self.setAccessibleDescription("")
            return
        face = self.face(self.cards[self.focused])
        self.setAccessibleName(self.tr("Stage history"))
        roles = self.history.roles(self.focused)
        self.setAccessibleDescription(texts.spoken(face.card, face.counts, roles, face.beside))

    # ---- playing -----------------------------------------------------------------------------------------

    def toggle_replay(self) -> None:
        """Play through the stages from the one shown, or stop. The view stays where it is."""
        if self.replay.is_running:
            self.replay.stop()
        else:
            self.replay.start(self.history.shown, len(self.cards), skip=self.history.reference)

    def _show_replay(self, on: bool) -> None:
        text = self.tr("Stop") if on else self.tr("Play through the stages")
        self.play.set_icon("pause" if on else "play")
        self.play.setToolTip(text)
        self.play.setAccessibleName(text)

    # ---- choosing ----------------------------------------------------------------------------------------

    def _choose(self, index: int, modifiers: Qt.KeyboardModifier) -> None:
        self.focused = index
        self.replay.stop()
        as_reference = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        (self.reference_chosen if as_reference else self.stage_chosen).emit(index)
        self._say()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        pin = self.pin_at(event.position())
        index = self.stage_at(event.position())
        if pin is not None:
            self._pressed = (pin, event.position())
        elif index >= 0:
            self._choose(index, event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._pressed is not None:
            pin, start = self._pressed
            if self.dragged or (at - start).manhattanLength() >= QApplication.startDragDistance():
                self.dragged = (pin, at.x())
                self.hovered = self.nearest_stage(at.x())
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
                self.update()
            return
        hovered = self.stage_at(at)
        if self.pin_at(at) is not None:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif hovered >= 0:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()
        if hovered != self.hovered:
            self.hovered = hovered
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragged, pressed = self.dragged, self._pressed
        self._drop()
        if dragged is not None:
            index = self.nearest_stage(event.position().x())
            self.replay.stop()
            (self.reference_chosen if dragged[0] == "A" else self.stage_chosen).emit(index)
            self.glide.stop()  # it is already where it was carried to
        elif pressed is not None and self.cards:  # a click on a pin is one on its card
            self._choose(self.nearest_stage(event.position().x()), event.modifiers())

    def _drop(self) -> None:
        self.glide.stop()
        self.dragged = self._pressed = None
        self.unsetCursor()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered = -1
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta().x() or event.angleDelta().y()
        self.scroll_by(-delta // 2)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        step = _STEPS.get(key)
        if key == Qt.Key.Key_Escape and self._pressed is not None:
            self._drop()
        elif step is not None and self.cards:
            self.focused = max(0, min(self.focused + step, len(self.cards) - 1))
            self.ring = True
            self.reveal(self.focused)
            self._say()
        elif key in _CHOOSE and self.cards:
            self._choose(self.focused, event.modifiers())
        else:
            super().keyPressEvent(event)

    # ---- other events ------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.ring = event.reason() in KEYBOARD
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.ring = False
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.shows_pictures:
            self.pictures_wanted.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is played that nobody sees; a window that closes takes nothing more on."""
        self.replay.stop()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.set_with_pictures(self.window().width() >= places.WIDE)
        self.lay_out()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Its own keys before shortcuts while the cards have the focus, and the card's own tooltip."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            key, modifiers = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            mine = (key in _CHOOSE and modifiers in _CHOICE_MODIFIERS) or (
                key in _STEPS and modifiers == Qt.KeyboardModifier.NoModifier
            )
            if mine or (key == Qt.Key.Key_Escape and self._pressed is not None):
                event.accept()
                return True
        elif event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.tip_at(QPointF(event.pos()))
            if text:
                QToolTip.showText(event.globalPos(), _plain(text), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)


def _plain(text: str) -> str:
    """Text of a tooltip that Qt must not read as markup."""
    return "<p style='white-space:pre'>" + html.escape(text) + "</p>"
