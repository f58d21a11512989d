"""Masks of two snapshots, by the path of their address."""

from __future__ import annotations

import numpy as np
import pytest

from viewer.diff import compare
from viewer.diff.brush import ONE_SIDED, pixels_by_colour, with_pixels
from viewer.model import AnswerChange, Labels, Snapshot

SIGNED = "https://files.example/masks/{}.png?Expires=1&Signature={}"


def snapshot(brush: str | None = None, voxels: str | None = None, *, current: bool = False) -> Snapshot:
    return Snapshot(index=0, is_current=current, brush_url=brush, medical_brush_url=voxels, parse=Labels)


def test_another_signature_is_no_change_and_another_file_is() -> None:
    one, again, other = (snapshot(SIGNED.format(*names)) for names in (("a", "x"), ("a", "y"), ("b", "x")))
    assert compare(one, again, tracked=False).changes == ()
    (change,) = compare(one, other, tracked=False).changes
    assert (change.kinds, change.entry.title) == (("reshaped",), "Brush")
    assert "Signature" not in repr(change)


def test_masks_come_and_go_in_history() -> None:
    (change,) = compare(snapshot(), snapshot(voxels=SIGNED.format("v", "1")), tracked=False).changes
    assert (change.kinds, change.entry.object_id) == (("added",), "medicalBrushDataUrl")
    (change,) = compare(snapshot(brush=SIGNED.format("v", "1")), snapshot(), tracked=False).changes
    assert change.kinds == ("removed",)


def test_a_mask_of_the_current_state_alone_is_only_noted() -> None:
    found = compare(snapshot(), snapshot(SIGNED.format("a", "1"), current=True), tracked=False)
    assert (found.changes, found.notes) == ((), (ONE_SIDED,))


def test_an_address_that_is_none_is_compared_as_text() -> None:
    found = compare(snapshot("https://[broken/a?x"), snapshot("https://[broken/a?y"), tracked=False)
    assert found.changes == ()


def mask(*boxes: tuple[int, int, int, int, tuple[int, int, int]]) -> np.ndarray:
    """RGBA of 40 × 30 with painted boxes (x, y, width, height, colour)."""
    found = np.zeros((30, 40, 4), np.uint8)
    for x, y, width, height, colour in boxes:
        found[y : y + height, x : x + width] = (*colour, 200)
    return found


RED, BLUE = (230, 0, 10), (0, 0, 255)


def test_pixels_are_counted_by_colour() -> None:
    before = mask((0, 0, 10, 10, RED), (20, 0, 5, 5, BLUE))
    after = mask((5, 0, 10, 10, RED), (20, 0, 5, 5, BLUE))
    assert pixels_by_colour(before, after) == (("#E6000A", 100, 100, 50), ("#0000FF", 25, 25, 25))
    empty = np.zeros_like(before)
    assert pixels_by_colour(empty, empty) == ()
    with pytest.raises(ValueError, match="two sizes"):
        pixels_by_colour(before, before[:10])


def test_a_change_of_masks_says_its_pixels() -> None:
    one, other = (snapshot(SIGNED.format(name, "x")) for name in "ab")
    (change,) = compare(one, other, tracked=False).changes
    before, after = mask((0, 0, 10, 10, RED)), mask((0, 0, 10, 20, RED), (30, 20, 2, 2, BLUE))
    found = with_pixels(change, before, after)
    assert found is not None
    assert found.answers == (AnswerChange("#E6000A", "100 px", "200 px"), AnswerChange("#0000FF", "0 px", "4 px"))
    assert found.iou == pytest.approx(100 / 204)
    assert found.area_ratio == pytest.approx(2.04)
    assert with_pixels(change, before, before.copy()) is None
    sized = with_pixels(change, before, before[:20])
    assert sized is not None
    assert "sizes" in sized.note
