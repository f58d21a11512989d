"""Masks of two snapshots, by the path of their address."""

from __future__ import annotations

from viewer.diff import compare
from viewer.diff.brush import ONE_SIDED
from viewer.model import Labels, Snapshot

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
