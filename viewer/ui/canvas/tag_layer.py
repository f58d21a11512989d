"""The tags above the labels: which labels have one now, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QTransform

from viewer.geometry import Affine
from viewer.overlay.compared import ChangeMarks
from viewer.overlay.rings import Ints
from viewer.overlay.shapes import ShapeStore
from viewer.ui.canvas import tags
from viewer.ui.canvas.tags import Box
from viewer.ui.widgets.signs import SIDE

TagsMode = Literal["none", "auto", "all"]

SELECTED_TAGS = 50


class TagLayer:
    """Tags keep to their labels; which of them are shown is decided when the view rests, not while it moves."""

    def __init__(self) -> None:
        self.mode: TagsMode = "auto"
        self._atlas = tags.Atlas()
        self._chosen: Ints | None = None
        self._keep_out: tuple[Box, ...] = ()

    @property
    def chosen(self) -> Ints | None:
        """Rows of the labels that have a tag, the first choice in front; None: to be chosen at the next paint."""
        return self._chosen

    def set_mode(self, mode: TagsMode) -> None:
        """Which tags are shown."""
        if mode != self.mode:
            self.mode = mode
            self._chosen = None

    def set_keep_out(self, boxes: tuple[Box, ...]) -> None:
        """Where other words stand (x0, y0, x1, y1 in the view), which tags leave free."""
        if boxes != self._keep_out:
            self._keep_out = boxes
            self._chosen = None

    def choose_anew(self) -> None:
        """Other labels, another selection or another view: other tags may fit."""
        self._chosen = None

    def area(self, store: ShapeStore, marks: ChangeMarks | None, label: int, to_view: Affine, view: QRectF) -> QRectF:
        """What the tag of a label covers in view space, with a little room."""
        corners, widths = self._places(store, marks, np.array([label]), to_view, view)
        x, y, width = float(corners[0, 0]), float(corners[0, 1]), float(widths[0])
        return QRectF(x - 1.0, y - 1.0, width + 2.0, tags.HEIGHT + 2.0)

    def paint(
        self,
        painter: QPainter,
        store: ShapeStore,
        marks: ChangeMarks | None,
        to_view: Affine,
        view: Box,
        *,
        selected: Sequence[int],
        hover: int | None,
        dpr: float,
    ) -> None:
        """Draw the tags that are in `view` (page space → view by `to_view`); painter in device pixels.

        Labels that are `selected` have theirs first, the one at `hover` in any case.
        """
        first = [*selected[:SELECTED_TAGS]]
        if self._chosen is None:
            if self.mode == "none":
                self._chosen = np.array(first, dtype=np.int64)
            else:
                among = marks.tagged if marks is not None and self.mode == "auto" else None
                self._chosen = tags.fitting(
                    store, to_view, view, first=first, everything=self.mode == "all", among=among,
                    keep_out=self._keep_out,
                )  # fmt: skip
        shown = self._chosen
        if hover is not None and hover not in shown:
            shown = np.append(shown, hover)
        if not len(shown):
            return
        box = store.box[shown]
        seen = (
            (box[:, 0] * to_view.a + to_view.e < view[2])
            & (box[:, 2] * to_view.a + to_view.e > view[0])
            & (box[:, 1] * to_view.d + to_view.f < view[3])
            & (box[:, 3] * to_view.d + to_view.f > view[1])
        )
        shown = shown[seen][::-1]  # the first choice lies above
        area = QRectF(QPointF(view[0], view[1]), QPointF(view[2], view[3]))
        corners, _ = self._places(store, marks, shown, to_view, area)
        items = [(store.tags[i], store.styles[int(store.style[i])].colour) for i in shown.tolist()]
        painter.save()
        painter.setTransform(QTransform())
        self._atlas.draw(painter, items, corners, dpr)
        painter.restore()

    def _places(
        self, store: ShapeStore, marks: ChangeMarks | None, labels: Ints, to_view: Affine, view: QRectF
    ) -> tuple[np.ndarray, np.ndarray]:
        """Top left corners and widths in view space."""
        widths = np.array([tags.tag_texts(store.tags[i].title, store.tags[i].fact)[2] for i in labels])
        area = (view.left(), view.top(), view.right(), view.bottom())
        raised = None if marks is None else np.isin(labels, marks.rows) * (SIDE / 2.0)
        return tags.places(store, labels, widths, to_view, area, raised=raised, keep_out=self._keep_out), widths
