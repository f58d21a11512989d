"""Files that come late, are missing, refused or broken: words on the canvas, and other pages are not concerned."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.e2e.conftest import Program
from tests.make.fault_server import FaultServer, reply, serving, status
from viewer.fetch import client

Start = Callable[..., Program]
TONES = (40, 90, 140, 190)
"""The grey of each page: what is on the canvas tells which page it is."""


def png(tone: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (tone, tone, tone)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    """A server on loopback, and a program that is not patient with servers."""
    hasty = partial(client.Patience, first_byte_s=0.5, idle_s=0.5, tries=2, wait_s=0.01, wait_max_s=0.05)
    monkeypatch.setattr(client, "Patience", hasty)
    with serving() as made:
        yield made


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes an export of one picture, or of several as one asset, with a box on every page."""

    def make(*urls: str) -> Path:
        tools = [
            {"bounding-box": {"x": 4 + 10 * page, "y": 4, "width": 8, "height": 8}, "objectId": f"o{page}",
             "schemaId": "car", "title": "car", "page": page}
            for page in range(len(urls))
        ]  # fmt: skip
        asset: dict[str, Any] = {"externalId": "lot", "task": {"taskId": "t", "tools": tools}}
        asset |= {"asset": urls[0]} if len(urls) == 1 else {"dataset": list(urls)}
        path = tmp_path / "export.json"
        path.write_text(json.dumps([asset]))
        return path

    return make


def tone_of(p: Program) -> int:
    """The grey on the canvas."""
    content = p.window.canvas.content
    assert content is not None
    return int(content.raster.pixels[0, 0, 0])


def is_page(p: Program, page: int) -> None:
    """The page is there with its own pixels under its own label."""
    p.shown(0, page)
    assert tone_of(p) == TONES[page]
    content = p.window.canvas.content
    assert content is not None
    assert content.store.object_ids == (f"o{page}",)
    assert p.window.canvas.message is None


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_missing_file_concerns_its_page_alone(program: Start, write: Any, tmp_path: Path, missing: int) -> None:
    path = write("0.png", "1.png", "2.png")
    for page in range(3):
        if page != missing:
            (tmp_path / f"{page}.png").write_bytes(png(TONES[page]))
    p = program(path, page=0, asset="0")
    for page in (0, 1, 2, 1, 0):
        p.session.go_to_page(page)
        if page == missing:
            p.words("is not there")
            assert p.window.canvas.content is None
            p.wait(lambda: p.session.scene is not None and p.session.scene.page == p.session.state.place.page)
        else:
            is_page(p, page)
    p.session.go_to_page(missing)
    p.words("is not there")
    (tmp_path / f"{missing}.png").write_bytes(png(TONES[missing]))
    p.run("retry")
    is_page(p, missing)


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"<!DOCTYPE html><html></html>"])
def test_a_broken_file_concerns_its_page_alone(program: Start, write: Any, tmp_path: Path, content: bytes) -> None:
    path = write("0.png", "1.png", "2.png")
    for page in (0, 2):
        (tmp_path / f"{page}.png").write_bytes(png(TONES[page]))
    (tmp_path / "1.png").write_bytes(content)
    p = program(path, page=0, asset="0")
    is_page(p, 0)
    p.run("next_page")
    p.wait(lambda: p.session.loader.has_failed)
    assert p.window.canvas.message is not None
    assert p.window.canvas.content is None
    p.run("next_page")
    is_page(p, 2)


REFUSALS = {
    "403": (status(403), "refused"),
    "404": (status(404), "gone"),
    "500": (status(500), "could not be fetched"),
    "web page": (reply(b"<!DOCTYPE html><html><title>Sign in</title></html>", Content_Type="text/html"), ""),
    "empty": (reply(b""), ""),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_the_server_says_stands_on_the_canvas_and_a_retry_asks_again(
    program: Start, write: Any, server: FaultServer, name: str
) -> None:
    answer, words = REFUSALS[name]
    url = server.answers("/0.png", answer, answer, answer)
    p = program(write(url + "?X-Amz-Signature=canary"), allow_private_hosts=True)
    p.wait(lambda: p.session.loader.has_failed)
    message = p.window.canvas.message
    assert message is not None
    assert words in " ".join(message)
    assert "canary" not in " ".join(message)
    p.wait(lambda: p.session.scene is not None)
    server.answers("/0.png", reply(png(TONES[0])))
    p.run("retry")
    is_page(p, 0)
    assert all(request.target.endswith(b"?X-Amz-Signature=canary") for request in server.requests)


def test_labels_without_a_picture_lie_on_an_empty_page(program: Start, write: Any, tmp_path: Path) -> None:
    p = program(write("0.png", "1.png", "2.png"), page=0, asset="0")
    p.words("is not there")
    assert p.window.view_bar.zoom.text() == "—"
    assert not p.window.view_bar.fit.isEnabled()
    p.session.show_blind()
    p.shown(0, 0)
    content = p.window.canvas.content
    assert content is not None
    assert content.store.object_ids == ("o0",)
    assert p.window.canvas.message is None
    assert p.window.view_bar.zoom.text().endswith(" %")
    assert "no picture" in p.window.status.media.text()
    p.session.toggle_labels()
    p.shown(0, 0)
    (tmp_path / "0.png").write_bytes(png(TONES[0]))
    p.run("retry")
    p.wait(lambda: p.window.canvas.content is not None and p.window.canvas.content.raster.size != (1, 1))


def test_a_silent_server_is_given_up(program: Start, write: Any, server: FaultServer) -> None:
    url = server.answers("/0.png", server.hang())
    p = program(write(url), allow_private_hosts=True)
    p.words("has not answered")


def test_a_private_address_is_refused_unless_allowed(program: Start, write: Any, server: FaultServer) -> None:
    url = server.answers("/0.png", reply(png(TONES[0])))
    p = program(write(url))
    p.words("private address")
    assert server.requests == []


def test_a_transfer_can_be_stopped_and_taken_up_again(
    program: Start, write: Any, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "Patience", partial(client.Patience, first_byte_s=30.0, idle_s=30.0))
    begun = reply(png(TONES[0]), length=4_000_000)
    url = server.answers("/0.png", server.hang(begun), reply(png(TONES[0])))
    p = program(write(url), allow_private_hosts=True)
    p.words("Fetching lot")
    p.run("cancel")
    p.words("stopped")
    p.run("retry")
    is_page(p, 0)


def test_stopping_one_file_does_not_stop_the_next(
    program: Start, write: Any, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "Patience", partial(client.Patience, first_byte_s=30.0, idle_s=30.0))
    for page in (0, 2):
        server.answers(f"/{page}.png", reply(png(TONES[page])))
    server.answers("/1.png", server.hang(reply(png(TONES[1]), length=4_000_000)), reply(png(TONES[1])))
    p = program(write(*(server.url(f"/{page}.png") for page in range(3))), allow_private_hosts=True, page=0, asset="0")
    is_page(p, 0)
    p.run("next_page")
    p.wait(lambda: any(request.target == b"/1.png" for request in server.requests))
    p.run("cancel")
    p.words("stopped")
    p.run("next_page")
    is_page(p, 2)
    p.run("previous_page")
    p.wait(lambda: p.session.loader.has_failed or p.window.canvas.content is not None)
    if p.session.loader.has_failed:
        p.run("retry")
    is_page(p, 1)


def test_while_a_page_is_awaited_the_old_one_stands_without_labels(
    program: Start, write: Any, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "Patience", partial(client.Patience, first_byte_s=30.0, idle_s=30.0))
    server.answers("/0.png", reply(png(TONES[0])))
    server.answers("/1.png", server.hang())
    p = program(write(server.url("/0.png"), server.url("/1.png")), allow_private_hosts=True, page=0, asset="0")
    is_page(p, 0)
    with p.qtbot.waitSignal(p.session.waiting, timeout=20_000):
        p.run("next_page")
    drawn = p.window.canvas.grab().toImage()
    at = p.window.canvas.view.page_to_view(p.window.canvas.viewport()).map_point(8.0, 4.0)
    colour = drawn.pixelColor(round(at[0]), round(at[1]))
    assert colour.saturation() < 30, "the label of the old page is still drawn"
    assert p.session.scene is None or p.session.scene.page == 0
    p.run("previous_page")
    is_page(p, 0)


def test_a_brush_mask_that_cannot_be_had_is_told(program: Start, data: Path, standins: Path, tmp_path: Path) -> None:
    some = tmp_path / "some"
    some.mkdir()
    picture = "03-image-brush.png"
    (some / picture).write_bytes((standins / picture).read_bytes())
    p = program(data / "ango-examples.json", assets_dir=some, asset="2", page=0)
    p.shown(2, 0)
    p.wait(lambda: any("brush mask" in problem.what for problem in p.session.problems))
    problem = next(problem for problem in p.session.problems if "brush mask" in problem.what)
    assert "expired on 3 Sep 2024" in problem.what
    assert p.window.canvas.content is not None
    assert p.window.canvas.content.brush is None
    p.wait(lambda: "problem" in p.window.status.facts.text())  # told when the page is drawn anew, in a thread
