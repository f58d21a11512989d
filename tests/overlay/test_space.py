from __future__ import annotations

import math

import numpy as np
import pytest

from viewer.geometry import Affine
from viewer.overlay.space import label_space


def test_no_metadata_or_the_same_size_is_the_identity() -> None:
    for size in (None, (640, 480), (640.4, 479.7)):
        space, notes = label_space(kind="image", page_size=(640, 480), metadata_size=size)
        assert space.page_from_label == Affine() and not notes
        assert space.page_size == (640, 480)


@pytest.mark.parametrize("kind", ["image", "video", "dicom"])
def test_another_size_scales_each_axis_and_is_told(kind: str) -> None:
    space, (note,) = label_space(kind=kind, page_size=(640, 480), metadata_size=(1280, 1440))  # type: ignore[arg-type]
    assert space.map(np.array([[1280.0, 1440.0], [2.0, 3.0]])).tolist() == [[640, 480], [1, 1]]
    assert "640 × 480" in note.what and "1280 × 1440" in note.what and "scaled" in note.instead


def test_exchanged_sides_are_named() -> None:
    _, (note,) = label_space(kind="image", page_size=(640, 480), metadata_size=(480, 640))
    assert "exchanged" in note.what


def test_an_unturned_picture_is_told_and_not_scaled() -> None:
    space, (note,) = label_space(kind="image", page_size=(640, 480), metadata_size=(640, 480), flags=("unrotated",))
    assert space.page_from_label == Affine() and "turned" in note.what


@pytest.mark.parametrize("kind", ["multi-image", "dicom", "image"])
def test_one_size_cannot_be_true_of_many_files(kind: str) -> None:
    space, notes = label_space(
        kind=kind,  # type: ignore[arg-type]
        page_size=(640, 480),
        metadata_size=(100, 100),
        many_files=True,
    )
    assert space.page_from_label == Affine() and not notes


def test_multi_image_ignores_a_size_that_differs() -> None:
    space, notes = label_space(kind="multi-image", page_size=(640, 480), metadata_size=(100, 100))
    assert space.page_from_label == Affine() and not notes


def test_pdf_pages_scale_by_metadata_else_count_points() -> None:
    space, notes = label_space(kind="pdf", page_size=(600, 800), metadata_size=(1200, 1600))
    assert space.page_from_label == Affine.scaling(0.5, 0.5) and not notes
    space, notes = label_space(kind="pdf", page_size=(600, 800), metadata_size=None)
    assert space.page_from_label == Affine() and not notes
    space, (note,) = label_space(kind="pdf", page_size=(600, 800), metadata_size=(1200, 1200))
    assert space.page_from_label == Affine.scaling(0.5, 800 / 1200) and "another shape" in note.what
    space, _ = label_space(kind="image", page_size=(600, 800), metadata_size=(1200, 1600), in_points=True)
    assert space.page_from_label == Affine.scaling(0.5, 0.5)


def test_a_pdf_highlight_brings_its_own_size() -> None:
    space, _ = label_space(kind="pdf", page_size=(600, 800), metadata_size=(1200, 1600))
    assert space.map_scaled(np.array([[50.0, 50.0]]), (100.0, 100.0)).tolist() == [[300.0, 400.0]]


@pytest.mark.parametrize("bad", [(0, 100), (-5, 5), (math.nan, 10), (math.inf, 10)])
def test_sizes_that_are_none_are_ignored(bad: tuple[float, float]) -> None:
    space, notes = label_space(kind="image", page_size=(640, 480), metadata_size=bad)
    assert space.page_from_label == Affine() and not notes
