"""Takes the shots of packaging/screenshots.py: opens what each wants, does its steps, saves the screen."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from types import TracebackType

import shot_exports
import shot_links
import shot_missing
import shot_transfers
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QSettings, Qt, QTimer, QTranslator
from PySide6.QtGui import QCursor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget
from screenshots import Shot

from viewer.fetch import client, refusals, sources
from viewer.fetch.client import Answer
from viewer.fetch.hub import Hub
from viewer.fetch.hub_key import HubKeys
from viewer.ui import expiries, failures, recent_card, theme
from viewer.ui.cache_page import CachePage
from viewer.ui.inspector import words
from viewer.ui.main_window import MainWindow
from viewer.ui.missing.choose_dialog import ChooseFiles
from viewer.ui.missing.locate_dialog import LocateFile
from viewer.ui.missing.look_dialog import LookInFolder
from viewer.ui.options import WindowOptions
from viewer.ui.session import Session

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
CLOCKS = (client, refusals, sources, words, recent_card, failures, expiries)
"""Modules that ask what time it is for something that is shown."""
WAIT_S = 40.0
STILL_MS = 200
"""The screen is taken when two looks at it, this long apart, are the same."""


class FixedClock(datetime):
    """A datetime whose now is always the same."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return NOW.astimezone(tz) if tz else NOW.replace(tzinfo=None)


class LongTexts(QTranslator):
    """A pseudo-locale: accents, and 40 % longer, as German or Finnish texts may be."""

    MARKS = str.maketrans("aeiouAEIOUcnsy", "áéíóúÁÉÍÓÚçñšý")

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        """`text` with accents and a tail of a length in proportion; its places for values stay."""
        if context.startswith("Q"):
            return None  # Qt's own: names of keys and months
        parts = [part if part.startswith("{") else part.translate(self.MARKS) for part in _split(text)]
        body, dots = "".join(parts).removesuffix("…"), "…" if text.endswith("…") else ""
        tail = "~" * max(1, round(0.4 * len(text)))
        return f"{body}{tail}{dots}"

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name
        """It holds every text there is."""
        return False


def _split(text: str) -> list[str]:
    return re.split(r"(\{[^}]*\})", text)


class _EmptyRing:
    """A keyring that holds nothing yet."""

    def get_password(self, service: str, username: str) -> str | None:
        """Nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Forgotten at once."""

    def delete_password(self, service: str, username: str) -> None:
        """Nothing to remove."""


class NotThere(Exception):  # noqa: N818 - it tells which state was not reached
    """A state was not reached in time."""


def _open(dialog: QDialog) -> int:
    """Show a dialog without waiting for its answer."""
    dialog.open()
    return 0


def take(shots: Sequence[Shot], out: Path) -> int:
    """Take these shots; returns how many could not be taken."""
    for module in CLOCKS:
        module.datetime = FixedClock  # type: ignore[attr-defined]
    application = QApplication(sys.argv[:1])
    application.setApplicationName("ango-viewer")
    application.setCursorFlashTime(0)
    QDialog.exec = _open  # type: ignore[assignment, method-assign]
    theme.load_font()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="ango-viewer-shot-") as folder, shot_exports.refusing_server() as server:
        for number, shot in enumerate(shots):
            try:
                with Shoot(shot, Path(folder, str(number)), server, application) as shoot:
                    shoot.walk()
                    shoot.screen().save(str(out / shot.file))
                print(shot.file, flush=True)
            except Exception:
                print(shot.file, file=sys.stderr)
                traceback.print_exc()
                failed += 1
    return failed


class Shoot:
    """One window for one shot, in a home of its own."""

    def __init__(self, shot: Shot, home: Path, server: str, application: QApplication) -> None:
        self.shot, self.home, self.application = shot, home, application
        home.mkdir(parents=True)
        os.environ["HOME"] = str(home)
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(home / "qt"))
        self._texts = LongTexts() if shot.texts == "long" else None
        if self._texts is not None:
            application.installTranslator(self._texts)
        theme.apply(application, theme.tokens_of(shot.theme))
        sources_of = {
            "demo": shot_exports.demo_file,
            "expired": lambda: shot_exports.expired(home / "exports", server, NOW),
            "listing": lambda: shot_exports.listing(home / "exports"),
            "stages": lambda: shot_exports.stages(home / "exports"),
            "dead": lambda: shot_missing.dead(home / "exports", server, NOW),
            "private": lambda: shot_missing.private(home / "exports", NOW),
            "links": lambda: shot_links.mixed(home / "exports", NOW),
            "entries": lambda: shot_links.entries(home / "exports"),
            "recents": lambda: None,
        }
        export = sources_of[shot.source]()
        self.session = Session(WindowOptions(export=export, allow_private_hosts=shot.source == "expired"))
        self.session.settings.change(theme=shot.theme, motion=False)
        if shot.source == "recents":
            self._remember()
        if shot.source == "listing":
            self._hold_listing()
        self.window = MainWindow(self.session)
        self.dialogs: list[QWidget] = []

    def _remember(self) -> None:
        for place, ago in reversed(shot_exports.RECENTS):
            path = self.home / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"[]")
            self.session.remembered.opened(path, at=NOW - ago)
            if (left := shot_exports.LEFT.get(path.name)) is not None:
                self.session.remembered.note_links_end(path, int((NOW + left).timestamp()))

    def _hold_listing(self) -> None:
        """Let only the first rows arrive, so that the export stays one that is being read."""
        reading = self.session.reading
        deliver, came = reading._rows, [0]

        def rows(round_: int, found: list[object]) -> None:
            room = shot_exports.READ - came[0]
            came[0] += len(found[:room])
            if room > 0:
                deliver(round_, found[:room])  # type: ignore[arg-type]

        reading._rows = rows  # type: ignore[assignment]
        reading._done = lambda *_: None  # type: ignore[method-assign]

    # ---- waiting -----------------------------------------------------------------------------------------

    def until(self, what: str, there: Callable[[], bool]) -> None:
        """Let the window live until something is so."""
        end = time.monotonic() + WAIT_S
        while not there():
            if time.monotonic() > end:
                raise NotThere(what)
            self.live(10)

    def live(self, ms: int) -> None:
        """Let the window live for a moment."""
        loop = QEventLoop()
        QTimer.singleShot(ms, loop.quit)
        loop.exec()

    def _is_shown(self) -> bool:
        s, content = self.session, self.window.canvas.content
        place = s.state.place
        there = content is not None and s.scene is not None and s.asset is not None
        return there and s.asset.index == place.asset and s.scene.page == place.page and content.key == s.loader.key

    def _still(self) -> QImage:
        before = self._grab()
        for _ in range(60):
            self.live(STILL_MS)
            after = self._grab()
            if after == before:
                return after
            before = after
        raise NotThere("the screen is never still")

    def _grab(self) -> QImage:
        width, height = self.shot.size
        if self.application.platformName() == "xcb":
            return self.window.screen().grabWindow(0, 0, 0, width, height).toImage()
        picture = self.window.grab().toImage()
        painter = QPainter(picture)
        for widget in self.application.topLevelWidgets():
            if widget.isVisible() and widget is not self.window:
                painter.drawPixmap(widget.pos() - self.window.pos(), widget.grab())
        painter.end()
        return picture

    # ---- steps -------------------------------------------------------------------------------------------

    def walk(self) -> None:
        """Show the window and do the steps."""
        QCursor.setPos(self.shot.size[0] - 4, self.shot.size[1] - 2)
        self.window.setGeometry(0, 0, *self.shot.size)
        self.window.show()
        self.window.activateWindow()
        self.until("the window is active", self.window.isActiveWindow)
        self.session.open_first()
        if self.shot.source in ("demo", "listing", "stages", "entries"):
            self.until("the first page", self._is_shown)
        if self.shot.source in ("demo", "stages", "entries"):
            self.until("the list", lambda: self.session.export is not None and self.session.export.complete)
        if self.shot.source == "listing":
            export = self.session.export
            self.until("rows", lambda: export is not None and len(export.rows) >= shot_exports.READ)
        for name, value in self.shot.steps:
            getattr(self, f"do_{name}")(value)

    def screen(self) -> QImage:
        """What is to be seen, once it is still and no small picture is under way."""
        small = self.session.thumbnails
        self.until("thumbnails", lambda: not small._waiting and small._running is None)
        return self._still()

    def do_asset(self, index: int) -> None:
        """Open an asset."""
        self.session.open_asset(index)
        self.until(f"asset {index}", lambda: self.session.asset is not None and self._is_shown())

    def do_page(self, page: int) -> None:
        """Go to a page."""
        self.session.go_to_page(page)
        self.until(f"page {page}", lambda: self.session.state.place.page == page and self._is_shown())

    def do_stage(self, index: int) -> None:
        """Show a stage."""
        self.session.show_stage(index)
        self.until(f"stage {index}", self._is_shown)

    def do_select(self, title: str) -> None:
        """Select the first label of a class on this page."""
        assert self.session.scene is not None
        found = [p.annotation.object_id for p in self.session.scene.placed if p.annotation.title == title]
        self.session.select(found[0])

    def do_action(self, name: str) -> None:
        """Do an action of the table."""
        self.window.actions_.run(name)
        self.live(50)

    def do_cached(self, what: str) -> None:
        """The open settings as if the cache were in use: ``full``, or ``asked`` whether it is to be cleared."""
        cache = self.window.asset_steps.cache
        self.live(300)
        cache.measured.emit(1412, 5_150_000_000)
        if what == "asked":
            (page,) = self.window.findChildren(CachePage)
            page.clear.click()

    def do_list(self, form: str) -> None:
        """The asset list as rows, also in a narrow window."""
        self.window.regions.set_form(form)
        self.live(300)

    def do_search(self, text: str) -> None:
        """Search the asset list."""
        self.window.find_asset()
        self.do_type(text)

    def do_type(self, text: str) -> None:
        """Type where the keys go."""
        self.until("a field", lambda: self.application.focusWidget() is not None)
        QTest.keyClicks(self.application.focusWidget(), text)

    def do_dialog(self, name: str) -> None:
        """Begin an action that opens a dialog; the picture is taken while it is open."""
        self.window.actions_.run(name)
        self.until("a dialog", lambda: any(isinstance(w, QDialog) and w.isVisible() for w in self._tops()))

    def do_menu(self, name: str) -> None:
        """Open the menu, and one inside of it."""
        self.window.header.menu_button.click()
        menu = self.window.actions_.menu
        inner = menu.findChild(QMenu, f"menu_{name}")
        assert inner is not None
        menu.setActiveAction(inner.menuAction())
        QTest.keyClick(menu, Qt.Key.Key_Right)
        self.until("a menu", inner.isVisible)

    def do_failed(self, index: int) -> None:
        """Wait until an asset has failed."""
        self.until("a failure", lambda: self.session.state.place.asset == index and self.session.loader.has_failed)

    def do_transfers(self, name: str) -> None:
        """Open the panel of transfers, with some of them in it."""
        self.window.actions_.run("show_transfers")
        self.live(300)
        shot_transfers.show(self.window, name)

    def do_blind(self, _index: int) -> None:
        """Show the labels without the picture."""
        self.session.show_blind()
        self.until("labels", lambda: self.window.canvas.content is not None)

    def do_links(self, what: str) -> None:
        """The dialog for fresh links, as if there were a keyring: ``empty``, ``working`` or ``refused``."""
        self.window.fresh_links.keys = HubKeys(_EmptyRing)
        self.do_dialog("get_fresh_links")
        dialog = self.window.fresh_links.dialog
        assert dialog is not None
        self.until("an answer of the keyring", lambda: not dialog.key.placeholderText())
        if what == "empty":
            return
        dialog.asked.disconnect()  # no server is asked for a picture
        dialog.project.setText("64e8a0b2c3d4e5f607182930")
        dialog.key.setText("x" * 32)
        dialog.answers.yes.click()
        if what == "working":
            dialog.show_progress(0.5, "1 of 2 links")
        else:
            with contextlib.closing(Hub(dialog.host_address, "x" * 32)) as hub:
                dialog.work_ended(str(hub.refusal(Answer(401, {}, b""))))

    def do_counted(self, index: int) -> None:
        """Wait until it is known how many other files are missing, or lie on a server."""
        counts = self.window.missing.counts
        self.until("the list", lambda: self.session.export is not None and self.session.export.complete)
        self.until("a count", lambda: counts.others(index) is not None)
        self.until("a count of servers", lambda: counts.at_host(shot_missing.PRIVATE) is not None)

    def do_missing(self, what: str) -> None:
        """The dialogs for files that are not here: ``look``, ``choose`` or ``locate``."""
        steps, name = self.window.missing, "look_in_folder" if what != "locate" else "locate_file"
        self.until("a count", lambda: steps.counts.others(0) is not None)
        media = shot_missing.media(self.home / "media")
        self.do_dialog(name)
        (dialog,) = [w for w in self._tops() if isinstance(w, LookInFolder | LocateFile) and w.isVisible()]
        self.dialogs.append(dialog)
        if isinstance(dialog, LocateFile):
            self.until("the others", dialog.also.isVisible)
            dialog.field.set_path(media / "2026-09 first flight" / "edited" / "lot_0231.jpg")
            self.until("a size", lambda: bool(dialog.told.text()))
            dialog.field.edit.setText("~/pictures/2026-09 first flight/edited/lot_0231.jpg")
            return
        dialog.field.set_path(media)
        self.until("what is there", lambda: dialog.found is not None)
        dialog.field.edit.setText("~/pictures/aerial")  # this run's own place is another one each time
        if what == "choose":
            dialog.pick.click()
            (chooser,) = [w for w in self._tops() if isinstance(w, ChooseFiles) and w.isVisible()]
            self.dialogs.append(chooser)
            self.until("sizes", lambda: chooser.model is not None and all(chooser.model.known))

    def do_compare(self, what: str) -> None:
        """Compare two stages: ``A B mode``."""
        a, b, mode = what.split()
        comparing = self.window.comparing
        comparing.pick_b(int(b))
        comparing.pick_a(int(a))
        comparing.choose_mode(mode)
        self.until("a comparison", lambda: comparing.comparison is not None and self.window.compare.stages is not None)

    def do_pane(self, stage: int) -> None:
        """One more stage side by side."""
        self.window.comparing.toggle_pane(stage)
        stages = self.window.compare
        self.until("a pane", lambda: stages.stages is not None and self._is_shown())

    def do_mode(self, mode: str) -> None:
        """Another way to look at stages."""
        self.window.comparing.choose_mode(mode)
        self.until("a mode", lambda: mode == self.window.compare.mode.KEY)

    def do_compared(self, _asset: int) -> None:
        """Wait until all stages of the export are compared."""
        self.until("a pass", lambda: self.window.whole.is_complete)

    def do_change(self, count: int) -> None:
        """So many changes on."""
        self.do_compared(0)
        for _ in range(count):
            self.window.change_steps.next_change()
            self.until("a change", lambda: not self.window.change_steps.is_under_way)

    def do_tab(self, name: str) -> None:
        """A tab of the inspector."""
        self.window.inspector.show_tab(name)  # type: ignore[arg-type]
        tab = self.window.inspector.changes
        self.until("a list", lambda: name != "changes" or tab.is_listed)

    def do_show_change(self, which: str) -> None:
        """Show the first change of A and B of a subject and kind: ``relation added``."""
        subject, kind = which.split()
        comparison = self.window.comparing.comparison
        assert comparison is not None
        change = next(c for c in comparison.changes if c.subject == subject and kind in c.kinds)
        self.window.change_steps.show_change(change)
        self.until("a change", lambda: not self.window.change_steps.is_under_way)

    def do_unfold(self, number: int) -> None:
        """List the single changes of a track."""
        view = self.window.inspector.changes.view
        rows = [row for row in range(view.changes.rowCount()) if view.changes.fold_at(row) is not None]
        view.toggle_open(rows[number], True)

    def do_more(self, _index: int) -> None:
        """All of the selected label, where the window is low."""
        self.until("a label", lambda: not self.window.inspector.labels.selected.is_empty)
        if self.window.inspector.labels.selected.is_compact:
            self.window.inspector.labels.selected.more.click()
        facts = self.window.inspector.labels.selected.facts
        self.until("stages", lambda: any(fact.kind == "stage" for fact in facts.model_.facts))
        row = next(n for n, fact in enumerate(facts.model_.facts) if fact.kind == "stage")
        facts.scrollTo(facts.model_.index(max(0, row - 1)), facts.ScrollHint.PositionAtTop)

    def do_axis(self, axis: str) -> None:
        """Cards of equal width, or true time."""
        self.window.timeline.widths.choose(axis, tell=True)

    def do_region(self, steps: int) -> None:
        """Give the keyboard to the region that many steps from the canvas."""
        self.window.header.menu_button.setFocus(Qt.FocusReason.TabFocusReason)
        self.window.canvas.setFocus(Qt.FocusReason.TabFocusReason)
        for _ in range(steps):
            QTest.keyClick(self.application.focusWidget(), Qt.Key.Key_F6)

    def _tops(self) -> list[QWidget]:
        return self.application.topLevelWidgets()

    # ---- the end -----------------------------------------------------------------------------------------

    def __enter__(self) -> Shoot:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for widget in self._tops():
            if widget is not self.window and widget.isVisible():
                widget.close()
        self.live(20)
        self.window.close()
        self.window.deleteLater()
        self.session.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.live(20)
        if self._texts is not None:
            self.application.removeTranslator(self._texts)
