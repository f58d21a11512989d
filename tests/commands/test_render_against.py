"""``render --against``: two stages of a page as one picture, and what it cannot draw."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.commands.conftest import box, image_asset, pixels
from tests.make import pdfs
from viewer.commands.render import MODES
from viewer.commands.render import SIZE as DEFAULT

BLUE, MINT = (0x21, 0x86, 0xF6), (0x44, 0xF4, 0xC8)
Write = Callable[..., Path]


def stages(*, page: str = "wide.png") -> dict[str, Any]:
    """A box that was moved from the left to the middle, and a new one; the first stage is empty."""
    history = [
        {"stage": "Start", "stageId": "s", "tools": []},
        {"stage": "Label", "stageId": "l", "tools": [box(20, 90, 40, 30, object_id="a")]},
    ]
    tools = [box(120, 90, 40, 30, object_id="a"), box(200, 90, 30, 30, object_id="b")]
    asset = image_asset(page, *tools, task={"stage": "Review", "stageHistory": history})
    return asset | {"metadata": {"width": 280, "height": 160}}


@pytest.fixture
def export(write: Write, tmp_path: Path) -> Path:
    Image.new("RGB", (280, 160), (100, 100, 100)).save(tmp_path / "wide.png")
    return write([stages()])


@pytest.fixture
def draw(cli: Any, export: Path, tmp_path: Path) -> Callable[..., np.ndarray[Any, Any]]:
    """The picture of a call that has to work, RGB."""

    def run(*words: object) -> np.ndarray[Any, Any]:
        out = tmp_path / "out.png"
        out.unlink(missing_ok=True)
        done = cli("render", export, "--asset", 0, *words, "-o", out)
        assert (done.status, done.err) == (0, ""), done
        return pixels(out)

    return run


def has(picture: np.ndarray[Any, Any], colour: tuple[int, int, int], x: int, y: int, *, reach: int = 4) -> bool:
    """Whether a colour is near a place."""
    part = picture[y - reach : y + reach + 1, x - reach : x + reach + 1].astype(int)
    return bool((np.abs(part - np.array(colour)).max(axis=2) < 60).any())


def test_side_by_side_is_the_usual_and_shows_each_stage_by_itself(draw: Any) -> None:
    picture = draw("--against", "Label", "--native")
    assert picture.shape == (160, 561, 3)
    assert np.array_equal(picture, draw("--against", 1, "--mode", "side", "--native"))
    b = 281
    assert has(picture, BLUE, 20, 105)
    assert not has(picture, BLUE, 120, 105)
    assert has(picture, BLUE, b + 120, 105)
    assert not has(picture, BLUE, b + 20, 105)
    assert has(picture, MINT, b + 200, 105)
    assert not has(picture, MINT, 200, 105)
    assert (picture[:, 280] == 0).all()


def test_overlay_and_changes_hold_both_swipe_each_in_its_half(draw: Any) -> None:
    for mode in ("overlay", "changes"):
        picture = draw("--against", "Label", "--mode", mode, "--native")
        assert picture.shape == (160, 280, 3)
        assert has(picture, BLUE, 20, 105)
        assert has(picture, BLUE, 120, 105)
        assert has(picture, BLUE, 90, 105)  # the arrow between
        assert has(picture, MINT, 200, 105)
    swipe = draw("--against", "Label", "--mode", "swipe", "--native")
    assert swipe.shape == (160, 280, 3)
    assert has(swipe, BLUE, 20, 105)
    assert has(swipe, BLUE, 160, 105)  # the right edge of the new place lies right of the middle
    assert not has(swipe, BLUE, 120, 105)  # its left edge is A's side
    assert (swipe[:, 139:141] == 255).all()


def test_the_size_holds_the_whole_picture(draw: Any) -> None:
    for mode in MODES:
        picture = draw("--against", "Start", "--mode", mode)
        height, width = picture.shape[:2]
        assert width <= DEFAULT[0] and height <= DEFAULT[1]
        assert width >= DEFAULT[0] - 2 or height >= DEFAULT[1] - 2
    assert draw("--against", "Start", "--mode", "side", "--size", "401x200").shape[:2] == (114, 401)


def test_any_two_stages_in_any_order(draw: Any) -> None:
    picture = draw("--against", "current", "--stage", "Label", "--mode", "overlay", "--native")
    red = (0xFB, 0x4D, 0x17)
    assert has(picture, red, 200, 105)  # what is new now was not there then
    same = draw("--against", "Label", "--stage", "Label", "--mode", "overlay", "--native")
    assert not has(same, BLUE, 20, 105)


def test_paper_takes_the_colours_of_paper(cli: Any, write: Write, tmp_path: Path) -> None:
    (tmp_path / "page.pdf").write_bytes(pdfs.pdf(pdfs.Sheet(media=(0, 0, 160, 280), rotate=90)))
    rect = {"x1": 20, "y1": 90, "x2": 60, "y2": 120, "width": 280, "height": 160}
    entry = {
        "pdf": {"position": {"pageNumber": 1, "boundingRect": rect, "rects": [rect]}, "content": {"text": ""}},
        "objectId": "a", "schemaId": "s", "title": "T", "classifications": [],
    }  # fmt: skip
    asset = image_asset("page.pdf", entry, task={"stageHistory": [{"stage": "Label", "stageId": "l", "tools": []}]})
    asset["metadata"] = {}
    out = tmp_path / "out.png"
    done = cli("render", write([asset]), "--asset", 0, "--against", 0, "--mode", "overlay", "--native", "-o", out)
    assert (done.status, done.err) == (0, "")
    picture = pixels(out)
    assert picture.shape == (160, 280, 3)
    assert has(picture, (0x1C, 0x83, 0x62), 20, 105)


def test_what_cannot_be_is_said(cli: Any, export: Path, tmp_path: Path) -> None:
    out = tmp_path / "none.png"
    begin = ("render", export, "--asset", 0, "-o", out)
    assert "no stage Audit" in cli(*begin, "--against", "Audit").sentence
    assert "--against" in cli(*begin, "--mode", "overlay").sentence
    assert "--no-labels" in cli(*begin, "--against", 0, "--no-labels").sentence
    assert "morph" in cli(*begin, "--against", 0, "--mode", "morph").sentence
    assert "too large" in cli(*begin, "--against", 0, "--size", "99999x99999").sentence
    assert not out.exists()


def test_a_brush_mask_that_is_missing_is_noted_once(cli: Any, write: Write, tmp_path: Path) -> None:
    Image.new("RGB", (280, 160), (100, 100, 100)).save(tmp_path / "wide.png")
    asset = stages()
    asset["task"]["stageHistory"][1]["brushDataUrl"] = "gone.png"
    done = cli("render", write([asset]), "--asset", 0, "--against", 1, "--native", "-o", tmp_path / "out.png")
    assert done.status == 0
    assert done.err.count("brush mask is not drawn") == 1
