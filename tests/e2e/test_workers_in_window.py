"""A reader of files that dies or hangs, at each moment: the window lives, says so, and shows the page after a retry."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Program
from viewer.workers import Budgets, Pool

Start = Callable[..., Program]
STUB = "tests.workers.stub:open_document"


def patience() -> Budgets:
    return Budgets(open=1.5, image=1.5, tile=1.5, answer=0.5, trust=0.0)


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
