"""The two pictures of a change: what of both stages they hold, what is in view, and how it looks."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from tests.make.assets import parsed
from tests.make.changed import boxed, changed_asset, comparison_of, relation, stage
from tests.make.inspected import image
from viewer.decoders.base import PageInfo
from viewer.diff import Comparison
from viewer.export.differences import found_of
from viewer.model import Asset
from viewer.overlay import palette as colours
from viewer.overlay.palette import Palette
from viewer.ui.changes.pair_crop import (
    ASPECT,
    LEAST_PX,
    Crop,
    Wish,
    crop_of,
    entries_of,
    focus,
    paint_crop,
    region_of,
)
from viewer.ui.changes.queue import Item

SIZE = (1000.0, 800.0)
INFO = PageInfo(SIZE, (1000, 800))


def wish_for(comparison: Comparison, kind: str, *, subject: str = "label", given: bool = False) -> Wish:
    at, change = next((n, c) for n, c in enumerate(comparison.changes) if c.kind == kind and c.subject == subject)
    return Wish(Item(0, 0, 1, at, found_of(change)), change=change if given else None)


def crop(asset: Asset, wish: Wish) -> Crop:
    return crop_of(asset, wish, entries_of(asset, wish), INFO, palette=Palette())


def is_near(image: QImage, x: int, y: int, hexes: str, reach: int = 2, slack: int = 40) -> bool:
    """Whether any pixel around a place has about this colour."""
    wanted = QColor(hexes)
    for dx in range(-reach, reach + 1):
        for dy in range(-reach, reach + 1):
            c = QColor(image.pixel(x + dx, y + dy))
            if all(abs(a - b) < slack for a, b in zip(c.getRgb()[:3], wanted.getRgb()[:3])):
                return True
    return False


def test_a_change_that_only_the_pass_knows_is_compared_again() -> None:
    asset = changed_asset()
    comparison = comparison_of(asset)
    for given in (True, False):
        entries = entries_of(asset, wish_for(comparison, "moved", given=given))
        assert [a.object_id for a in entries.before.annotations] == ["moved"]
        assert [a.object_id for a in entries.after.annotations] == ["moved"]
        assert entries.change is not None
        assert entries.change.kind == "moved"
        assert entries.change.shift_px == pytest.approx(12.0)
        assert entries.number == "#2"


def test_what_came_or_went_is_on_one_side_only() -> None:
    asset = changed_asset()
    comparison = comparison_of(asset)
    come, gone = (entries_of(asset, wish_for(comparison, kind)) for kind in ("added", "removed"))
    assert (len(come.before.annotations), len(come.after.annotations)) == (0, 1)
    assert (len(gone.before.annotations), len(gone.after.annotations)) == (1, 0)


def test_a_relation_brings_what_it_joins() -> None:
    asset = changed_asset()
    entries = entries_of(asset, wish_for(comparison_of(asset), "retargeted", subject="relation"))
    assert {a.object_id for a in entries.before.annotations} == {"same", "moved"}
    assert {a.object_id for a in entries.after.annotations} == {"same", "asked"}
    assert len(entries.before.relations) == len(entries.after.relations) == 1


def test_both_shapes_are_in_view_at_one_scale() -> None:
    asset = changed_asset()
    made = crop(asset, wish_for(comparison_of(asset), "moved"))
    x0, y0, x1, y1 = made.box
    assert x0 < 100 and x1 > 152 and y0 < 100 and y1 > 130
    assert (x1 - x0) / (y1 - y0) == pytest.approx(ASPECT)
    assert made.box == focus(*made.scenes)


def test_a_point_has_room_around_it_and_an_answer_the_whole_page() -> None:
    tiny = parsed(image(boxed("a", "Car", 500, 400, 1, 1),
                        stageHistory=[stage("Label", [boxed("a", "Car", 501, 400, 1, 1)], hour=10)]))  # fmt: skip
    made = crop(tiny, wish_for(comparison_of(tiny), "moved"))
    assert made.box[3] - made.box[1] >= LEAST_PX
    asset = changed_asset()
    whole = crop(asset, wish_for(comparison_of(asset), "changed", subject="classification")).box
    assert whole[0] <= 0 and whole[1] <= 0 and whole[2] >= SIZE[0] and whole[3] >= SIZE[1]


def test_only_what_is_on_the_page_is_asked_for() -> None:
    asset = changed_asset()
    made = crop(asset, wish_for(comparison_of(asset), "moved"))
    region = region_of(made)
    assert region is not None
    assert region[0] >= 0 and region[1] >= 0 and region[2] <= SIZE[0] and region[3] <= SIZE[1]
    far = parsed(image(boxed("a", "Car", -900, 100), stageHistory=[stage("Label", [boxed("a", "Car", -905, 100)],
                                                                         hour=10)]))  # fmt: skip
    assert region_of(crop(far, wish_for(comparison_of(far), "moved"))) is None


@pytest.mark.parametrize("dpr", [1.0, 2.0])
def test_a_moved_box_is_dashed_in_a_and_solid_with_its_ghost_in_b(qapp: QApplication, dpr: float) -> None:
    asset = changed_asset()
    made = crop(asset, wish_for(comparison_of(asset), "moved"))
    width, height = round(320 * dpr), round(180 * dpr)
    before, after = (paint_crop(made, side, width, height, dpr=dpr) for side in (0, 1))
    assert (before.width(), before.height(), before.devicePixelRatio()) == (width, height, dpr)
    scale = width / (made.box[2] - made.box[0])

    def at(x: float, y: float) -> tuple[int, int]:
        return round((x - made.box[0]) * scale), round((y - made.box[1]) * scale)

    moved = colours.CHANGES["moved"].glow

    def share_of(image: QImage, x: float) -> float:
        """Of an upright edge: how much of it is drawn."""
        ys = [at(0, y)[1] for y in range(103, 128)]
        return sum(is_near(image, at(x, 0)[0], y, moved, reach=round(dpr), slack=60) for y in ys) / len(ys)

    assert 0.3 < share_of(before, 100) < 0.95  # dashes
    assert share_of(before, 112) == 0.0 or share_of(before, 112) < 0.1
    assert share_of(after, 112) > 0.95
    assert share_of(after, 100) > 0.3  # the ghost


def test_relations_are_drawn_on_their_side(qapp: QApplication) -> None:
    asset = parsed(
        image(
            boxed("a", "Car", 100), boxed("b", "Car", 400),
            stageHistory=[stage("Label", [boxed("a", "Car", 100), boxed("b", "Car", 400)], hour=10,
                                relations=[relation("a", "b")])],
        )
    )  # fmt: skip
    made = crop(asset, wish_for(comparison_of(asset), "removed", subject="relation"))
    before, after = (paint_crop(made, side, 640, 360, dpr=1.0) for side in (0, 1))
    scale = 640 / (made.box[2] - made.box[0])
    y = round((115 - made.box[1]) * scale)
    xs = range(round((160 - made.box[0]) * scale), round((380 - made.box[0]) * scale))
    removed = colours.CHANGES["removed"].glow
    for picture in (before, after):  # where it was is seen in B, too
        drawn = sum(is_near(picture, x, y, removed, reach=0, slack=60) for x in xs) / len(xs)
        assert 0.4 < drawn < 0.85  # dashes
    assert before.pixelColor(xs[0], y + 12) == QColor(colours.CANVAS_DARK)
