"""A user's way with dead links: the page that says so, and each way from it back to the picture."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from tests.e2e.conftest import Program
from tests.make.fault_server import FaultServer, reply, serving
from viewer.__main__ import main
from viewer.fetch import client
from viewer.ui.canvas.state_block import StateBlock
from viewer.ui.missing.choose_dialog import ChooseFiles
from viewer.ui.missing.locate_dialog import LocateFile
from viewer.ui.missing.look_dialog import LookInFolder
from viewer.ui.widgets.buttons import IconButton

Start = Callable[..., Program]
SIZE = (64, 48)


def pixels(tone: int) -> np.ndarray[Any, Any]:
    """A picture that is told from others by any of its pixels."""
    ramp = np.add.outer(np.arange(SIZE[1]), np.arange(SIZE[0])) % 50
    return np.stack([ramp + tone, ramp + 30, np.full_like(ramp, tone)], axis=2).astype(np.uint8)


def png(tone: int) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels(tone)).save(out, "PNG")
    return out.getvalue()


def query(began: datetime, canary: str) -> str:
    return f"?X-Amz-Date={began:%Y%m%dT%H%M%SZ}&X-Amz-Expires=120000&X-Amz-Signature={canary}%2Fkey"


DEAD = query(datetime.now(UTC) - timedelta(days=9), "OLDCANARY")
LIVE = query(datetime.now(UTC) - timedelta(hours=1), "NEWCANARY")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    """A server on loopback, and a program that is not patient with servers."""
    hasty = partial(client.Patience, first_byte_s=5.0, idle_s=5.0, tries=2, wait_s=0.01, wait_max_s=0.05)
    monkeypatch.setattr(client, "Patience", hasty)
    with serving() as made:
        yield made


def asset(name: str, url: str, *, title: str = "car", tools: int = 1, **more: Any) -> dict[str, Any]:
    boxes = [
        {"bounding-box": {"x": 4 + 9 * n, "y": 5, "width": 8, "height": 7}, "objectId": f"{name}{n}",
         "schemaId": title, "title": title}
        for n in range(tools)
    ]  # fmt: skip
    key = name.rsplit("/", 1)[-1]
    size = {"width": SIZE[0], "height": SIZE[1]}
    return {"externalId": name, "assetId": f"A{key}", "asset": url, "metadata": size,
            "task": {"taskId": f"T{key}", "tools": boxes}} | more  # fmt: skip


def write(path: Path, *assets: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(assets))
    return path


@pytest.fixture
def dead(server: FaultServer, tmp_path: Path) -> Path:
    """An export of three pictures whose links ended days ago."""
    return write(
        tmp_path / "old" / "old.json",
        *(asset(f"site/{n}.png", server.url(f"/old/{n}.png{DEAD}"), tools=n + 1) for n in range(3)),
    )


def is_shown(p: Program, index: int, tone: int) -> None:
    """The picture of an asset is on the canvas, pixel for pixel."""
    p.shown(index, 0)
    content = p.window.canvas.content
    assert content is not None
    shown = content.raster.pixels
    assert content.raster.format == "bgrx"
    assert shown.shape[:2] == (SIZE[1], SIZE[0])
    assert (np.asarray(shown)[..., 2::-1] == pixels(tone)).all()
    assert p.window.canvas.message is None


def labels_of(p: Program) -> tuple[str, ...]:
    content = p.window.canvas.content
    assert content is not None
    return tuple(content.store.object_ids)


def answer(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(path))


def test_links_of_a_newer_export_bring_the_pictures_and_change_no_label(
    program: Start,
    server: FaultServer,
    dead: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    isolated_home: Path,
) -> None:
    for n in range(3):
        server.answers(f"/new/{n}.png", reply(png(40 + 50 * n)))
    newer = write(
        tmp_path / "new" / "new.json",
        asset("renamed.png", server.url(f"/new/1.png{LIVE}"), title="bus", tools=4, assetId="A1.png"),
        asset("x.png", server.url(f"/new/0.png{LIVE}"), title="bus", tools=4, assetId=None, task={"taskId": "T0.png"}),
    )
    p = program(dead, allow_private_hosts=True)
    p.words("expired 7 days ago")
    p.listed(3)
    p.wait(lambda: p.window.status.missing.text() == "3 files missing")
    assert p.window.assets.footer.missing.text() == "3 missing"
    p.wait(lambda: p.window.status.cache.text().startswith("Cache 0 bytes of "))
    assert not server.requests
    answer(monkeypatch, newer)
    p.run("open_newer_export")
    is_shown(p, 0, 40)
    assert labels_of(p) == ("site/0.png0",)
    card = p.window.notifications.card
    p.wait(lambda: card.text == "Links of 2 of 3 assets were taken over; 1 asset is not in it.")
    p.wait(lambda: not p.session.expiries.of(1).startswith("expired"))
    assert p.session.expiries.of(2).startswith("expired")
    p.session.open_asset(1)
    is_shown(p, 1, 90)
    assert labels_of(p) == ("site/1.png0", "site/1.png1")
    p.session.open_asset(2)
    p.words("expired 7 days ago")
    assert p.session.export is not None
    assert p.session.export.path == dead
    # the links are nowhere but in memory
    for file in isolated_home.rglob("*"):
        if file.is_file():
            assert b"CANARY" not in file.read_bytes(), file
    p.close()
    # the next opening uses them again, and they can be given back
    p = program(dead, allow_private_hosts=True, asset="2")
    p.wait(lambda: p.window.missing.newer.name == "new.json")
    p.words("expired")
    p.session.open_asset(1)
    is_shown(p, 1, 90)
    server.answers("/new/1.png", reply(b"", code=404))
    p.run("leave_newer_export")
    assert p.window.missing.newer.name == ""
    p.wait(lambda: p.session.remembered.newer(dead) is None)
    assert p.session.loader.sources is not None
    links = p.session.loader.sources.links
    p.wait(lambda: len(links) == 0)
    p.wait(lambda: p.session.expiries.of(1).startswith("expired"))


@pytest.mark.parametrize("case", ["other", "expired", "files", "same", "broken"])
def test_an_export_whose_links_are_of_no_use_is_refused_with_the_reason(
    program: Start, server: FaultServer, dead: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    newer = tmp_path / "new.json"
    if case == "other":
        write(newer, asset("other.png", server.url(f"/new/0.png{LIVE}")))
        words = "No asset of this export is in new.json"
    elif case == "expired":
        write(newer, asset("site/0.png", server.url(f"/new/0.png{DEAD}")))
        words = "The links of that export expired, too, on "
    elif case == "files":
        write(newer, asset("site/0.png", "assets/0.png"))
        words = "new.json names files of its own folder instead of links"
    elif case == "same":
        newer, words = dead, "is the export that is open"
    else:
        newer.write_text("no export")
        words = "new.json"
    p = program(dead, allow_private_hosts=True)
    p.words("expired 7 days ago")
    answer(monkeypatch, newer)
    p.run("open_newer_export")
    p.wait(lambda: words in p.window.notifications.card.text)
    assert not server.requests
    assert p.session.remembered.newer(dead) is None
    p.words("expired 7 days ago")


def test_reading_a_newer_export_can_be_stopped(
    program: Start, server: FaultServer, dead: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = write(tmp_path / "new.json", asset("site/0.png", server.url(f"/new/0.png{LIVE}")))
    p = program(dead, allow_private_hosts=True)
    p.words("expired")
    p.listed(3)
    answer(monkeypatch, newer)
    with p.qtbot.waitSignal(p.window.missing.newer.ended):
        p.run("open_newer_export")
        p.window.missing.progress.stop.click()
    assert not p.window.missing.newer.is_under_way
    p.run("open_newer_export")
    p.wait(lambda: p.window.missing.newer.name == "new.json")


# ---- look in a folder ------------------------------------------------------------------------------------


class Dialogs:
    """Answers the dialogs that open: each by a function that gets it, once it is shown."""

    def __init__(self) -> None:
        self.answers: list[Callable[[Any], None]] = []
        self.failures: list[BaseException] = []
        self.is_open = True
        self._busy = False
        self._look()

    def _look(self) -> None:
        if self.is_open:
            QTimer.singleShot(5, self._look)  # a timer that is at work is not started again within itself
        top = QApplication.activeModalWidget()
        if top is None or not top.isVisible() or self._busy or not self.answers:
            return
        self._busy = True
        try:
            self.answers.pop(0)(top)
        except BaseException as error:  # told at the end: an open dialog would wait for ever
            self.failures.append(error)
            for widget in reversed(QApplication.topLevelWidgets()):
                if isinstance(widget, QDialog):
                    widget.reject()
        finally:
            self._busy = False


@pytest.fixture
def dialogs(qtbot: QtBot) -> Iterator[Dialogs]:
    made = Dialogs()
    yield made
    made.is_open = False
    for error in made.failures:
        raise error
    assert made.answers == []


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """A folder with the first two pictures, the second twice: of its own size and of another one."""
    folder = tmp_path / "media"
    (folder / "deep").mkdir(parents=True)
    (folder / "small").mkdir()
    (folder / "deep" / "0.png").write_bytes(png(40))
    (folder / "deep" / "1.png").write_bytes(png(90))
    small = Image.new("RGB", (20, 10))
    small.save(folder / "small" / "1.png")
    return folder


def test_pictures_are_found_in_a_folder_and_remembered(
    program: Start, server: FaultServer, dead: Path, media: Path, dialogs: Dialogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    p = program(dead)
    p.words("expired 7 days ago")
    p.listed(3)
    answer(monkeypatch, media)

    def choose(dialog: ChooseFiles) -> None:
        assert dialog.name.text() == "site/1.png"
        assert dialog.wish.text() == "2 files have this name. The labels expect 64 × 48."
        model = dialog.model
        assert model is not None
        p.wait(lambda: all(model.known))
        assert [model.name(n) for n in range(2)] == [str(Path("deep/1.png")), str(Path("small/1.png"))]
        assert [model.fits(n) for n in range(2)] == [True, False]
        assert model.facts(1).endswith("20 × 10")
        assert dialog.list.currentIndex().row() == 0
        QTest.keyClick(dialog.list, Qt.Key.Key_Return)

    def look(dialog: LookInFolder) -> None:
        p.wait(lambda: dialog.count.text() == "3 files are missing.")
        assert not dialog.answers.yes.isEnabled()
        dialog.field.choose.click()
        p.wait(lambda: dialog.count.text() == "1 of 3 found, 1 ambiguous")
        dialog.subfolders.click()
        p.wait(lambda: dialog.count.text() == "None of the 3 missing files is in this folder.")
        dialog.subfolders.click()
        p.wait(lambda: dialog.count.text() == "1 of 3 found, 1 ambiguous")
        dialogs._busy = False
        dialogs.answers.insert(0, choose)
        dialog.pick.click()
        p.wait(lambda: dialog.count.text() == "1 of 3 found, 1 chosen")
        dialog.answers.yes.click()

    dialogs.answers.append(look)
    p.wait(lambda: p.window.status.missing.text() == "3 files missing")
    QTest.mouseClick(p.window.status.missing, Qt.MouseButton.LeftButton)
    is_shown(p, 0, 40)
    p.wait(lambda: p.window.status.missing.text() == "1 file missing")
    assert labels_of(p) == ("site/0.png0",)
    p.session.open_asset(1)
    is_shown(p, 1, 90)
    p.session.open_asset(2)
    p.words("expired")
    assert not server.requests
    p.close()
    p = program(dead, asset="1")
    is_shown(p, 1, 90)

    def leave(dialog: LookInFolder) -> None:
        p.wait(lambda: dialog.count.text().startswith("0 of 1") or "None of the 1" in dialog.count.text())
        known = [b for b in dialog.findChildren(IconButton) if "Don't look" in b.accessibleName()]
        known[0].click()
        p.wait(lambda: "1 of 2 found" in dialog.count.text())
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    dialogs.answers.append(leave)
    p.run("look_in_folder")
    assert p.session.remembered.folders(dead) == ()


def test_the_page_of_dead_links_offers_its_ways_in_order_and_counts_the_others(
    program: Start, dead: Path, server: FaultServer
) -> None:
    p = program(dead)
    p.words("expired 7 days ago")
    p.listed(3)
    block = p.window.canvas.findChild(StateBlock)
    assert block is not None

    def rows() -> list[str]:
        return [button.text() for button in block._buttons]

    assert rows() == [
        "Open a newer export…", "Look in a folder…", "Get fresh links…",
        "Show the labels without the picture", "Try again",
    ]  # fmt: skip
    p.wait(
        lambda: (
            "Finds 0.png and 2 other missing files by name."
            in [button.accessibleDescription() for button in block._buttons]
        )
    )
    # by keyboard alone: Tab goes through them, Enter does them
    p.window.canvas.setFocus()
    for _ in range(40):
        focused = QApplication.focusWidget()
        if focused is not None and focused.accessibleName() == "Show the labels without the picture":
            break
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Return)
    p.shown(0, 0)
    assert labels_of(p) == ("site/0.png0",)


# ---- locate one file -------------------------------------------------------------------------------------


def test_one_file_is_located_and_its_folder_looked_in_for_the_others(
    program: Start, dead: Path, server: FaultServer, media: Path, dialogs: Dialogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    p = program(dead)
    p.words("expired")
    p.listed(3)

    def locate(dialog: LocateFile) -> None:
        assert not dialog.answers.yes.isEnabled()
        p.wait(lambda: dialog.also.isVisible())
        assert dialog.also.text() == "Also look there for the other 2 files"
        assert dialog.also.isChecked()
        dialog.field.set_path(media / "none.png")
        assert dialog.told.text() == "There is no such file."
        answer(monkeypatch, media / "small" / "1.png")
        dialog.field.choose.click()
        p.wait(lambda: "labels" in dialog.told.text())
        assert dialog.told.text() == "This file is 20 × 10, the labels expect 64 × 48. Use it anyway?"
        assert dialog.answers.yes.text() == "Use it anyway"
        dialog.field.set_path(media / "deep" / "0.png")
        assert dialog.told.isHidden()
        assert dialog.answers.yes.text() == "Use this file"
        dialog.answers.yes.click()

    dialogs.answers.append(locate)
    p.run("locate_file")
    is_shown(p, 0, 40)
    p.session.open_asset(1)
    is_shown(p, 1, 90)
    assert p.session.remembered.folders(dead) == (media / "deep",)


def test_a_file_of_another_size_is_used_when_somebody_says_so(
    program: Start, dead: Path, server: FaultServer, media: Path, dialogs: Dialogs
) -> None:
    p = program(dead)
    p.words("expired")

    def locate(dialog: LocateFile) -> None:
        dialog.also.setChecked(False)
        QTest.keyClicks(dialog.field.edit, str(media / "small" / "1.png"))
        QTest.keyClick(dialog.field.edit, Qt.Key.Key_Tab)
        dialog.answers.yes.click()
        p.wait(lambda: dialog.answers.yes.text() == "Use it anyway")
        assert dialog.isVisible()
        dialog.answers.yes.click()

    dialogs.answers.append(locate)
    p.run("locate_file")
    p.shown(0, 0)
    content = p.window.canvas.content
    assert content is not None
    assert content.raster.pixels.shape[:2] == (10, 20)
    assert p.session.remembered.folders(dead) == ()


# ---- private servers -------------------------------------------------------------------------------------


def test_a_private_server_is_asked_about_and_the_answer_kept(
    program: Start, server: FaultServer, tmp_path: Path, qtbot: QtBot
) -> None:
    for n in range(2):
        server.answers(f"/{n}.png", reply(png(40 + 50 * n)))
    export = write(tmp_path / "e.json", *(asset(f"{n}.png", server.url(f"/{n}.png{LIVE}")) for n in range(2)))
    p = program(export)
    p.words("This export wants a file from 127.0.0.1, a private address")
    p.words("2 assets of this export have files there.")
    assert "failed" not in p.window.header.transfers.toolTip()  # what is asked about has not failed
    block = p.window.canvas.findChild(StateBlock)
    assert block is not None

    def press(text: str) -> None:
        next(button for button in block._buttons if button.text() == text).click()

    first, second = block._buttons[:2]
    assert (first.text(), first.accessibleDescription()) == (
        "Allow for this export", "Only allow servers that you know.",
    )  # fmt: skip
    assert second.text() == "Don't fetch"
    press("Don't fetch")
    p.words("Nothing is fetched from 127.0.0.1")
    assert not server.requests
    p.close()
    p = program(export)
    p.words("Nothing is fetched from 127.0.0.1")
    block = p.window.canvas.findChild(StateBlock)
    assert block is not None
    press("Allow for this export")
    is_shown(p, 0, 40)
    p.close()
    p = program(export, asset="1")
    is_shown(p, 1, 90)
    # another export is asked about again
    other = write(tmp_path / "other.json", asset("2.png", server.url(f"/2.png{LIVE}")))
    asked = len(server.requests)
    p.session.open_export(other)
    p.words("a private address")
    assert len(server.requests) == asked
    p.session.open_export(export)
    p.wait(lambda: p.session.export is not None and p.session.export.path == export)
    p.run("ask_hosts_again")
    assert p.session.remembered.hosts(export) == ()
    assert "forgotten" in p.window.notifications.card.text


# ---- a bundle, without a network -------------------------------------------------------------------------


def test_a_bundle_opens_everywhere_without_a_network(
    program: Start, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = {"stage": "Label", "stageId": "s", "completedAt": "2026-11-20T00:00:00.000Z", "tools": []}
    bundle = tmp_path / "bundle"
    with serving() as server:
        assets = [asset(f"site/{n}.png", server.url(f"/{n}.png{LIVE}")) for n in range(2)]
        for n, one in enumerate(assets):
            server.answers(f"/{n}.png", reply(png(40 + 50 * n)))
            one["task"]["stageHistory"] = [visit]
        export = write(tmp_path / "export.json", *assets)
        assert main(["fetch", str(export), "--to", str(bundle), "--allow-private-hosts"]) == 0

    def no_network(*_: object) -> None:
        raise AssertionError("a name was looked up")

    monkeypatch.setattr("viewer.fetch.policy.resolve", no_network)
    monkeypatch.setattr("socket.getaddrinfo", no_network)
    out = tmp_path / "out.png"
    for words in (["info", str(bundle)], ["diff", str(bundle)],
                  ["render", str(bundle), "-o", str(out), "--asset", "1", "--native", "--no-labels"]):  # fmt: skip
        assert main(words) == 0, capsys.readouterr().err
    said = capsys.readouterr()
    assert "CANARY" not in said.out + said.err
    assert (np.asarray(Image.open(out).convert("RGB")) == pixels(90)).all()
    p = program(bundle)
    is_shown(p, 0, 40)
    p.session.open_asset(1)
    is_shown(p, 1, 90)
    assert labels_of(p) == ("site/1.png0",)
