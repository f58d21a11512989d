"""``render``: sizes, stages, pages, what is drawn, and the sentences when it cannot be."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.commands.conftest import box, image_asset, pixels
from tests.make import dicoms, fault_server, images, pdfs, videos
from tests.test_demo import burnt_in_number

DEMO = Path(__file__).parents[2] / "resources" / "demo"


@pytest.fixture
def draw(cli: Any, tmp_path: Path) -> Callable[..., np.ndarray[Any, Any]]:
    """The picture of a call that has to work."""

    def run(*words: object) -> np.ndarray[Any, Any]:
        out = tmp_path / "out.png"
        out.unlink(missing_ok=True)
        done = cli("render", *words, "-o", out)
        assert (done.status, done.err) == (0, ""), done
        return pixels(out)

    return run


def test_native_is_one_pixel_per_page_pixel_and_size_fits(draw: Any, write: Any, page: Path) -> None:
    export = write([image_asset("page.png", box(10, 10, 20, 20))])
    assert draw(export, "--asset", 0, "--native").shape == (48, 64, 3)
    assert draw(export, "--asset", 0).shape == (960, 1280, 3)
    assert draw(export, "--asset", 0, "--size", "100x100").shape == (75, 100, 3)


def test_labels_are_drawn_where_they_are_and_left_out_when_asked(draw: Any, write: Any, page: Path) -> None:
    export = write([image_asset("page.png", box(10, 10, 20, 20))])
    bare = draw(export, "--asset", 0, "--native", "--no-labels")
    assert (bare == 100).all()
    drawn = draw(export, "--asset", 0, "--native")
    ink = (drawn != bare).any(axis=2)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    assert 8 <= rows[0] <= 10
    assert 8 <= columns[0] <= 10
    assert 29 <= rows[-1] <= 33
    assert 29 <= columns[-1] <= 33


def test_relations_are_drawn(draw: Any, write: Any, page: Path) -> None:
    tools = [box(2, 20, 6, 6, object_id="a"), box(50, 20, 6, 6, object_id="b")]
    relation = {"objectId": "r", "schemaId": "rs", "title": "to", "from": "a", "to": "b", "direction": "straight"}
    without = draw(write([image_asset("page.png", *tools)]), "--asset", 0, "--native")
    with_ = draw(write([image_asset("page.png", *tools, task={"relations": [relation]})]), "--asset", 0, "--native")
    changed = (without != with_).any(axis=2)
    assert changed[20:27, 15:45].any(axis=0).all()


def test_the_brush_is_drawn_and_its_absence_only_noted(cli: Any, write: Any, page: Path, tmp_path: Path) -> None:
    mask = np.zeros((48, 64, 4), np.uint8)
    mask[5:15, 40:60] = (255, 0, 0, 255)
    Image.fromarray(mask).save(tmp_path / "brush.png")
    out = tmp_path / "out.png"
    export = write([image_asset("page.png", task={"brushDataUrl": "brush.png"})])
    assert cli("render", export, "--asset", 0, "--native", "-o", out).status == 0
    drawn = pixels(out)
    assert drawn[10, 50, 0] > drawn[10, 50, 1] + 60
    assert (drawn[30, 10] == 100).all()
    missing = cli("render", write([image_asset("page.png", task={"brushDataUrl": "no.png"})]), "--asset", 0, "-o", out)
    assert missing.status == 0
    assert "brush" in missing.err


def test_stages_are_named_in_four_ways(draw: Any, write: Any, page: Path) -> None:
    history = [
        {"stage": "Label", "stageId": "L", "tools": [box(2, 2, 8, 8)]},
        {"stage": "Review", "stageId": "R", "tools": [box(20, 2, 8, 8)]},
        {"stage": "Label", "stageId": "L", "tools": [box(40, 2, 8, 8)]},
    ]
    export = write([image_asset("page.png", box(2, 30, 8, 8), task={"stageHistory": history})])

    def at(stage: str) -> tuple[int, int]:
        ink = np.argwhere((draw(export, "--asset", 0, "--native", "--stage", stage) != 100).any(axis=2))
        top, left = ink.min(axis=0)
        return int(left) // 10, int(top) // 10

    assert at("0") == at("L".lower().upper()) or at("0") == (0, 0)
    assert (at("0"), at("1"), at("2")) == ((0, 0), (1, 0), (3, 0))
    assert at("Label") == at("L") == at("2")
    assert at("Review") == at("R") == at("1")
    assert at("current") == at("3") == at("Complete") == (0, 2)


def test_a_second_task_is_drawn_by_its_id(draw: Any, data: Path, tmp_path: Path) -> None:
    Image.new("RGB", (100, 100), (90, 90, 90)).save(tmp_path / "27-v2-two-tasks.jpg")
    words = ("--native", "--assets-dir", tmp_path)
    first = draw(data / "ango-examples.json", "--asset", "da91302c2e037795bfbf2792", *words)
    second = draw(data / "ango-examples.json", "--asset", "4eb2f80599b642c9bdfb26bf", *words)
    assert (first != second).any()


def test_an_oriented_picture_a_turned_pdf_and_videos_have_their_displayed_size(
    draw: Any, write: Any, tmp_path: Path
) -> None:
    (tmp_path / "a.jpg").write_bytes(images.oriented("JPEG", 6))
    (tmp_path / "b.pdf").write_bytes(pdfs.pdf(pdfs.Sheet(media=(0, 0, 300, 200), rotate=90)))
    videos.encode(tmp_path / "c.mp4", frames=3, rotation=90)
    (tmp_path / "d.dcm").write_bytes(dicoms.dicom(dicoms.ramp(2, 40, 30, np.uint16)))
    export = write(
        [{"asset": name, "externalId": name, "metadata": {}} for name in ("a.jpg", "b.pdf", "c.mp4", "d.dcm")]
    )
    with Image.open(tmp_path / "a.jpg") as stored:
        width, height = stored.size
    assert draw(export, "--asset", 0, "--native").shape[:2] == (width, height)
    assert draw(export, "--asset", 1, "--native").shape[:2] == (300, 200)
    assert draw(export, "--asset", 2, "--native").shape[:2] == (videos.WIDTH, videos.HEIGHT)
    assert draw(export, "--asset", 3, "--native", "--page", 1).shape[:2] == (40, 30)


def test_frames_of_the_demo_video_show_their_number(draw: Any) -> None:
    asked = random.Random(3).sample(range(250), 8)
    words = ("--asset", 2, "--native", "--no-labels")
    for page in asked:
        assert burnt_in_number(draw(DEMO, *words, "--page", page).astype(float).mean(axis=2)) == page


def test_pages_are_mapped_as_asked(draw: Any, write: Any, tmp_path: Path) -> None:
    videos.encode(tmp_path / "v.mp4", frames=20, rate=10)
    export = write([{"asset": "v.mp4", "externalId": "v.mp4", "metadata": {"frameRate": 20, "frameTotal": 40}}])

    def frame(mapping: str, page: int) -> int | None:
        shown = draw(export, "--asset", 0, "--native", "--page", page, "--frame-map", mapping)
        return videos.read_code(shown)

    assert frame("index", 7) == 7
    assert frame("time", 14) == 7
    assert frame("auto", 14) == 7


def test_tags_need_neither_display_nor_environment(process: Any, write: Any, page: Path, tmp_path: Path) -> None:
    export = write([image_asset("page.png", box(20, 20, 20, 20))])
    out = tmp_path / "tags.png"
    done = process("render", export, "--asset", "page.png", "--tags", "-o", out)
    assert (done.status, done.err) == (0, "")
    bare = tmp_path / "bare.png"
    assert process("render", export, "--asset", "0", "-o", bare).status == 0
    assert (pixels(out) != pixels(bare)).any()


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--asset", "5"), "No asset is called 5"),
        (("--asset", "nobody"), "No asset is called nobody"),
        (("--asset", "0", "--page", "1"), "no page 1"),
        (("--asset", "0", "--page", "-1"), "no page -1"),
        (("--asset", "0", "--stage", "Nowhere"), "no stage Nowhere"),
        (("--asset", "0", "--size", "20"), "size"),
    ],
)
def test_what_is_not_there_is_said_in_one_sentence(
    cli: Any, write: Any, page: Path, tmp_path: Path, words: tuple[str, ...], part: str
) -> None:
    export = write([image_asset("page.png")])
    out = tmp_path / "out.png"
    try:
        done = cli("render", export, *words, "-o", out)
    except SystemExit as stop:
        assert stop.code == 2
        assert "size" in part
        return
    assert done.status == 2
    assert part in done.err
    assert not out.exists()


def test_several_assets_of_one_name_are_listed(cli: Any, write: Any, page: Path, tmp_path: Path) -> None:
    export = write([image_asset("page.png"), image_asset("page.png")])
    done = cli("render", export, "--asset", "page.png", "-o", tmp_path / "o.png")
    assert "0, 1" in done.sentence


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "empty"),
        (b"this is no picture, whatever its name says", "picture"),
        (b"<html><body>no</body></html>", "web page"),
    ],
)
def test_bad_media_give_a_sentence(cli: Any, write: Any, tmp_path: Path, content: bytes, part: str) -> None:
    (tmp_path / "page.png").write_bytes(content)
    done = cli("render", write([image_asset("page.png")]), "--asset", 0, "-o", tmp_path / "o.png")
    assert part in done.sentence


def test_kinds_without_a_picture_say_so(cli: Any, data: Path, tmp_path: Path) -> None:
    done = cli("render", data / "ango-examples.json", "--asset", 10, "-o", tmp_path / "o.png")
    assert "no picture" in done.sentence
    expired = cli("render", data / "ango-examples.json", "--asset", 0, "-o", tmp_path / "o.png")
    assert "expired on 3 Sep 2024" in expired.sentence
    assert "X-Amz" not in expired.err


def test_a_picture_from_a_server_is_fetched_kept_and_found_offline(cli: Any, write: Any, tmp_path: Path) -> None:
    picture = images.saved(images.marked(), "PNG")
    cache = tmp_path / "cache"
    with fault_server.serving() as server:
        url = server.answers("/a.png", fault_server.reply(picture))
        gone_url = server.answers("/gone.png", fault_server.status(404))
        export = write([image_asset(url), image_asset(gone_url)])
        out = tmp_path / "o.png"
        refused = cli("render", export, "--asset", 0, "-o", out, "--cache-dir", cache)
        assert "private" in refused.sentence
        done = cli("render", export, "--asset", 0, "-o", out, "--cache-dir", cache, "--allow-private-hosts")
        assert (done.status, done.err) == (0, "")
        gone = cli("render", export, "--asset", 1, "-o", out, "--cache-dir", cache, "--allow-private-hosts")
        assert gone.status == 2
    again = cli("render", export, "--asset", 0, "-o", out, "--cache-dir", cache, "--offline")
    assert (again.status, again.err) == (0, "")
    assert json.loads(export.read_text())[0]["asset"] == url
