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
from PySide6.QtWidgets import QFileDialog

from tests.e2e.conftest import Program
from tests.make.fault_server import FaultServer, reply, serving
from viewer.fetch import client

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
    assert not server.requests
    answer(monkeypatch, newer)
    p.run("choose_newer_export")
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
    assert p.session.remembered.newer(dead) is None
    assert p.session.loader.sources is not None
    assert len(p.session.loader.sources.links) == 0
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
    p.run("choose_newer_export")
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
        p.run("choose_newer_export")
        p.window.missing.progress.stop.click()
    assert not p.window.missing.newer.is_under_way
    p.run("choose_newer_export")
    p.wait(lambda: p.window.missing.newer.name == "new.json")
