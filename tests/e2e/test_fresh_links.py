"""A user's way from dead links to pictures by an API key, in the real window, against an imitation of Ango Hub."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.e2e.conftest import Program
from tests.e2e.test_secrets import said_by
from tests.make import standins
from tests.make.canary import files_with
from tests.make.hub_server import KEY, PROJECT, SIGNATURE, HubServer, serving
from viewer import log
from viewer.fetch.client import Patience
from viewer.fetch.hub_key import SERVICE, HubKeys
from viewer.ui.fresh_links.dialog import FreshLinksDialog
from viewer.ui.widgets.buttons import FlatButton

Start = Callable[..., Program]
QUICK = Patience(connect_s=5.0, first_byte_s=5.0, idle_s=5.0, wait_s=0.0, tries=2)


class Ring:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[HubServer]:
    with serving() as server:
        for n in range(4):
            standins.picture(tmp_path / "made" / f"{n}.png", (80, 60))
            server.files[path_of(n)] = (tmp_path / "made" / f"{n}.png").read_bytes()
        yield server


def path_of(n: int) -> str:
    return f"/{PROJECT}/assets/{n}.png"


@pytest.fixture
def export(server: HubServer, tmp_path: Path) -> Path:
    path = tmp_path / "in" / "export.json"
    path.parent.mkdir()
    box = {"bounding-box": {"x": 4, "y": 6, "width": 8, "height": 10}, "objectId": "object0", "schemaId": "s",
           "title": "car"}  # fmt: skip
    path.write_text(
        json.dumps(
            [
                {"asset": server.dead(path_of(n)), "assetId": f"a{n}", "externalId": f"lot_{n}.png",
                 "metadata": {"width": 80, "height": 60}, "task": {"taskId": f"t{n}", "tools": [box]}}
                for n in range(4)
            ]
        )
    )  # fmt: skip
    return path


@pytest.fixture
def opened(program: Start, server: HubServer, export: Path, tmp_path: Path) -> Callable[..., Program]:
    """The window with the dead export; its keyring is one in memory."""

    def start(ring: Ring | None = None) -> Program:
        p = program(export, cache_dir=tmp_path / "cache", allow_private_hosts=True)
        p.window.fresh_links.keys = HubKeys(lambda: ring)
        p.window.fresh_links.patience = QUICK
        p.session.settings.change(hub_host=server.host)
        p.listed(4)
        p.words("expired")
        return p

    return start


def ways(p: Program) -> dict[str, str]:
    """What is offered in place of the picture, and what it says of it."""
    return {button.text(): button.accessibleDescription() for button in p.window.canvas.findChildren(FlatButton)}


def dialog_of(p: Program) -> FreshLinksDialog:
    """The dialog, by its key."""
    if not p.window.isActiveWindow():  # nobody manages windows here: a dialog that is gone gives the keys to none
        with p.qtbot.waitActive(p.window):
            p.window.activateWindow()
    QTest.keySequence(QApplication.focusWidget() or p.window, "Ctrl+U")
    dialog = p.window.fresh_links.dialog
    assert dialog is not None
    p.wait(lambda: dialog.isVisible() and dialog.isActiveWindow())
    p.wait(lambda: "Looking" not in dialog.key.placeholderText())
    return dialog


def test_from_dead_links_to_pictures(
    opened: Callable[..., Program], server: HubServer, tmp_path: Path, isolated_home: Path, export: Path
) -> None:
    """Nothing is asked before the button is pressed; then the picture is there, and no secret anywhere else."""
    log.setup(level=logging.DEBUG)
    ring = Ring()
    p = opened(ring)
    assert not server.asked
    assert "Get fresh links…" in ways(p)
    dialog = dialog_of(p)
    assert dialog.project.text() == PROJECT
    p.wait(lambda: dialog.count.text() == "4 links of 4 assets, one question each.")
    assert dialog.key.hasFocus()
    QTest.keyClicks(dialog.key, KEY)
    assert not server.asked
    QTest.keyClick(dialog.key, Qt.Key.Key_Return)
    p.shown(0, 0)
    p.wait(lambda: p.window.fresh_links.dialog is None)
    assert any(text.startswith("Fresh links for 4 assets; they are valid until ") for text in p.told)
    assert server.questions()[0].query["name"] == f"{server.host}{path_of(0)}"
    assert len(server.questions()) == 4
    p.wait(lambda: ring.entries == {(SERVICE, server.host): KEY})
    assert "valid" in p.session.expiries.of(3)
    p.session.open_asset(3)
    p.shown(3, 0)
    seen = said_by(p)
    for name in ("copy_json", "copy_link"):
        p.run(name)
        seen += said_by(p)
    assert QGuiApplication.clipboard().text()
    assert not [text for text in seen if KEY in text or SIGNATURE in text or "X-Amz" in text]
    p.close()
    log.shutdown()
    written = [isolated_home, tmp_path / "cache", tmp_path / "in"]
    for secret in (KEY, SIGNATURE):
        assert not files_with(secret, *written)
    assert files_with("127.0.0.1", isolated_home)  # what is not secret is found: the search works
    assert all("apikey" not in one.headers for one in server.asked if not one.path.startswith("/v2/"))


def test_a_refused_key_is_told_in_the_dialog_and_kept_nowhere(
    opened: Callable[..., Program], server: HubServer, isolated_home: Path
) -> None:
    ring = Ring()
    p = opened(ring)
    dialog = dialog_of(p)
    QTest.keyClicks(dialog.key, "aWrongKey")
    dialog.answers.yes.click()
    p.wait(lambda: "did not accept this key (401)" in dialog.failure.text)
    assert dialog.isVisible()
    assert dialog.key.hasFocus()
    assert len(server.asked) == 1
    assert not ring.entries
    assert not p.window.fresh_links.has_key
    dialog.key.selectAll()
    QTest.keyClicks(dialog.key, KEY)
    QTest.keyClick(dialog.key, Qt.Key.Key_Return)
    p.shown(0, 0)
    p.wait(lambda: ring.entries == {(SERVICE, server.host): KEY})
    assert not files_with("aWrongKey", isolated_home)


def test_without_a_keyring_the_key_lasts_until_the_end(
    opened: Callable[..., Program], server: HubServer, isolated_home: Path, tmp_path: Path
) -> None:
    """The second time the key need not be typed: it is in memory. Nothing is asked without the button."""
    p = opened(None)
    dialog = dialog_of(p)
    assert dialog.kept.text().startswith("No keyring was found on this computer")
    QTest.keyClicks(dialog.key, KEY)
    dialog.scope.choose("asset")
    QTest.keyClick(dialog.key, Qt.Key.Key_Return)
    p.shown(0, 0)
    p.wait(lambda: p.window.fresh_links.dialog is None)
    asked = len(server.questions())
    assert asked == 1
    p.session.open_asset(1)
    p.words("expired")
    assert ways(p)["Get fresh links…"] == "Asks Ango Hub with the key that it took before."
    assert len(server.questions()) == asked
    dialog = dialog_of(p)
    p.wait(lambda: dialog.answers.yes.hasFocus())
    assert dialog.forget.isVisible()
    QTest.keyClick(dialog.answers.yes, Qt.Key.Key_Return)
    p.shown(1, 0)
    p.wait(lambda: p.window.fresh_links.dialog is None)
    assert not files_with(KEY, isolated_home, tmp_path / "cache")


def test_a_kept_key_is_forgotten(opened: Callable[..., Program], server: HubServer) -> None:
    ring = Ring()
    ring.entries[SERVICE, server.host] = KEY
    p = opened(ring)
    dialog = dialog_of(p)
    p.wait(dialog.forget.isVisible)
    dialog.forget.click()
    p.wait(lambda: not ring.entries)
    p.wait(lambda: any("is forgotten" in text for text in p.told))
    assert dialog.key.hasFocus()
    assert not p.window.fresh_links.has_key


def test_a_keyring_that_waits_for_its_owner_stops_nothing(opened: Callable[..., Program], server: HubServer) -> None:
    """The window lives on, and a key that is typed is used at once."""
    import threading

    unlocked = threading.Event()

    class Asking(Ring):
        def get_password(self, service: str, username: str) -> str | None:
            unlocked.wait()
            return None

        def set_password(self, service: str, username: str, password: str) -> None:
            unlocked.wait()

    p = opened(Asking())
    QTest.keySequence(p.window, "Ctrl+U")
    dialog = p.window.fresh_links.dialog
    assert dialog is not None
    p.wait(dialog.isActiveWindow)
    assert dialog.key.placeholderText() == "Looking in the keyring…"
    QTest.keyClicks(dialog.key, KEY)
    QTest.keyClick(dialog.key, Qt.Key.Key_Return)
    p.shown(0, 0)
    p.wait(lambda: p.window.fresh_links.dialog is None)
    unlocked.set()


def test_stopped_half_way(opened: Callable[..., Program], server: HubServer) -> None:
    """What came is used; the dialog stays and says so."""
    p = opened()
    dialog = dialog_of(p)
    QTest.keyClicks(dialog.key, KEY)
    server.held.clear()
    QTest.keyClick(dialog.key, Qt.Key.Key_Return)
    p.wait(lambda: len(server.questions()) == 1)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    p.wait(lambda: not dialog.is_working)
    assert dialog.isVisible()
    server.held.set()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    p.wait(lambda: p.window.fresh_links.dialog is None)
    assert p.window.canvas.content is None


def test_it_goes_on_without_the_dialog_and_is_found_there_again(
    opened: Callable[..., Program], server: HubServer
) -> None:
    p = opened()
    dialog = dialog_of(p)
    QTest.keyClicks(dialog.key, KEY)
    server.held.clear()
    QTest.keyClick(dialog.key, Qt.Key.Key_Return)
    p.wait(lambda: len(server.questions()) == 1)
    dialog.leave.click()
    assert p.window.fresh_links.dialog is None
    dialog = dialog_of(p)
    assert dialog.is_working
    dialog.leave.click()
    server.held.set()
    p.shown(0, 0)
    p.wait(lambda: any(text.startswith("Fresh links for 4 assets; they are valid until ") for text in p.told))
    assert len(server.questions()) == 4
    dialog = dialog_of(p)
    assert not dialog.is_working
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_a_failure_without_the_dialog_is_told(opened: Callable[..., Program], server: HubServer) -> None:
    p = opened()
    dialog = dialog_of(p)
    QTest.keyClicks(dialog.key, "aWrongKey")
    server.held.clear()
    QTest.keyClick(dialog.key, Qt.Key.Key_Return)
    p.wait(lambda: len(server.questions()) == 1)
    dialog.leave.click()
    server.held.set()
    p.wait(lambda: any("did not accept this key (401)" in text for text in p.told))


def test_another_export_ends_it(opened: Callable[..., Program], server: HubServer, demo: Path) -> None:
    p = opened()
    dialog = dialog_of(p)
    QTest.keyClicks(dialog.key, KEY)
    server.held.clear()
    QTest.keyClick(dialog.key, Qt.Key.Key_Return)
    p.wait(lambda: len(server.questions()) == 1)
    dialog.leave.click()
    p.session.open_export(demo)
    p.shown(0)
    server.held.set()
    p.listed(5)
    assert len(server.questions()) == 1
    assert not any("Fresh links" in text for text in p.told)


def test_some_files_are_unknown(opened: Callable[..., Program], server: HubServer) -> None:
    server.unknown = {f"{server.host}{path_of(2)}"}
    p = opened()
    dialog = dialog_of(p)
    QTest.keyClicks(dialog.key, KEY)
    QTest.keyClick(dialog.key, Qt.Key.Key_Return)
    p.wait(lambda: "1 link did not come: " in dialog.failure.text)
    assert dialog.failure.text.startswith("Fresh links for 3 assets; they are valid until ")
    p.shown(0, 0)


def test_by_a_fresh_export(
    opened: Callable[..., Program], server: HubServer, export: Path, isolated_home: Path, tmp_path: Path
) -> None:
    """One question; the export that comes is never on the disk, and the labels are still those of the open one."""
    server.export = [
        {"asset": server.url(path_of(n)), "assetId": f"a{n}", "task": {"taskId": f"t{n}", "tools": []}}
        for n in range(4)
    ]
    p = opened()
    dialog = dialog_of(p)
    dialog.scope.choose("export")
    QTest.keyClicks(dialog.key, KEY)
    dialog.answers.yes.click()
    p.shown(0, 0)
    p.wait(lambda: p.window.fresh_links.dialog is None)
    assert any(text.startswith("Fresh links for 4 assets") for text in p.told)
    assert not server.questions()
    assert len(server.questions("/v2/export")) == 1
    labels = p.session.labels
    assert labels is not None
    assert labels.count == 1
    p.close()
    assert not files_with(SIGNATURE, isolated_home, tmp_path / "cache", tmp_path / "in")


def test_offline_nothing_is_asked(program: Start, server: HubServer, export: Path, tmp_path: Path) -> None:
    p = program(export, cache_dir=tmp_path / "cache", allow_private_hosts=True, offline=True)
    p.session.settings.change(hub_host=server.host)
    p.listed(4)
    p.words("offline")
    dialog = dialog_of(p)
    dialog.project.setText(PROJECT)
    QTest.keyClicks(dialog.key, KEY)
    dialog.answers.yes.click()
    assert "offline" in dialog.failure.text
    assert not server.asked
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_the_server_that_gave_links_is_remembered(opened: Callable[..., Program], server: HubServer) -> None:
    p = opened()
    p.session.settings.change(hub_host="")
    dialog = dialog_of(p)
    dialog.use_host(server.host)
    dialog.project.setText(PROJECT)
    dialog.key.setText(KEY)
    dialog.answers.yes.click()
    p.shown(0, 0)
    p.wait(lambda: p.session.settings.settings.hub_host == server.host)
