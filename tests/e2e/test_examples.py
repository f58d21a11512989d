"""Every example asset, in the real window and through ``render``: pixels with labels, or a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.e2e.conftest import Program
from tests.make import standins
from viewer.__main__ import main

LABELS, PIXELS = "pixels with labels", "pixels"

EXPECTED: dict[int, tuple[str, int]] = {
    0: (LABELS, 0), 1: (LABELS, 0), 2: (LABELS, 0), 3: (PIXELS, 0), 4: (PIXELS, 0), 5: (LABELS, 0), 6: (LABELS, 20),
    7: (LABELS, 5), 8: (LABELS, 0), 9: (LABELS, 0), 10: ("Texts can't be shown yet", 0),
    11: ("Recordings can't be shown yet", 0), 12: ("Markdown texts can't be shown yet", 0),
    13: ("HTML pages can't be shown yet", 0), 14: ("Conversations can't be shown yet", 0), 15: (LABELS, 11),
    16: (LABELS, 2), 17: ("Medical volumes can't be shown yet", 0), 18: ("Medical volumes can't be shown yet", 0),
    19: (LABELS, 0), 20: ("3D point clouds can't be shown yet", 0), 21: ("This asset is a web page", 0),
    22: (LABELS, 0), 23: (LABELS, 0), 24: (LABELS, 0), 25: (PIXELS, 0), 26: (LABELS, 0), 27: (LABELS, 0),
}  # fmt: skip
"""Index in ``ango-examples.json`` → what is there, and on which page to look."""


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return standins.make(tmp_path_factory.mktemp("standins"))


def test_the_window_shows_each_of_them(program: Callable[..., Program], data: Path, files: Path) -> None:
    p = program(data / "ango-examples.json", assets_dir=files)
    p.listed(28)
    for index, (expected, page) in EXPECTED.items():
        p.session.open_asset(index, page=page)
        if expected not in (LABELS, PIXELS):
            p.words(expected)
            assert p.window.canvas.content is None
            continue
        p.shown(index, page)
        content = p.window.canvas.content
        assert content is not None
        if index == 2:
            p.wait(lambda: p.window.canvas.content is not None and p.window.canvas.content.brush is not None)
        elif expected == LABELS:
            assert len(content.store) > 0, index
        assert p.window.canvas.message is None


def test_the_seed_shows_its_track(program: Callable[..., Program], data: Path, files: Path) -> None:
    p = program(data / "seed-sample.json", assets_dir=files)
    p.shown(0, 504)
    assert p.window.canvas.content is not None
    assert len(p.window.canvas.content.store) == 2
    p.session.next_page()
    p.shown(0, 505)
    assert [placed.state for placed in p.session.scene.placed] == ["interpolated"] * 2  # type: ignore[union-attr]


def test_without_files_the_expired_link_is_told(program: Callable[..., Program], data: Path) -> None:
    p = program(data / "ango-examples.json")
    p.listed(28)
    for index in (0, 5, 8, 9, 15):
        p.session.open_asset(index)
        p.words("expired on 3 Sep 2024")
        assert p.session.asset is not None
        assert p.session.asset.index == index
        p.wait(lambda: p.session.scene is not None)


@pytest.mark.parametrize("index", EXPECTED)
def test_render_draws_each_of_them_or_says_why(
    index: int, data: Path, files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected, page = EXPECTED[index]
    drawn, bare = tmp_path / "drawn.png", tmp_path / "bare.png"
    words = ["render", str(data / "ango-examples.json"), "--asset", str(index), "--page", str(page), "--native",
             "--assets-dir", str(files)]  # fmt: skip
    status = main([*words, "-o", str(drawn)])
    told = capsys.readouterr().err
    if expected not in (LABELS, PIXELS):
        assert status == 2
        assert told.count("\n") == 1
        assert "no picture" in told
        return
    assert (status, told) == (0, "")
    assert main([*words, "--no-labels", "-o", str(bare)]) == 0
    with Image.open(drawn) as one, Image.open(bare) as two:
        different = (np.asarray(one.convert("RGB")) != np.asarray(two.convert("RGB"))).any()
    assert different == (expected == LABELS)
