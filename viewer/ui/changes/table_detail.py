"""Right of the table: the chosen change with its pictures, its measures, and who made it when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStackedLayout, QWidget

from viewer.export import Visit
from viewer.model import AnswerChange, Change
from viewer.ui import theme
from viewer.ui.changes.columns import kinds_text, page_text
from viewer.ui.changes.pair_crop import Crop
from viewer.ui.changes.pair_view import PairPictures
from viewer.ui.changes.queue import Item
from viewer.ui.changes.table import ChangeTable, title_of
from viewer.ui.compare.pages import StageWords
from viewer.ui.inspector.change_block import ChangeTitle, Measures
from viewer.ui.inspector.change_facts import chips_of
from viewer.ui.inspector.change_words import answer_change_text, merged, pixels, share, sign_of, value_of, words_of
from viewer.ui.inspector.names import Names
from viewer.ui.inspector.words import safe_line, when_text
from viewer.ui.timeline.cards import person_name
from viewer.ui.widgets.buttons import FlatButton
from viewer.ui.widgets.layout import Divider, Text, column, row
from viewer.ui.widgets.marks import draw_avatar, draw_keys, keys_width

LABEL_WIDTH, LINE, AVATAR = 92, 24, 16
ANSWERS_SHOWN = 8
WIDTH, SLIM_WIDTH = 368, 304


@dataclass(frozen=True, slots=True)
class Fact:
    """One row: what, and what is said of it; a `person` stands before it."""

    name: str
    text: str
    person: str = ""


class Facts(QWidget):
    """Rows of a name in t3 and a value in t1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts: tuple[Fact, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def tell(self, facts: Sequence[Fact]) -> None:
        """Other rows."""
        self.facts = tuple(fact for fact in facts if fact.text)
        self.setFixedHeight(LINE * len(self.facts))
        self.setAccessibleName(", ".join(f"{fact.name} {fact.text}" for fact in self.facts))
        self.setToolTip("\n".join(f"{fact.name}: {fact.text}" for fact in self.facts))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        font = theme.font(theme.SECOND_PX)
        metrics = QFontMetrics(font)
        painter.setFont(font)
        for number, fact in enumerate(self.facts):
            top, left = number * LINE, LABEL_WIDTH
            name = metrics.elidedText(fact.name, Qt.TextElideMode.ElideRight, LABEL_WIDTH - 8)
            painter.setPen(QColor(t.text3))
            painter.drawText(0, top, LABEL_WIDTH, LINE, Qt.AlignmentFlag.AlignVCenter, name)
            if fact.person:
                draw_avatar(painter, QRectF(left, top + (LINE - AVATAR) / 2, AVATAR, AVATAR), fact.person)
                left += AVATAR + 6
            painter.setFont(font)
            painter.setPen(QColor(t.text))
            text = metrics.elidedText(fact.text, Qt.TextElideMode.ElideMiddle, self.width() - left)
            painter.drawText(left, top, self.width() - left + 1, LINE, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()


class ShowButton(FlatButton):
    """The way into the asset, with its key."""

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(keys_width("↵") + 4, 0)

    def paint_content(self, painter: QPainter, ink: str) -> None:
        painter.setPen(QColor(ink))
        painter.setFont(self.font())
        painter.drawText(self.rect().adjusted(10, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        draw_keys(painter, self.width() - 8, self.height() // 2, "↵")


class ChangeDetail(QWidget):
    """Told of a change and, when they are made, of its pictures."""

    show_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.item: Item | None = None
        self.title = ChangeTitle(self)
        self.show_button = ShowButton(self.tr("Show in asset"), self, pixels=theme.SECOND_PX)
        self.show_button.setToolTip(self.tr("Open the asset where this changed (Enter)"))
        self.show_button.clicked.connect(self.show_wanted)
        self.pictures = PairPictures(self)
        self.measures = Measures(self)
        self.facts = Facts(self)
        shown = QWidget(self)
        head = row(self.title, self.show_button, spacing=theme.SPACE_S, margins=(theme.SPACE_M, 0, theme.SPACE_S, 0))
        head.setStretch(0, 1)
        top = QWidget(shown)
        top.setFixedHeight(40)
        top.setLayout(head)
        shown.setLayout(
            column(
                top,
                Divider(shown),
                row(self.pictures, margins=(theme.SPACE_M, theme.SPACE_M, theme.SPACE_M, theme.SPACE_S)),
                self.measures,
                row(self.facts, margins=(theme.SPACE_M, theme.SPACE_S)),
                None,
            )
        )
        empty = QWidget(self)
        empty.setLayout(
            column(
                Text(self.tr("No change chosen"), empty, weight=600),
                Text(
                    self.tr("↑ ↓ go through the changes, N to the next one not seen."), empty,
                    pixels=theme.SECOND_PX, tone="text2", elide=Qt.TextElideMode.ElideRight,
                ),
                None, spacing=theme.SPACE_XS, margins=(theme.SPACE_M, theme.SPACE_M),
            )
        )  # fmt: skip
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(shown)
        self.setMinimumWidth(SLIM_WIDTH - 24)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.width() - 2 * theme.SPACE_M
        # low windows keep room for what is measured
        self.pictures.setFixedHeight(max(160, min(self.pictures.heightForWidth(width), self.height() - 210)))

    def clear(self) -> None:
        """No change is chosen."""
        self.item = None
        self._stack.setCurrentIndex(0)

    def tell(self, table: ChangeTable, item: Item, crop: Crop | None, *, waiting: bool) -> None:
        """A change, with its pictures as soon as they are made."""
        self.item = item
        entries = crop.entries if crop is not None else None
        change = table.change(item) or (entries.change if entries is not None else None)
        number = entries.number if entries is not None else table.detail(item.number) if table.own else ""
        names = entries.names if entries is not None else None
        words = words_of(change, *(names or ())) if change is not None else kinds_text(item).lower()
        if item.found.subject == "relation" and names is None:
            words = kinds_text(item).lower()  # what its ends are called is not known yet
        self.title.tell(sign_of(item.found.kinds[0]), title_of(item) or self.tr("No title"), number, words)
        text = "" if waiting else self.tr("This change cannot be drawn.")
        self.pictures.tell(crop, plates_of(table, item), text)
        self.measures.tell(chips_of(change) if change is not None else chips_of_found(item))
        self.facts.tell(self._facts(table, item, change, names))
        self._stack.setCurrentIndex(1)

    def _facts(
        self, table: ChangeTable, item: Item, change: Change | None, names: tuple[Names, Names] | None
    ) -> list[Fact]:
        found = item.found
        facts = [
            Fact(self.tr("Asset"), table.places.name(item.asset)),
            Fact(self.tr("Page"), page_text(table, item)),
            Fact(self.tr("Stages"), table.places.step(item)),
            Fact(self.tr("Changed by"), safe_line(person_name(found.by or "")), found.by or ""),
            Fact(self.tr("Changed"), when_text(found.at)),
        ]
        answers = merged(change.answers) if change is not None else []
        if found.subject == "relation":
            ends = {"from": self.tr("From"), "to": self.tr("To"), "group": self.tr("Members")}
            if names is not None:
                facts += [Fact(ends[a.path], ends_text(a, *names)) for a in answers if a.path in ends]
            answers = [answer for answer in answers if answer.path not in ends]
        for answer in answers[:ANSWERS_SHOWN]:
            question = safe_line(answer.path.rsplit(" / ", 1)[-1])[:80]
            facts.append(Fact(question, answer_change_text(answer)))
        if len(answers) > ANSWERS_SHOWN:
            facts.append(Fact(self.tr("Answers"), self.tr("{0} more").format(f"{len(answers) - ANSWERS_SHOWN:,}")))
        return facts


def ends_text(answer: AnswerChange, before: Names, after: Names) -> str:
    """What a relation joins, and what it joined before; of one that came or went there is one side only."""
    if answer.old is None:
        return value_of(answer.new, after, is_member=True)
    if answer.new is None:
        return value_of(answer.old, before, is_member=True)
    return answer_change_text(answer, before, after, relation=True)


def chips_of_found(item: Item) -> tuple[str, ...]:
    """What the pass measured."""
    found = item.found
    chips = [f"IoU {share(found.iou)}"] if found.iou is not None else []
    return (*chips, pixels(found.shift_px)) if found.shift_px is not None else tuple(chips)


def plates_of(table: ChangeTable, item: Item) -> tuple[StageWords, StageWords]:
    """What the plates say of both stages."""
    row_ = table.places.row(item.asset)
    visits: Sequence[Visit] = () if row_ is None else row_.visits
    names = table.places.stages(item)
    plates = [
        StageWords(letter, name, safe_line(visits[at].completed_by or "")[:200], when_text(visits[at].completed_at))
        if 0 <= at < len(visits)
        else StageWords(letter, name)
        for letter, name, at in zip("AB", names, (item.a, item.b))
    ]
    return plates[0], plates[1]
