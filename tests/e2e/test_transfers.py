"""Files on a slow or refusing server, in the real window: what comes first, the panel of transfers, its deeds."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from tests.e2e.conftest import DEMO, Program
from tests.make.fault_server import reply, status
from tests.make.range_server import RangeServer, serving_ranges
from viewer.fetch import client
from viewer.fetch.transfer import TransferReport
from viewer.ui.assets.filters import Filter
from viewer.ui.transfers import everything, near, queue
from viewer.ui.transfers.row_delegate import Deed, button_boxes

Start = Callable[..., Program]
COUNT = 8
SIGNED = "?X-Amz-Signature=canary"


def png(pad: int = 0) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 90, 90)).save(out, "PNG")
    return out.getvalue() + b"\0" * pad


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[RangeServer]:
    """Files 0 to 7, as large as a few pieces; nobody is patient with what does not answer."""
    hasty = partial(client.Patience, first_byte_s=15, idle_s=15, tries=2, wait_s=0.01, wait_max_s=0.05)
    monkeypatch.setattr(client, "Patience", hasty)
    with serving_ranges() as made:
        for number in range(COUNT):
            made.serve(f"/{number}.png", png(200_000 + number))
        yield made


@pytest.fixture
def write(tmp_path: Path, server: RangeServer) -> Callable[..., Path]:
    """Writes an export of `COUNT` pictures; those of `history` have the stages of the demo's first asset."""

    def make(*, history: tuple[int, ...] = (), query: str = SIGNED) -> Path:
        (demo,) = DEMO.glob("*.json")
        task = json.loads(demo.read_text())[0]["task"]
        assets: list[dict[str, Any]] = []
        for number in range(COUNT):
            tool = {"bounding-box": {"x": 4, "y": 4, "width": 8, "height": 8}, "objectId": "o", "schemaId": "car",
                    "title": "car"}  # fmt: skip
            own: dict[str, Any] = {"taskId": f"t{number}", "tools": [tool]}
            if number in history:
                stages = [{k: v for k, v in stage.items() if k != "brushDataUrl"} for stage in task["stageHistory"]]
                own |= {"tools": task["tools"], "stageHistory": stages}
            url = server.url(f"/{number}.png") + query
            assets.append({"asset": url, "externalId": f"lot_{number}.png", "assetId": f"a{number}", "task": own})
        path = tmp_path / "export.json"
        path.write_text(json.dumps(assets))
        return path

    return make


def asked(server: RangeServer) -> list[int]:
    """The files that were asked for, in this order."""
    return [int(request.target[1:2]) for request in list(server.requests)]


def at_rest(p: Program) -> None:
    p.wait(lambda: not p.session.transfers.report.unfinished and not p.session.transfers._is_news)


def listed(p: Program) -> dict[str, str]:
    """State by name of the rows of the panel."""
    model = p.window.transfers.panel.model
    rows = [model.at(row) for row in range(model.rowCount())]
    return {one.name: one.state for one in rows if one is not None}


def row_of(p: Program, name: str) -> tuple[int, TransferReport]:
    model = p.window.transfers.panel.model
    for row in range(model.rowCount()):
        one = model.at(row)
        if one is not None and one.name == name:
            return row, one
    raise AssertionError(name)


def press(p: Program, name: str, deed: Deed) -> None:
    """Click a button of a row, as a user does."""
    view = p.window.transfers.panel.view
    row, one = row_of(p, name)
    index = view.model().index(row, 0)
    view.scrollTo(index)
    box = button_boxes(view.visualRect(index), one, is_paused=view._transfers.is_paused)[deed]
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, box.center())


def opened(p: Program) -> None:
    """Open the panel by its key."""
    QTest.keyClick(p.window.canvas, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert p.window.transfers.panel.isVisible()


# ---- what is fetched, and when ------------------------------------------------------------------------------


def test_what_is_looked_at_comes_first_then_its_neighbours(program: Start, write: Any, server: RangeServer) -> None:
    p = program(write(), asset="3", allow_private_hosts=True)
    p.shown(3)
    p.wait(lambda: len(asked(server)) == 4)
    at_rest(p)
    assert asked(server)[0] == 3
    assert sorted(asked(server)[1:]) == [2, 4, 5]
    p.listed(COUNT)
    p.session.open_asset(4)
    p.shown(4)
    p.wait(lambda: len(asked(server)) == 5)
    at_rest(p)
    assert asked(server)[4:] == [6]


def test_neighbours_are_those_that_the_filter_leaves(program: Start, write: Any, server: RangeServer) -> None:
    p = program(write(), asset="0", allow_private_hosts=True)
    p.shown(0)
    p.wait(lambda: len(asked(server)) == 3)
    p.window.assets.model.set_filter(Filter(text="lot_5"))
    p.wait(lambda: p.window.assets.model.rowCount() == 1)
    p.listed(COUNT)
    p.session.open_asset(7)
    p.shown(7)
    p.wait(lambda: len(asked(server)) == 5)
    at_rest(p)
    assert asked(server)[3:] == [7, 5]


def test_assets_of_the_next_changes_come_too(program: Start, write: Any, server: RangeServer) -> None:
    p = program(write(history=(0, 6)), asset="0", allow_private_hosts=True)
    p.shown(0)
    p.wait(lambda: p.window.whole.is_complete)
    p.wait(lambda: sorted(asked(server)) == [0, 1, 2])
    p.window.comparing.pick_a(0)
    p.wait(lambda: 6 in asked(server))
    at_rest(p)
    assert sorted(asked(server)) == [0, 1, 2, 6]


def test_all_files_while_comparing_begin_with_those_of_changes(program: Start, write: Any, server: RangeServer) -> None:
    p = program(write(history=(0, 5, 7)), asset="0", allow_private_hosts=True)
    p.shown(0)
    p.wait(lambda: p.window.whole.is_complete)
    assert p.window.whole.changed_assets() == []
    p.window.comparing.pick_a(0)
    p.wait(lambda: sorted(asked(server)) == [0, 1, 2, 5, 7])
    at_rest(p)
    assert p.window.transfers.everything.first() == [0, 5, 7]
    p.session.open_asset(3)
    files = list(everything._files(p.session.export, threading.Event(), (7, 5)))  # type: ignore[arg-type]
    assert [address.external_id for address in files] == [f"lot_{n}.png" for n in (7, 5, 0, 1, 2, 3, 4, 6)]


def test_nothing_is_asked_for_offline_or_with_dead_links(program: Start, write: Any, server: RangeServer) -> None:
    p = program(write(), offline=True, allow_private_hosts=True)
    p.words("offline")
    opened(p)
    assert not p.window.transfers.panel.fetch_all.isEnabled()
    p.close()
    dead = "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20230101T000000Z&X-Amz-Expires=60&X-Amz-Signature=canary"
    p = program(write(query=dead), allow_private_hosts=True)
    p.words("expired")
    opened(p)
    panel = p.window.transfers.panel
    p.wait(lambda: not panel.fetch_all.isEnabled())
    assert f"{COUNT}" in panel.fetch_all.toolTip()
    assert panel.model.rowCount() == 0
    assert server.requests == []


def test_a_large_file_is_not_fetched_ahead(
    program: Start, write: Any, server: RangeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "AHEAD_BYTES", 400_000)
    monkeypatch.setattr(near, "STEPS", (1,))
    p = program(write(), asset="0", allow_private_hosts=True)
    server.serve("/1.png", png(5_000_000))
    server.bytes_per_s = 600_000
    p.shown(0)
    p.wait(lambda: bool(p.session.transfers._refused))
    p.wait(lambda: not p.session.transfers.report.unfinished)
    assert "lot_1.png" not in {one.name for one in p.session.transfers.report.transfers}
    assert server.bodies < 4_000_000
    server.bytes_per_s = 0
    p.listed(COUNT)
    p.session.open_asset(1)
    p.shown(1)


def test_who_goes_on_does_not_wait_for_what_was_left(program: Start, write: Any, server: RangeServer) -> None:
    server.answers("/0.png", server.hang(reply(png(), length=4_000_000)))
    del server.files["/0.png"]
    p = program(write(), asset="0", allow_private_hosts=True)
    p.words("Fetching lot_0.png")
    p.listed(COUNT)
    p.session.open_asset(4)
    p.shown(4)
    assert "lot_0.png" in {one.name for one in p.session.transfers.report.transfers}


def test_cancelling_on_the_canvas_concerns_that_file_alone(program: Start, write: Any, server: RangeServer) -> None:
    p = program(write(), asset="0", allow_private_hosts=True)
    p.shown(0)
    p.wait(lambda: len(asked(server)) == 3)
    at_rest(p)
    server.stalls = True
    opened(p)
    p.window.transfers.panel.fetch_all.click()
    p.wait(lambda: p.session.transfers.report.counts.get("running", 0) >= 3)
    p.listed(COUNT)
    p.session.open_asset(7)
    p.words("Fetching lot_7.png")
    p.run("cancel")
    p.words("stopped")
    states = {one.name: one.state for one in p.session.transfers.report.transfers}
    assert states["lot_5.png"] in ("running", "waiting")
    server.stalls = False
    p.run("retry")
    p.shown(7)


def test_a_wait_that_the_server_asks_for_is_told(
    program: Start, write: Any, server: RangeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "Patience", partial(client.Patience, tries=3))
    del server.files["/0.png"]
    server.answers("/0.png", status(429, Retry_After="100"))
    p = program(write(), asset="0", allow_private_hosts=True)
    p.words("The server asks to wait")
    opened(p)
    p.wait(lambda: listed(p) == {"lot_0.png": "running"})
    model = p.window.transfers.panel.model
    assert "The server asks to wait" in model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)


# ---- the panel ----------------------------------------------------------------------------------------------


def test_all_files_paused_resumed_cancelled_and_tried_again(program: Start, write: Any, server: RangeServer) -> None:
    p = program(write(), asset="0", allow_private_hosts=True)
    p.shown(0)
    p.wait(lambda: len(asked(server)) == 3)
    at_rest(p)
    server.stalls = True
    panel, header = p.window.transfers.panel, p.window.header.transfers
    QTest.mouseClick(header, Qt.MouseButton.LeftButton)
    assert panel.isVisible()
    p.wait(lambda: panel.fetch_all.text() == "Fetch all 5 files")
    QTest.mouseClick(panel.fetch_all, Qt.MouseButton.LeftButton)
    p.wait(lambda: listed(p).get("lot_7.png") in ("running", "waiting"))
    assert not panel.fetch_all.isEnabled()
    p.wait(lambda: header.share is not None)
    assert "transfers" in p.window.status.transfers.text()
    # one by one
    press(p, "lot_5.png", "pause")
    p.wait(lambda: listed(p)["lot_5.png"] == "paused")
    press(p, "lot_6.png", "cancel")
    p.wait(lambda: listed(p)["lot_6.png"] == "cancelled")
    # all
    QTest.mouseClick(panel.pause_all, Qt.MouseButton.LeftButton)
    p.wait(lambda: p.session.transfers.report.is_paused and not p.session.transfers.report.counts.get("running"))
    p.wait(lambda: header.is_paused and "paused" in panel.total.text())
    server.stalls = False
    QTest.mouseClick(panel.pause_all, Qt.MouseButton.LeftButton)
    p.wait(lambda: listed(p)["lot_5.png"] == "done")
    press(p, "lot_6.png", "retry")
    p.wait(lambda: set(listed(p).values()) == {"done"})
    at_rest(p)
    p.wait(lambda: panel.fetch_all.text() == "All files are here")
    assert sorted(set(asked(server))) == list(range(COUNT))
    QTest.mouseClick(panel.clear, Qt.MouseButton.LeftButton)
    p.wait(lambda: panel.model.rowCount() == 0)
    assert header.share is None


def test_a_failure_stands_first_and_its_retry_brings_the_page(program: Start, write: Any, server: RangeServer) -> None:
    content = server.files.pop("/2.png")
    server.answers("/2.png", status(403))
    p = program(write(), asset="2", allow_private_hosts=True)
    p.words("refused")
    assert asked(server) == [2], "neighbours of what is not to be had"
    p.listed(COUNT)
    p.session.open_asset(3)
    p.shown(3)
    p.listed(COUNT)
    p.session.open_asset(2)
    p.words("refused")
    at_rest(p)
    header, panel = p.window.header.transfers, p.window.transfers.panel
    assert header.has_failed
    opened(p)
    one = panel.model.at(0)
    assert one is not None
    assert (one.name, one.state) == ("lot_2.png", "failed")
    assert "failed" in panel.failed.text()
    assert "refused lot_2.png" in panel.model.data(panel.model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    said = [*texts_of(panel), *texts_of(header), *texts_of(p.window.status)]
    assert any("lot_2.png" in text for text in said)
    assert not [text for text in said if "canary" in text or "X-Amz" in text]
    server.files["/2.png"] = content
    press(p, "lot_2.png", "retry")
    p.shown(2)
    p.wait(lambda: not header.has_failed)


def texts_of(widget: QWidget) -> list[str]:
    """All that can be read or heard of a widget and what is in it."""
    found = []
    for one in (widget, *widget.findChildren(QWidget)):
        found += [one.accessibleName(), one.accessibleDescription(), one.toolTip()]
        found.append(one.text() if hasattr(one, "text") else "")
        if isinstance(one, QAbstractItemView):
            model = one.model()
            roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
            rows = range(model.rowCount())
            found += [str(model.data(model.index(row, 0), role)) for row in rows for role in roles]
    return [text for text in found if text]


def test_a_file_that_failed_and_came_later_is_shown(program: Start, write: Any, server: RangeServer) -> None:
    content = server.files.pop("/2.png")
    server.answers("/2.png", status(404))
    p = program(write(), asset="2", allow_private_hosts=True)
    p.words("gone")
    server.files["/2.png"] = content
    opened(p)
    QTest.mouseClick(p.window.transfers.panel.retry_all, Qt.MouseButton.LeftButton)
    p.shown(2)


def test_the_panel_closes_as_popups_do(program: Start, write: Any) -> None:
    p = program(write(), asset="0", allow_private_hosts=True)
    p.shown(0)
    panel = p.window.transfers.panel
    opened(p)
    p.wait(panel.view.hasFocus)
    QTest.keyClick(panel.view, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    p.wait(p.window.canvas.hasFocus)
    opened(p)
    p.window.next_region()
    assert not panel.isVisible()
    p.wait(p.window.canvas.hasFocus)
    opened(p)
    p.window.assets.focus_search()
    assert not panel.isVisible()
    p.wait(p.window.assets.field.hasFocus)  # where the keys went, there they stay
    p.window.canvas.setFocus()
    opened(p)
    QTest.mouseClick(p.window.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(60, 60))
    assert not panel.isVisible()
    opened(p)
    QTest.mouseClick(p.window.header.transfers, Qt.MouseButton.LeftButton)
    assert not panel.isVisible()
    opened(p)
    p.window.resize(1024, 680)
    QApplication.processEvents()
    parent = panel.parentWidget()
    assert parent is not None
    assert parent.rect().contains(panel.geometry())
    names = [w.accessibleName() for w in panel.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert all(names)


def test_closing_ends_what_hangs(program: Start, write: Any, server: RangeServer) -> None:
    p = program(write(), asset="0", allow_private_hosts=True)
    p.shown(0)
    p.wait(lambda: len(asked(server)) == 3)
    at_rest(p)
    server.stalls = True
    opened(p)
    p.window.transfers.panel.fetch_all.click()
    p.wait(lambda: p.session.transfers.report.counts.get("running", 0) >= 3)
    p.close()
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("transfer")]


def test_another_export_ends_the_transfers_of_the_one_before(program: Start, write: Any, server: RangeServer) -> None:
    p = program(write(), asset="0", allow_private_hosts=True)
    p.shown(0)
    p.wait(lambda: len(asked(server)) == 3)
    at_rest(p)
    server.stalls = True
    opened(p)
    p.window.transfers.panel.fetch_all.click()
    p.wait(lambda: p.session.transfers.report.counts.get("running", 0) >= 3)
    p.session.open_demo()
    p.wait(lambda: p.session.export is not None and p.session.export.path.parent == DEMO)
    p.shown(0)
    p.wait(lambda: not [t for t in threading.enumerate() if t.name.startswith("transfer")])
    assert not p.session.transfers.report.unfinished
    p.wait(lambda: p.window.transfers.panel.model.rowCount() == 0 or not p.window.transfers.panel.isVisible())


def test_a_video_that_is_fetched_whole_is_a_transfer_too(
    program: Start, write: Any, server: RangeServer, tmp_path: Path
) -> None:
    (demo,) = DEMO.glob("*.json")
    asset = json.loads(demo.read_text())[2]
    url = server.serve("/v.mp4", (DEMO / asset["asset"]).read_bytes())
    asset["task"]["stageHistory"] = []
    path = tmp_path / "video.json"
    path.write_text(json.dumps([asset | {"asset": url + SIGNED}]))
    p = program(path, allow_private_hosts=True)
    p.shown(0)
    p.wait(lambda: [one.state for one in p.session.transfers.report.transfers] == ["done"])


def test_small_pictures_follow_their_files(program: Start, write: Any, server: RangeServer) -> None:
    p = program(write(), asset="0", allow_private_hosts=True)
    p.shown(0)
    p.wait(lambda: all(asset in p.window.assets.thumbnails._images for asset in (0, 1, 2)))
    assert 7 not in p.window.assets.thumbnails._images
