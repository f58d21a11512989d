"""The program itself, watched: prints a line of JSON for every state that its window comes to.

Run as ``python -m tests.e2e.observed ARGUMENTS``; the arguments are the program's. What is printed is what a user
could see (which asset, page, stage; what is selected, how far it is zoomed) and where things are on the screen, so
that a test in another process can wait for a state and click with a real pointer.
"""

from __future__ import annotations

import json
import sys
from itertools import takewhile
from typing import Any

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget

from viewer.ui import main_window
from viewer.ui.main_window import MainWindow

LOOK_MS = 20
GRID = 15
"""Pixels between places where a label is looked for."""


class Watch(QObject):
    """Looks at a window now and then, and prints what is different."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._last = ""
        self._seen: object = None
        self._found: dict[str, list[int]] = {}
        self._asking: dict[str, list[int]] = {}
        """The same for labels with an answer within an answer, also where others lie below them."""
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        line = json.dumps(self._state())
        if line != self._last:
            self._last = line
            print(line, flush=True)

    def _state(self) -> dict[str, Any]:
        w, s = self._window, self._window.session
        content, scene, place = w.canvas.content, s.scene, s.state.place
        shown = content is not None and scene is not None and s.asset is not None and s.asset.index == place.asset
        shown = shown and content.key == s.loader.key and scene.page == place.page
        focus = QApplication.focusWidget()
        top = QApplication.activeModalWidget()
        return {
            "visible": w.isVisible(),
            "start": w.start.isVisible(),
            "asset": place.asset,
            "page": place.page,
            "stage": None if s.snapshot is None else s.snapshot.index,
            "shown": shown,
            "listed": bool(s.export is not None and s.export.complete),
            "labels": s.state.look.labels,
            "selection": s.state.selection,
            "scale": w.canvas.view.scale,
            "centre": list(w.canvas.view.centre),
            "palette": [entry.key for entry in w.palette_.entries] if w.palette_.isVisible() else None,
            "focus": type(focus).__name__ if focus is not None else "",
            "focus_name": focus.accessibleName() if focus is not None else "",
            "focus_text": focus.text() if isinstance(focus, QAbstractButton) else "",
            "dialog": top.windowTitle() if top is not None else "",
            "question": self._question(),
            "clipboard": QGuiApplication.clipboard().text()[:200],
            "told": w.notifications.card.text if w.notifications.card.isVisible() else "",
            "at": self._places(),
            "targets": self._targets() if shown else {},
            "asking": self._asking if shown else {},
        }

    def _question(self) -> dict[str, Any] | None:
        """The first answer within an answer of the selected label: its row, and the row that the keys are on."""
        facts = self._window.inspector.labels.selected.facts
        rows = takewhile(lambda pair: pair[1].kind != "heading", enumerate(facts.model_.facts))  # answers come first
        nested = next((n for n, fact in rows if fact.indent), None)
        if nested is None or not facts.isVisible():
            return None
        index = facts.model_.index(nested, 0)
        rect = facts.visualRect(index)
        seen = facts.viewport().rect().contains(rect)
        return {
            "row": nested, "current": facts.currentIndex().row(), "text": index.data(),
            "above": facts.model_.index(nested - 1, 0).data(), "seen": seen,
            "at": _list(facts.viewport().mapToGlobal(rect.center())) if seen else None,
            "list": _middle(facts.viewport()), "scrolled": facts.verticalScrollBar().value(),
        }  # fmt: skip

    def _places(self) -> dict[str, list[int]]:
        """The middles of things that can be clicked, on the screen."""
        w = self._window
        found: dict[str, QWidget] = {
            "next_asset": w.header.next, "find": w.header.search, "eye": w.view_bar.eye, "canvas": w.canvas,
            "menu": w.header.menu_button,
        }  # fmt: skip
        places = {name: _middle(widget) for name, widget in found.items() if widget.isVisible()}
        dialog = QApplication.activeModalWidget()
        for page in (w.start, *((dialog,) if dialog is not None else ())):
            for button in page.findChildren(QAbstractButton):
                if button.isVisible() and button.text():
                    places[button.text().replace("&", "")] = _middle(button)
        for menu in QApplication.topLevelWidgets():
            if isinstance(menu, QMenu) and menu.isVisible():
                for action in menu.actions():
                    middle = menu.actionGeometry(action).center()
                    places[f"menu {action.text().replace('&', '')}"] = _list(menu.mapToGlobal(middle))
        if w.palette_.isVisible():
            rows = w.palette_.rows
            places["palette"] = _middle(rows.viewport())
            for n, entry in enumerate(w.palette_.entries):
                rect = rows.visualItemRect(rows.item(n))
                if rows.viewport().rect().contains(rect):
                    places[f"palette {entry.key}"] = _list(rows.viewport().mapToGlobal(rect.center()))
        if w.timeline.isVisible():
            for index, card in enumerate(w.timeline.cards):
                middle = w.timeline.card_rect(index).center().toPoint()
                places[f"stage {card.index}"] = _list(w.timeline.mapToGlobal(middle))
        return places

    def _targets(self) -> dict[str, list[int]]:
        """Where on the screen a click meets exactly one label; looked for again when the view is another one."""
        canvas = self._window.canvas
        content = canvas.content
        seen = (id(content), self._window.session.state, canvas.view.scale, canvas.view.centre, canvas.width())
        if seen == self._seen:
            return self._found
        self._seen, self._found, self._asking = seen, {}, {}
        placed = self._window.session.scene.placed if self._window.session.scene is not None else ()
        asking = {
            p.annotation.object_id for p in placed if any(c.classifications for c in p.annotation.classifications)
        }
        for y in range(24, canvas.height() - 24, GRID):
            for x in range(24, canvas.width() - 24, GRID):
                ids = canvas.ids_at(QPointF(x, y))
                if ids and ids[0] in asking:
                    self._asking.setdefault(ids[0], _list(canvas.mapToGlobal(QPoint(x, y))))
                if len(ids) == 1:
                    self._found.setdefault(ids[0], _list(canvas.mapToGlobal(QPoint(x, y))))
        return self._found


def _middle(widget: QWidget) -> list[int]:
    return _list(widget.mapToGlobal(QRect(widget.rect()).center()))


def _list(point: QPoint) -> list[int]:
    return [point.x(), point.y()]


class Watched(MainWindow):
    """The window with somebody who looks at it."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._watch = Watch(self)


if __name__ == "__main__":
    from viewer.__main__ import main

    main_window.MainWindow = Watched  # type: ignore[misc]
    sys.exit(main(sys.argv[1:]))
