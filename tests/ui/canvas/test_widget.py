from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPainter
from pytestqt.qtbot import QtBot

from tests.make.shapes import crowd, one_of_each
from tests.ui.canvas.conftest import Content, pixels_of
from tests.ui.canvas.pointing import at, drag, rested, wheel
from viewer.decoders.base import Raster
from viewer.overlay.relations import Arrow, RelationStore
from viewer.overlay.shapes import ShapeStore
from viewer.ui.canvas import Canvas
from viewer.ui.canvas.state_block import Way
from viewer.ui.canvas.view import View

# ---- content ---------------------------------------------------------------------------------------------


def test_a_page_is_fitted_and_its_labels_lie_on_it(canvas: Canvas, content: Content) -> None:
    canvas.show_page(content())
    shown = pixels_of(canvas)
    middle = at(canvas, 100, 145)
    assert (shown[middle.y(), middle.x(), :3] == 90).all(), "the page"
    assert (shown[2, 2, :3] != 90).all(), "the ground"
    corner = at(canvas, 5, 15)
    near = shown[corner.y(), corner.x() - 2 : corner.x() + 3, :3].astype(int)
    assert (np.abs(near - 90).max(axis=1) > 40).any(), "the left side of the box"


def test_pixels_and_labels_come_and_go_together(canvas: Canvas, content: Content) -> None:
    canvas.show_page(content("one", level=90))
    canvas.show_page(content("two", level=180, store=ShapeStore.empty((200.0, 150.0))))
    shown = pixels_of(canvas)
    box = at(canvas, 5, 15)
    assert (shown[box.y() - 3 : box.y() + 4, box.x() + 1 : box.x() + 5, :3] == 180).all(), "no old label on new pixels"
    assert canvas.ids_at(QPointF(at(canvas, 10, 10))) == ()
    assert not canvas.show_labels(one_of_each(), key="one"), "labels of another page are refused"
    assert canvas.ids_at(QPointF(at(canvas, 10, 10))) == ()
    assert canvas.show_labels(one_of_each(), key="two")
    assert canvas.ids_at(QPointF(at(canvas, 10, 10))) == ("box",)
    assert not canvas.set_picture(content().raster, key="one")
    assert not canvas.add_detail(content().raster, key="one")


def test_a_message_takes_the_picture_and_the_labels_away(canvas: Canvas, content: Content, qtbot: QtBot) -> None:
    canvas.show_page(content())
    pressed: list[str] = []
    canvas.set_message("The link expired on 3 May", "Open a newer export.", [Way("Retry", lambda: pressed.append("x"))])
    assert canvas.message == ("The link expired on 3 May", "Open a newer export.")
    assert canvas.content is None and canvas.ids_at(QPointF(320, 240)) == ()
    (button,) = canvas._block._buttons
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed == ["x"]
    canvas.set_message("Another", "", [])
    assert canvas._block._buttons == []
    canvas.show_page(content())
    assert canvas.message is None


def test_markup_from_an_export_is_not_interpreted(canvas: Canvas) -> None:
    canvas.set_message("<img src='file:///etc/passwd'>", "<b>bold</b>")
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in (canvas._block._title, canvas._block._text))


def test_no_picture_no_labels(canvas: Canvas, content: Content) -> None:
    canvas.show_page(content())
    canvas.set_picture(None)
    assert canvas.content is None and len(canvas.labels.store) == 0


def test_while_waiting_the_old_picture_stays_without_labels(canvas: Canvas, content: Content) -> None:
    canvas.show_page(content())
    with_labels = pixels_of(canvas)
    canvas.set_waiting("Decoding frame 511…")
    waiting = pixels_of(canvas)
    middle, box = at(canvas, 100, 145), at(canvas, 5, 15)
    assert (waiting[middle.y(), middle.x(), :3] == 90).all()
    assert (waiting[box.y(), box.x() + 1 : box.x() + 6, :3] == 90).all()
    assert canvas.ids_at(QPointF(box)) == ()
    assert (waiting[12:28, 12:60] != with_labels[12:28, 12:60]).any(), "words say what is awaited"
    canvas.show_page(content("next"))
    assert canvas.ids_at(QPointF(at(canvas, 10, 10))) == ("box",)


def test_labels_can_be_hidden(canvas: Canvas, content: Content) -> None:
    brush = np.zeros((150, 200, 4), dtype=np.uint8)
    brush[120:140, 100:120] = (0, 0, 255, 255)
    canvas.show_page(content(brush=Raster(brush, "bgra", (0.0, 0.0, 200.0, 150.0))))
    spot = at(canvas, 110, 133)
    assert pixels_of(canvas)[spot.y(), spot.x(), 2] > 120
    canvas.set_labels_visible(False)
    shown = pixels_of(canvas)
    assert (shown[spot.y(), spot.x(), :3] == 90).all()
    page = shown[at(canvas, 1, 1).y() : at(canvas, 199, 149).y(), at(canvas, 1, 1).x() : at(canvas, 199, 149).x(), :3]
    assert (page == 90).all()
    assert canvas.ids_at(QPointF(at(canvas, 10, 10))) == ()
    canvas.set_labels_visible(True)
    assert canvas.ids_at(QPointF(at(canvas, 10, 10))) == ("box",)


# ---- view ------------------------------------------------------------------------------------------------


def test_the_view_stays_while_the_page_changes(canvas: Canvas, content: Content) -> None:
    canvas.show_page(content("one"))
    canvas.zoom_by(3.0, QPointF(100, 100))
    before = (canvas.view.scale, canvas.view.centre)
    canvas.show_page(content("two"))
    assert (canvas.view.scale, canvas.view.centre) == before
    canvas.fit()
    canvas.resize(500, 400)
    assert canvas.view.fitted
    assert canvas.view.visible(canvas.viewport())[0] <= 0


def test_two_canvases_share_a_view(canvas: Canvas, content: Content, qtbot: QtBot) -> None:
    other = Canvas()
    qtbot.addWidget(other)
    other.resize(300, 300)
    view = View((200.0, 150.0))
    for one in (canvas, other):
        one.set_view(view)
        one.show_page(content())
    with qtbot.waitSignals([canvas.view_changed, other.view_changed]):
        canvas.zoom_by(2.0)
    assert other.view.scale == canvas.view.scale


def test_sharper_detail_is_asked_for_when_the_view_rests(canvas: Canvas, content: Content, qtbot: QtBot) -> None:
    asked: list[tuple[tuple[float, float, float, float], float]] = []
    canvas.detail_wanted.connect(lambda region, scale: asked.append((region, scale)))
    canvas.show_page(content())
    canvas.zoom_by(8.0)
    rested(canvas, qtbot)
    assert asked == [], "this page has no more detail"
    canvas.show_page(content("pdf", kind="pdf", paper=True, sharper=True, store=ShapeStore.empty((200.0, 150.0))))
    qtbot.waitUntil(lambda: bool(asked))
    region, scale = asked[-1]
    x0, y0, x1, y1 = canvas.view.visible(canvas.viewport())
    assert (
        region[0] <= max(x0, 0) and region[1] <= max(y0, 0) and region[2] >= min(x1, 200) and region[3] >= min(y1, 150)
    )
    assert scale == pytest.approx(canvas.view.scale * canvas.devicePixelRatioF())
    width, height = round((region[2] - region[0]) * scale), round((region[3] - region[1]) * scale)
    sharp = np.full((height, width, 4), 200, dtype=np.uint8)
    assert canvas.add_detail(Raster(sharp, "bgrx", region), key="pdf")
    middle = canvas.rect().center()
    assert pixels_of(canvas)[middle.y() + 3, middle.x() + 3, 0] == 200
    del asked[:]
    canvas.zoom_by(0.999)
    rested(canvas, qtbot)
    assert asked == [], "it is sharp enough"


def test_large_pictures_get_their_mips_in_the_background(canvas: Canvas, content: Content, qtbot: QtBot) -> None:
    pixels = np.full((1500, 2000, 4), 77, dtype=np.uint8)
    big = Raster(pixels, "bgrx", (0.0, 0.0, 2000.0, 1500.0))
    canvas.show_page(content("big", raster=big, page_size=(2000.0, 1500.0), store=ShapeStore.empty()))
    assert (pixels_of(canvas)[240, 320, :3] == 77).all(), "it is shown at once"
    qtbot.waitUntil(lambda: canvas.page_layer.base is not None and len(canvas.page_layer.base.images) > 2)
    canvas.clear()
    assert canvas.page_layer.base is None


def test_levels_of_detail_are_made_in_the_background(canvas: Canvas, content: Content, qtbot: QtBot) -> None:
    canvas.show_page(content(store=crowd(100, (200.0, 150.0))))
    qtbot.waitUntil(lambda: canvas.labels.levels.missing(canvas.view.scale) is None)


def test_tags_modes(canvas: Canvas, content: Content, qtbot: QtBot) -> None:
    canvas.show_page(content())
    rested(canvas, qtbot)
    shown = {}
    for mode in ("none", "auto", "all"):
        canvas.set_tags_mode(mode)  # type: ignore[arg-type]
        shown[mode] = pixels_of(canvas)
    assert canvas.tags_mode == "all"
    assert (shown["none"] != shown["auto"]).any(axis=2).sum() > 1500
    canvas.set_tags_mode("none")
    canvas.set_selection(["area"])
    corner = at(canvas, 40, 30)
    above = pixels_of(canvas)[corner.y() - 12 : corner.y() - 6, corner.x() : corner.x() + 20]
    assert (above != shown["none"][corner.y() - 12 : corner.y() - 6, corner.x() : corner.x() + 20]).any()


def test_relations_of_the_selection_and_all(canvas: Canvas, content: Content, qtbot: QtBot) -> None:
    arrow = Arrow("r", "", "#00FF00", (35.0, 15.0), (150.0, 100.0), True, False, members=("box", "dot"))
    canvas.show_page(content(relations=RelationStore((arrow,))))
    canvas.set_tags_mode("none")
    rested(canvas, qtbot)

    def green() -> int:
        shown = pixels_of(canvas)[:, :, :3].astype(int)
        return int(((shown[:, :, 1] > 180) & (shown[:, :, 0] < 90) & (shown[:, :, 2] < 90)).sum())

    assert green() == 0
    canvas.set_selection(["box"])
    assert green() > 100
    canvas.set_selection(["line"])
    assert green() == 0
    canvas.set_all_relations(True)
    assert green() > 100


# ---- robustness ------------------------------------------------------------------------------------------


def test_an_exception_while_painting_is_told_once_and_shown(
    qtbot: QtBot, content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(300, 200)
    canvas.show_page(content())
    hooked: list[object] = []
    monkeypatch.setattr("sys.excepthook", lambda *args: hooked.append(args[1]))
    told: list[str] = []
    canvas.failed.connect(told.append)
    monkeypatch.setattr(canvas.labels, "paint", lambda *_a, **_k: 1 / 0)
    for _ in range(3):
        pixels_of(canvas)
    assert told == ["ZeroDivisionError: division by zero"] and len(hooked) == 1
    assert (pixels_of(canvas)[:, :, :3].max(axis=2) > 100).any(), "words stand on the canvas"
    monkeypatch.undo()
    canvas.show_page(content("next"))
    assert canvas._broken == ""


def test_a_storm_of_events(canvas: Canvas, content: Content, qtbot: QtBot) -> None:
    random = np.random.default_rng(7)
    for number in range(200):
        place = QPoint(int(random.integers(0, 640)), int(random.integers(0, 480)))
        kind = int(random.integers(0, 8))
        if kind == 0:
            canvas.show_page(content(number, kind=["image", "video", "pdf", "dicom"][number % 4]))
        elif kind == 1:
            qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place)
        elif kind == 2:
            qtbot.mouseMove(canvas, place)
        elif kind == 3:
            wheel(canvas, int(random.integers(-240, 241)), place=place)
        elif kind == 4:
            drag(canvas, qtbot, Qt.MouseButton.LeftButton, place, QPoint(320, 240))
        elif kind == 5:
            canvas.set_selection(["area", "dot"])
        elif kind == 6:
            canvas.set_message("Words", "text")
        else:
            qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=place)
        canvas.repaint()


def test_it_has_a_name_for_screen_readers(canvas: Canvas) -> None:
    assert canvas.accessibleName() and canvas.accessibleDescription()


def test_two_hundred_thousand_void_calls() -> None:
    """PySide6 6.12 on Python below 3.12 loses a reference to None with each and aborts after some 5,000."""
    from PySide6.QtGui import QImage

    image = QImage(8, 8, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for _ in range(100_000):
        painter.setOpacity(1.0)
        painter.drawRect(1, 1, 2, 2)
    painter.end()
