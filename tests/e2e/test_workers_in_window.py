"""A reader of files that dies or hangs, at each moment: the window lives, says so, and shows the page after a retry."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Program
from viewer.ui.thumbnails import Thumbnails
from viewer.workers import Budgets, Pool

Start = Callable[..., Program]
STUB = "tests.workers.stub:open_document"


@pytest.fixture(autouse=True)
def no_thumbnails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thumbnail's reader opens the same file, rings the same bell and falls into the same trap."""
    monkeypatch.setattr(Thumbnails, "want", lambda _self, _index: None)


def patience() -> Budgets:
    return Budgets(open=3.0, image=3.0, tile=3.0, answer=1.0, trust=0.0)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """One asset per way to misbehave; the file of each says how, and is made good before the retry."""
    path = tmp_path / "export.json"
    path.write_text(
        json.dumps(
            [
                {"asset": f"{name}.stub", "externalId": f"{name}.png", "metadata": {"width": 32, "height": 16},
                 "task": {"taskId": name, "tools": [{"bounding-box": {"x": 2, "y": 2, "width": 9, "height": 9},
                                                     "objectId": f"o-{name}", "schemaId": "c", "title": "car"}]}}
                for name in ("die-open", "die-render", "hang-open", "hang-render", "good")
            ]
        )
    )  # fmt: skip
    orders = {"die-open": {"open": "segv"}, "die-render": {"0": "segv"}, "hang-open": {"open": "hang"},
              "hang-render": {"0": "hang"}, "good": {}}  # fmt: skip
    for name, how in orders.items():
        (tmp_path / f"{name}.stub").write_text(json.dumps(how))
    return path


@pytest.mark.parametrize(("index", "name"), [(0, "die-open"), (1, "die-render"), (2, "hang-open"), (3, "hang-render")])
def test_the_window_says_so_and_shows_the_page_after_a_retry(
    program: Start, export: Path, index: int, name: str
) -> None:
    p = program(export, pool=Pool(opener=STUB, budgets=patience()), asset=str(index))
    p.wait(lambda: p.session.loader.has_failed)
    title, text = p.window.canvas.message or ("", "")
    assert "stopped" in f"{title} {text}"
    assert "Labels are kept" in text
    assert p.window.canvas.content is None
    assert p.session.asset is not None
    (export.parent / f"{name}.stub").write_text("{}")
    p.run("retry")
    p.shown(index, 0)
    assert p.window.canvas.content is not None
    assert len(p.window.canvas.content.store) == 1


PAGE = 3


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """An export of one file with five pages, a label on each, and a reader that rings a bell at a moment."""
    path, bell = tmp_path / "pages.json", tmp_path / "bell"
    os.mkfifo(bell)
    os.mkfifo(f"{bell}.go")
    ends = [os.open(end, os.O_RDWR | os.O_NONBLOCK) for end in (bell, f"{bell}.go")]

    def write(moment: str = "") -> Path:
        orders = {"pages": 5} | ({moment: f"until {bell}"} if moment else {})
        (tmp_path / "pages.stub").write_text(json.dumps(orders))
        tools = [
            {"point": [4 + page, 4], "objectId": f"o{page}", "schemaId": "c", "title": "car", "page": page}
            for page in range(5)
        ]
        asset = {"asset": "pages.stub", "externalId": "pages.png", "metadata": {"width": 32, "height": 16},
                 "task": {"taskId": "t", "tools": tools}}  # fmt: skip
        path.write_text(json.dumps([asset]))
        return path

    yield write
    for end in ends:
        os.close(end)


def rang(path: Path) -> bool:
    """Whether the reader got to its moment once more."""
    bell = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        return os.read(bell, 1) == b"x"
    except BlockingIOError:
        return False
    finally:
        os.close(bell)


def reader_of(p: Program) -> int | None:
    """The process that reads the open file; None when the pool has just given it up."""
    client = p.session.loader._client
    return client.worker_pid if client is not None else None


def end_readers(p: Program, bell: Path, how: signal.Signals) -> None:
    """Send the signal whenever a reader gets to its moment, until the window gives up."""
    ended = 0
    while not p.session.loader.has_failed:
        p.wait(lambda: rang(bell) or p.session.loader.has_failed)
        pid = reader_of(p)
        if not p.session.loader.has_failed and pid is not None:
            os.kill(pid, how)
            ended += 1
            p.wait(lambda pid=pid: p.session.loader.has_failed or reader_of(p) != pid)
    assert 1 <= ended <= 2


def is_page(p: Program, page: int) -> None:
    """These are the pixels and the label of this very page."""
    p.shown(0, page)
    content = p.window.canvas.content
    assert content is not None
    assert int(content.raster.pixels[0, 0, 0]) == page
    assert content.store.object_ids == (f"o{page}",)
    assert p.window.canvas.message is None


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
@pytest.mark.parametrize("moment", ["open", str(PAGE)])
def test_a_signal_at_a_moment_and_the_same_page_after_a_retry(
    program: Start, pages: Callable[..., Path], how: signal.Signals, moment: str
) -> None:
    export = pages(moment)
    p = program(export, pool=Pool(opener=STUB, budgets=patience()), asset="0", page=PAGE)
    end_readers(p, export.parent / "bell", how)
    assert p.window.canvas.message is not None
    assert "stopped" in " ".join(p.window.canvas.message)
    assert p.window.canvas.content is None
    assert p.session.state.place.page == PAGE
    p.wait(lambda: p.session.scene is not None)  # the labels are listed without a picture
    p.run("toggle_labels")
    p.run("toggle_labels")
    pages()
    p.run("retry")
    is_page(p, PAGE)
    p.session.go_to_page(1)
    is_page(p, 1)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_other_pages_are_there_while_one_ends_its_reader(
    program: Start, pages: Callable[..., Path], how: signal.Signals
) -> None:
    export = pages("2")
    p = program(export, pool=Pool(opener=STUB, budgets=patience()), asset="0", page=1)
    is_page(p, 1)
    p.session.go_to_page(2)
    end_readers(p, export.parent / "bell", how)
    p.session.go_to_page(3)
    is_page(p, 3)
    p.session.go_to_page(2)
    end_readers(p, export.parent / "bell", how)
    p.session.go_to_page(1)
    is_page(p, 1)
    p.session.go_to_page(2)  # a page that ended two readers is not given a third one by itself
    p.wait(lambda: p.session.loader.has_failed)
    assert not rang(export.parent / "bell")
    p.session.go_to_page(4)
    is_page(p, 4)


def test_a_kind_of_file_that_ended_many_readers_is_read_again_when_asked(
    program: Start, pages: Callable[..., Path], tmp_path: Path
) -> None:
    export = pages()
    (tmp_path / "pages.stub").write_text(json.dumps({"open": "segv"}))
    p = program(export, pool=Pool(opener=STUB, budgets=patience()), asset="0", page=PAGE)
    deaths = p.session.pool.kinds
    while not deaths.is_stopped("image"):  # each retry is forgiven, so it is not the user's retries that add up
        p.wait(lambda: p.session.loader.has_failed)
        deaths.died("image", p.session.pool.now())
    pages()
    p.run("retry")
    is_page(p, PAGE)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_reader_that_ends_between_two_pages_is_replaced_unseen(
    program: Start, export: Path, how: signal.Signals
) -> None:
    p = program(export, pool=Pool(opener=STUB, budgets=patience()), asset="4")
    p.shown(4, 0)
    client = p.session.loader._client
    assert client is not None
    pid = client.worker_pid
    assert pid is not None
    os.kill(pid, how)
    p.session.reset_window()
    p.run("invert")  # asks for the page anew
    p.wait(lambda: client.worker_pid not in (pid, None) and p.window.canvas.content is not None)
    p.shown(4, 0)


def test_the_real_reader_can_be_killed_in_the_middle_of_the_demo(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    p.listed(5)
    p.session.open_asset(2, page=5)
    p.shown(2, 5)
    for pid in p.session.pool.pids():
        os.kill(pid, signal.SIGKILL)
    p.session.go_to_page(30)
    p.wait(lambda: p.session.loader.has_failed or (p.session.scene is not None and p.session.scene.page == 30))
    if p.session.loader.has_failed:
        p.run("retry")
    p.shown(2, 30)
    info = p.session.loader.info_of(30)
    assert info is not None
    assert info.frame == 30
