"""The words at labels: which of them fit, where they stand, and how they are painted fast."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shiboken6
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap, QTransform

from viewer.geometry import Affine
from viewer.overlay import palette
from viewer.overlay.rings import Ints
from viewer.overlay.shapes import ShapeStore, Tag
from viewer.overlay.style import Style
from viewer.ui import theme

if TYPE_CHECKING:
    from viewer.ui.canvas.painter import PaintOptions

HEIGHT = 16.0
PADDING = 5.0
GAP = 6.0
LONGEST = 240.0
RADIUS = 3.0
AT_MOST = 400
FACT_OPACITY = 0.82
ATLAS_SIDE = 2048

Box = tuple[float, float, float, float]


def tag_font(weight: int = 600) -> QFont:
    """The face of tags: 11 px."""
    return theme.font(theme.CAPTION_PX, weight)


@functools.lru_cache(maxsize=4096)
def tag_texts(title: str, fact: str) -> tuple[str, str, float]:
    """(title, fact, width in logical pixels) of a tag, shortened so that it stays a tag."""
    strong, plain = QFontMetricsF(tag_font()), QFontMetricsF(tag_font(400))
    elide = Qt.TextElideMode.ElideMiddle
    title = strong.elidedText(_one_line(title), elide, LONGEST)
    fact = plain.elidedText(_one_line(fact), elide, LONGEST - 60.0)
    width = 2.0 * PADDING + strong.horizontalAdvance(title)
    if fact:
        width += GAP + plain.horizontalAdvance(fact)
    return title, fact, float(np.ceil(width))


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]


def draw_tag(painter: QPainter, at: tuple[float, float], tag: Tag, colour: str) -> None:
    """One tag with its top left corner at `at`, in the painter's own units."""
    title, fact, width = tag_texts(tag.title, tag.fact)
    if not title and not fact:
        return
    x, y = at
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(QRectF(x, y, width, HEIGHT), RADIUS, RADIUS)
    text = QColor(palette.text_on(colour))
    painter.setPen(text)
    middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.setFont(tag_font())
    painter.drawText(QRectF(x + PADDING, y, width, HEIGHT), middle, title)
    if fact:
        start = x + PADDING + QFontMetricsF(tag_font()).horizontalAdvance(title) + GAP
        text.setAlphaF(FACT_OPACITY)
        painter.setPen(text)
        painter.setFont(tag_font(400))
        painter.drawText(QRectF(start, y, width, HEIGHT), middle, fact)


def places(
    store: ShapeStore,
    labels: Ints,
    widths: np.ndarray,
    page_to_view: Affine,
    view: Box,
    *,
    raised: np.ndarray | None = None,
    keep_out: Sequence[Box] = (),
) -> np.ndarray:
    """(n, 2) Top left corners of tags in view space: above the label's top left corner, kept inside `view`.

    `raised`: how much higher each stands, to leave room for a sign at its other corner. `keep_out`: where other
    words are; a tag that would lie there stands below them, or above those in the lower half.
    """
    box = store.box[labels]
    x = box[:, 0] * page_to_view.a + page_to_view.e
    y = box[:, 1] * page_to_view.d + page_to_view.f - HEIGHT - 1.0
    if raised is not None:
        y = y - raised
    point = (box[:, 0] == box[:, 2]) & (box[:, 1] == box[:, 3])
    x, y = np.where(point, x + 5.0, x), np.where(point, y - 5.0, y)  # beside the dot, not on it
    x = np.maximum(np.minimum(x, view[2] - widths - 2.0), view[0] + 2.0)
    y = np.maximum(np.minimum(y, view[3] - HEIGHT - 2.0), view[1] + 2.0)
    for x0, y0, x1, y1 in keep_out:
        beside = y1 + 2.0 if y0 + y1 < view[1] + view[3] else y0 - HEIGHT - 2.0
        y = np.where((x < x1) & (x + widths > x0) & (y < y1) & (y + HEIGHT > y0), beside, y)
    return np.round(np.stack((x, y), axis=1))


def fitting(
    store: ShapeStore,
    page_to_view: Affine,
    view: Box,
    *,
    first: Sequence[int] = (),
    everything: bool = False,
    at_most: int = AT_MOST,
    among: Ints | None = None,
    keep_out: Sequence[Box] = (),
) -> Ints:
    """The labels whose tags are shown: `first`, then the largest ones whose tags do not overlap.

    `everything` shows the tags of all visible labels, overlapping or not. `among`: only these beside `first`.
    `keep_out`: see `places`.
    """
    box, m = store.box, page_to_view
    x0, y0 = box[:, 0] * m.a + m.e, box[:, 1] * m.d + m.f
    x1, y1 = box[:, 2] * m.a + m.e, box[:, 3] * m.d + m.f
    visible = np.flatnonzero((x0 < view[2]) & (x1 > view[0]) & (y0 < view[3]) & (y1 > view[1]))
    if among is not None:
        visible = visible[np.isin(visible, among)]
    extent = (box[visible, 2] - box[visible, 0]) * (box[visible, 3] - box[visible, 1])
    order = visible[np.argsort(-extent, kind="stable")]
    chosen = [i for i in dict.fromkeys(first) if i < len(store)]
    if everything:
        rest = order[~np.isin(order, chosen)][: max(at_most * 5 - len(chosen), 0)]
        return np.concatenate((np.array(chosen, dtype=np.int64), rest))
    candidates = np.concatenate(
        (np.array(chosen, dtype=np.int64), order[~np.isin(order, chosen)][: at_most * 3])
    ).astype(np.int64)
    if not len(candidates):
        return candidates
    widths = np.array([tag_texts(store.tags[i].title, store.tags[i].fact)[2] for i in candidates])
    corners = places(store, candidates, widths, page_to_view, view, keep_out=keep_out)
    taken = _Occupied()
    shown: list[int] = []
    wanted = set(chosen)
    for i, (x, y), w in zip(candidates.tolist(), corners.tolist(), widths.tolist()):
        if len(shown) >= at_most:
            break
        if i in wanted or taken.free(x, y, x + w, y + HEIGHT):
            taken.take(x, y, x + w, y + HEIGHT)
            shown.append(i)
    return np.array(shown, dtype=np.int64)


class _Occupied:
    """Rectangles that must not overlap, found by rows as high as a tag."""

    def __init__(self) -> None:
        self._rows: dict[int, list[Box]] = {}

    def _keys(self, y0: float, y1: float) -> range:
        return range(int(y0 // HEIGHT), int(y1 // HEIGHT) + 1)

    def free(self, x0: float, y0: float, x1: float, y1: float) -> bool:
        """Whether nothing is there yet."""
        for key in self._keys(y0, y1):
            for a0, b0, a1, b1 in self._rows.get(key, ()):
                if a0 < x1 and a1 > x0 and b0 < y1 and b1 > y0:
                    return False
        return True

    def take(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Something is there now."""
        for key in self._keys(y0, y1):
            self._rows.setdefault(key, []).append((x0, y0, x1, y1))


@dataclass(slots=True)
class _Cell:
    rect: tuple[float, float, float, float]
    width: float


class Atlas:
    """Painted tags on one pixmap, so that hundreds are drawn by one call."""

    def __init__(self) -> None:
        self._dpr = 1.0
        self._pixmap: QPixmap | None = None
        self._cells: dict[tuple[Tag, str], _Cell] = {}
        self._x = self._y = 0.0

    def draw(
        self,
        painter: QPainter,
        items: Sequence[tuple[Tag, str]],
        corners: np.ndarray,
        dpr: float,
    ) -> None:
        """Draw tags (tag, colour) at the corners (n, 2) in logical pixels; the painter is in device pixels."""
        if not items:
            return
        if dpr != self._dpr or self._pixmap is None:
            self._start(dpr)
        cells = [self._cell(tag, colour) for tag, colour in items]
        if any(c is None for c in cells):  # full: begin again with what is needed now
            self._start(dpr)
            cells = [self._cell(tag, colour) for tag, colour in items]
        # a PixmapFragment is ten doubles: x, y of the middle, source rectangle, scales, rotation, opacity
        fragments = np.zeros((len(items), 10), dtype=np.float64)
        count = 0
        for cell, (x, y) in zip(cells, corners.tolist()):
            if cell is None:
                continue
            left, top, width, height = cell.rect
            fragments[count] = (
                round(x * dpr) + width / 2.0, round(y * dpr) + height / 2.0, left, top, width, height, 1, 1, 0, 1,
            )  # fmt: skip
            count += 1
        if not count or self._pixmap is None:
            return
        first: Any = shiboken6.wrapInstance(fragments.ctypes.data, QPainter.PixmapFragment)
        try:
            painter.drawPixmapFragments(first, count, self._pixmap)
        finally:
            shiboken6.invalidate(first)

    def _start(self, dpr: float) -> None:
        self._dpr = dpr
        self._pixmap = QPixmap(ATLAS_SIDE, ATLAS_SIDE)
        self._pixmap.fill(Qt.GlobalColor.transparent)
        self._cells.clear()
        self._x = self._y = 0.0

    def _cell(self, tag: Tag, colour: str) -> _Cell | None:
        """The place of a tag on the atlas, painted there when it is new; None when there is no room."""
        found = self._cells.get((tag, colour))
        if found is not None:
            return found
        width = float(np.ceil(tag_texts(tag.title, tag.fact)[2] * self._dpr))
        height = float(np.ceil(HEIGHT * self._dpr))
        if self._x + width > ATLAS_SIDE:
            self._x, self._y = 0.0, self._y + height + 1.0
        if self._y + height > ATLAS_SIDE or self._pixmap is None:
            return None
        painter = QPainter(self._pixmap)
        try:
            painter.setTransform(QTransform(self._dpr, 0, 0, self._dpr, self._x, self._y))
            draw_tag(painter, (0.0, 0.0), tag, colour)
        finally:
            painter.end()
        cell = _Cell((self._x, self._y, width, height), width / self._dpr)
        self._cells[(tag, colour)] = cell
        self._x += width + 1.0
        return cell


def paint_all(
    painter: QPainter,
    store: ShapeStore,
    page_to_device: Affine,
    styles: Sequence[Style],
    options: PaintOptions,
) -> None:
    """Tags for a picture that is made once (the render command). Needs a QGuiApplication for its fonts."""
    dpr = max(options.dpr, 1.0)
    to_view = Affine.scaling(1.0 / dpr, 1.0 / dpr).after(page_to_device)
    clip = options.clip or (0.0, 0.0, float(painter.device().width()), float(painter.device().height()))
    view = (clip[0] / dpr, clip[1] / dpr, clip[2] / dpr, clip[3] / dpr)
    shown = fitting(store, to_view, view)
    if options.labels is not None:
        shown = shown[np.isin(shown, np.asarray(options.labels))]
    widths = np.array([tag_texts(store.tags[i].title, store.tags[i].fact)[2] for i in shown])
    corners = places(store, shown, widths, to_view, view)
    painter.save()
    try:
        painter.setTransform(QTransform.fromScale(dpr, dpr))
        for i, corner in zip(shown.tolist()[::-1], corners.tolist()[::-1]):
            draw_tag(painter, (corner[0], corner[1]), store.tags[i], styles[int(store.style[i])].colour)
    finally:
        painter.restore()


def draw_words(painter: QPainter, at: QPointF, text: str, colour: str) -> None:
    """A tag with its middle at `at`, for relations."""
    width = tag_texts(text, "")[2]
    draw_tag(painter, (round(at.x() - width / 2.0), round(at.y() - HEIGHT / 2.0)), Tag(text), colour)
