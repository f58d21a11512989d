"""``render``: sizes, stages, pages, what is drawn, and the sentences when it cannot be."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage

from tests.commands.conftest import box, image_asset, pixels
from tests.make import dicoms, fault_server, images, pdfs, placed_video, videos
from tests.test_demo import burnt_in_number
from viewer.export import Export
from viewer.fetch import Sources
from viewer.overlay.palette import Palette
from viewer.ui import still
from viewer.workers import Pool

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "resources" / "demo"


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

    assert (at("0"), at("1"), at("2")) == ((0, 0), (1, 0), (3, 0))
    assert at("Label") == at("L") == at("2")
    assert at("Review") == at("R") == at("1")
    assert at("current") == at("3") == at("Complete") == (0, 2)


def test_the_current_state_is_the_latest_occurrence_of_its_stage(draw: Any, write: Any, page: Path) -> None:
    history = [{"stage": "Label", "stageId": "1", "tools": [box(2, 2, 8, 8)]}]
    task = {"stage": "Label", "stageId": "L", "stageHistory": history}
    export = write([image_asset("page.png", box(40, 30, 8, 8), task=task)])

    def left(stage: str) -> bool:
        changed = (draw(export, "--asset", 0, "--native", "--stage", stage) != 100).any(axis=2)
        return bool(changed[:24, :32].any()) and not changed[24:, 32:].any()

    assert left("0")
    assert not left("Label")
    assert not left("L")
    assert not left("1"), "an index is tried before a stage id"


def test_an_asset_is_named_by_index_asset_id_task_id_and_external_id_in_this_order(
    draw: Any, write: Any, tmp_path: Path
) -> None:
    """Each of these names could mean several assets; the width of the picture tells which one it meant."""
    names = [("1", "x", "e0"), ("a1", "0", "a0"), ("a0", "a1", "t3"), ("a3", "t3", "7"), ("7", "t4", "t3")]
    assets = []
    for number, (asset_id, task_id, external_id) in enumerate(names):
        Image.new("RGB", (20 + number, 10)).save(tmp_path / f"p{number}.png")
        task = {"taskId": task_id, "tools": []}
        assets.append({"asset": f"p{number}.png", "assetId": asset_id, "externalId": external_id, "task": task})
    export = write(assets)
    meant = {"0": 0, "1": 1, "a1": 1, "a0": 2, "t3": 3, "7": 4, "x": 0, "e0": 0, "t4": 4, "004": 4}
    found = {ref: draw(export, "--asset", ref, "--native").shape[1] - 20 for ref in meant}
    assert found == meant


def test_a_second_task_is_drawn_by_its_id(draw: Any, write: Any, page: Path) -> None:
    def task(task_id: str, x: float) -> dict[str, Any]:
        entry = {**box(x, 20, 8, 8), "objectId": f"o{task_id}"}
        return {"taskId": task_id, "objects": [entry], "classifications": []}

    tasks = [task("first", 4), task("second", 40), task("0", 20)]
    v2 = {"asset": "page.png", "assetId": "the asset", "externalId": "v2.png", "metadata": {"width": 64, "height": 48}}
    export = write([{**v2, "tasks": tasks}])

    def x_of(ref: str) -> int:
        changed = (draw(export, "--asset", ref, "--native") != 100).any(axis=2)
        return int(np.flatnonzero(changed.any(axis=0)).mean()) // 16

    assert [x_of(ref) for ref in ("first", "second")] == [0, 2]
    assert [x_of(ref) for ref in ("0", "the asset", "v2.png")] == [0, 0, 0], (
        "the first task, whatever others are called"
    )


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


def test_pixels_are_stretched_before_the_picture_is_turned(draw: Any, write: Any, tmp_path: Path) -> None:
    content, _, _ = placed_video.clip(tmp_path, turn=90, aspect=(2, 1))
    (tmp_path / "v.mp4").write_bytes(content)
    width, height = placed_video.STORED_SIZE
    export = write([{"asset": "v.mp4", "externalId": "v.mp4", "metadata": {}}])
    assert draw(export, "--asset", 0, "--native").shape[:2] == (width * 2, height)


@pytest.mark.parametrize(("turn", "aspect"), [(0, (2, 1)), (90, (1, 1)), (270, (1, 1))])
def test_a_turned_video_and_one_of_oblong_pixels_are_drawn_as_displayed(
    draw: Any, write: Any, tmp_path: Path, turn: int, aspect: tuple[int, int]
) -> None:
    content, (width, height), (x0, y0, x1, y1) = placed_video.clip(tmp_path, turn=turn, aspect=aspect)
    (tmp_path / "v.mp4").write_bytes(content)
    labels = [box(x0, y0, x1 - x0, y1 - y0) | {"page": 1}]
    asset = image_asset("v.mp4", *labels) | {"externalId": "v.mp4", "metadata": {"width": width, "height": height}}
    export = write([asset])
    bare = draw(export, "--asset", 0, "--page", 1, "--native", "--no-labels")
    assert bare.shape[:2] == (round(height), round(width))
    bright = np.argwhere(bare.mean(axis=2) > 128)
    assert np.abs(bright.min(axis=0) - (y0, x0)).max() <= 2
    assert np.abs(bright.max(axis=0) + 1 - (y1, x1)).max() <= 2
    ink = np.argwhere((draw(export, "--asset", 0, "--page", 1, "--native") != bare).any(axis=2))
    assert np.abs(ink.min(axis=0) - (y0, x0)).max() <= 3
    assert np.abs(ink.max(axis=0) + 1 - (y1, x1)).max() <= 3


def test_the_picture_is_a_file_like_any_other(cli: Any, write: Any, page: Path, tmp_path: Path) -> None:
    export = write([image_asset("page.png")])
    plain, out = tmp_path / "plain", tmp_path / "new" / "folder" / "out.png"
    plain.touch()
    assert cli("render", export, "--asset", 0, "-o", out).status == 0
    assert out.stat().st_mode == plain.stat().st_mode
    out.write_bytes(b"old")
    assert cli("render", export, "--asset", 0, "-o", out).status == 0
    assert [file.name for file in out.parent.iterdir()] == ["out.png"]
    assert pixels(out).shape == (960, 1280, 3)
    for folder in (tmp_path, "", "."):
        assert "is a folder" in cli("render", export, "--asset", 0, "-o", folder).sentence
    assert "could not be written" in cli("render", export, "--asset", 0, "-o", plain / "out.png").sentence


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_is_no_file_stays_what_it_is(cli: Any, write: Any, page: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    told = cli("render", write([image_asset("page.png")]), "--asset", 0, "--native", "-o", pipe)
    reader.join(30)
    assert told.status == 0
    assert pipe.is_fifo()
    assert Image.open(io.BytesIO(got[0])).size == (64, 48)


def test_frames_of_the_demo_video_show_their_number(draw: Any) -> None:
    asked = random.Random(3).sample(range(250), 4)
    words = ("--asset", "2", "--native", "--no-labels")
    for page in asked:
        assert burnt_in_number(draw(DEMO, *words, "--page", page).astype(float).mean(axis=2)) == page


class Kept:
    """A document that stays open, since opening it is most of the time that a page takes."""

    def __init__(self, pool: Pool) -> None:
        self._pool, self._client = pool, None

    def open(self, parts: Any, hints: Any) -> Any:
        self._client = self._client or self._pool.open(parts, hints)
        return self

    def close(self) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


def test_every_frame_of_the_demo_video_in_random_order(tmp_path: Path) -> None:
    """What the command does once its words are read, for all 250 pages."""
    wanted = still.StillOptions(labels=False)
    asked = random.Random(4).sample(range(250), 250)
    got = []
    with Export.open(DEMO, cache_dir=tmp_path).read() as export, Pool() as pool:
        sources = Sources(export.path, cache_dir=tmp_path, offline=True)
        asset, kept = export.asset(2), Kept(pool)
        for page in asked:
            found = still.load_still(
                asset, asset.tasks[0].current, page, wanted, sources=sources, pool=kept, palette=Palette()
            )
            image = still.paint_still(found, wanted).convertToFormat(QImage.Format.Format_Grayscale8)
            rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
            got.append(burnt_in_number(rows[:, : image.width()].astype(float)))
        sources.close()
    assert got == asked


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
    words = ["render", str(export), "--asset", "page.png", "--tags", "--cache-dir", str(tmp_path / "cache")]
    done = subprocess.run(
        [sys.executable, "-m", "viewer", *words, "-o", str(out)], env={}, cwd=ROOT, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
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
        (("--asset", "0", "--size", "20"), "a size is WIDTHxHEIGHT"),
        (("--asset", "0", "--size", "99999x99999"), "too large"),
        (("--asset", "0", "--stage", "1"), "no stage 1: the task has 1, 0 to 0 (Complete)"),
        (("--asset", "0", "--page", "9" * 30), "no page 999"),
        (("--asset", "0", "--ontology", "none.json"), "none.json"),
    ],
)
def test_what_is_not_there_is_said_in_one_sentence(
    cli: Any, write: Any, page: Path, tmp_path: Path, words: tuple[str, ...], part: str
) -> None:
    export = write([image_asset("page.png")])
    out = tmp_path / "out.png"
    assert part in cli("render", export, *words, "-o", out).sentence
    assert not out.exists()


@pytest.mark.parametrize("name", ["page.png", "t" * 24, "one asset id"])
def test_several_assets_of_one_name_are_listed(cli: Any, write: Any, tmp_path: Path, name: str) -> None:
    alike = image_asset("page.png", assetId="one asset id")
    other = image_asset("page.png", task={"taskId": "other"}) | {"externalId": "other"}
    export = write([alike, other, alike])
    done = cli("render", export, "--asset", name, "-o", tmp_path / "o.png")
    assert "0, 2" in done.sentence


def test_an_asset_that_cannot_be_read_costs_only_itself(cli: Any, write: Any, page: Path, tmp_path: Path) -> None:
    parts = [json.dumps(image_asset("page.png", box(1, 1, 9, 9))) for _ in range(3)]
    parts[1] = "17"
    export = write("[" + ",".join(parts) + "]")
    assert "Asset 1" in cli("render", export, "--asset", 1, "-o", tmp_path / "o.png").sentence
    assert cli("render", export, "--asset", 2, "-o", tmp_path / "o.png").status == 0


def test_a_polygon_of_a_million_points_and_of_one(draw: Any, write: Any, page: Path) -> None:
    angle = np.linspace(0, 2 * np.pi, 1_000_000)
    many = np.stack([32 + 20 * np.cos(angle), 24 + 15 * np.sin(angle)], axis=1).round(4).tolist()
    ids = {"schemaId": "s", "title": "t", "classifications": []}
    entries = [{"polygon": many, "objectId": "o1", **ids}, {"polygon": [[3, 3]], "objectId": "o2", **ids}]
    ink = (draw(write([image_asset("page.png", *entries)]), "--asset", 0, "--native") != 100).any(axis=2)
    rows, columns = np.nonzero(ink)
    assert abs(int(columns.max()) - 52) <= 3
    assert abs(int(rows.max()) - 39) <= 3


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
