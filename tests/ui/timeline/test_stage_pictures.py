"""Pictures of the stages: the page with each stage's labels, made only where they are seen."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from tests.make import histories
from viewer.decoders.base import PageInfo, Raster
from viewer.model import Asset, Snapshot, Task
from viewer.overlay.palette import Palette
from viewer.state import Look, Place, ViewState
from viewer.ui.canvas.content import PageContent
from viewer.ui.scene import Scene, build_scene
from viewer.ui.tasks import Tasks
from viewer.ui.timeline import StageTimeline, stage_pictures
from viewer.ui.timeline.stage_pictures import StagePictures, page_picture, picture

SIZE = (960, 640)
GREY = 90


class Session(QObject):
    """A session with one asset of grey pages."""

    page_shown = Signal(object, object)
    export_opened = Signal(object)

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.tasks = Tasks(self)
        self.palette = Palette()
        self.asset: Asset | None = Asset(index=0, kind="image", url=None, metadata={}, tasks=(task,), fields={})
        self.state = ViewState(Place(asset=0))

    @property
    def task(self) -> Task | None:
        return None if self.asset is None else self.asset.tasks[0]

    def show(self, page: int = 0) -> None:
        scene, content = self.page(page)
        self.page_shown.emit(scene, content)

    def page(self, page: int = 0) -> tuple[Scene, PageContent]:
        assert self.asset is not None
        pixels = np.full((SIZE[1], SIZE[0], 4), GREY, dtype=np.uint8)
        pixels[:, :, 3] = 255
        raster = Raster(pixels, "bgrx", (0, 0, *SIZE))
        info = PageInfo(size=SIZE, native=SIZE)
        labels = self.asset.tasks[0].current.labels
        scene = build_scene(self.asset, labels, page, info, palette=self.palette, look=Look(), fill=0.1)
        return scene, PageContent(raster, SIZE, (0, page), scene.store)


@pytest.fixture
def session(qtbot: QtBot):
    made = Session(histories.reworked())
    yield made
    made.tasks.close()


def marked(image: QImage) -> int:
    """Pixels that are not the grey of the page."""
    grey = QColor(GREY, GREY, GREY).rgb()
    return sum(image.pixel(x, y) != grey for x in range(image.width()) for y in range(image.height()))


def test_a_page_is_fitted_into_its_room(session: Session) -> None:
    _, content = session.page()
    image = page_picture(content.raster, SIZE, ratio=2.0)
    assert (image.width(), image.height()) == (192, 128)
    assert image.devicePixelRatio() == 2.0
    assert marked(image) == 0
    tall = page_picture(Raster(content.raster.pixels[:, :64], "bgrx", (0, 0, 64, SIZE[1])), (64, 640), ratio=1.0)
    assert (tall.width(), tall.height()) == (6, 64)


def test_each_stage_has_its_own_labels(session: Session) -> None:
    scene, content = session.page()
    base = page_picture(content.raster, SIZE, ratio=1.0)
    asset, task = session.asset, session.task
    assert asset is not None
    assert task is not None
    counts = [marked(picture(base, scene, asset, s, palette=session.palette)) for s in task.snapshots]
    assert counts[0] == 0
    assert counts[1] == counts[2] > 20
    assert counts[3] != counts[1]
    assert marked(base) == 0


def test_a_stage_of_too_many_labels_is_shown_without(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    scene, content = session.page()
    base = page_picture(content.raster, SIZE, ratio=1.0)
    monkeypatch.setattr(stage_pictures, "LABELS", 3)
    asset, task = session.asset, session.task
    assert asset is not None
    assert task is not None
    assert marked(picture(base, scene, asset, task.current, palette=session.palette)) == 0


def timeline_of(qtbot: QtBot, session: Session, width: int) -> StageTimeline:
    timeline = StageTimeline()
    qtbot.addWidget(timeline)
    timeline.resize(width, 136)
    timeline.show_task(session.task)
    timeline.show()
    return timeline


def test_they_are_made_in_a_wide_window_and_kept(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    timeline = timeline_of(qtbot, session, 2300)
    pictures = StagePictures(session, timeline)  # type: ignore[arg-type]
    session.show()
    qtbot.waitUntil(lambda: len(timeline._pictures) == 6)
    timeline.show_task(session.task)
    assert timeline._pictures == {}
    monkeypatch.setattr(stage_pictures, "picture", lambda *_a, **_k: pytest.fail("made again"))
    session.show(1)
    session.show(0)  # back before the other page's were begun
    qtbot.waitUntil(lambda: len(timeline._pictures) == 6)
    assert pictures.parent() is timeline


def test_none_is_made_where_cards_have_no_room(session: Session, qtbot: QtBot) -> None:
    timeline = timeline_of(qtbot, session, 1200)
    pictures = StagePictures(session, timeline)  # type: ignore[arg-type]
    session.show()
    pictures._begin()
    assert pictures._made == {}
    timeline.resize(2300, 136)  # now there is
    qtbot.waitUntil(lambda: len(timeline._pictures) == 6)


def test_nothing_is_begun_once_the_window_is_closed(session: Session, qtbot: QtBot) -> None:
    timeline = timeline_of(qtbot, session, 2300)
    pictures = StagePictures(session, timeline)  # type: ignore[arg-type]
    session.show()
    timeline.hide()
    session.tasks.close()
    pictures._begin()
    assert pictures._made == {}


def test_a_timeline_that_comes_back_gets_its_pictures(session: Session, qtbot: QtBot) -> None:
    timeline = timeline_of(qtbot, session, 2300)
    pictures = StagePictures(session, timeline)  # type: ignore[arg-type]
    timeline.hide()
    session.show()
    pictures._begin()
    timeline.show()
    qtbot.waitUntil(lambda: len(timeline._pictures) == 6)


def test_the_page_that_was_left_is_not_gone_on_with(session: Session, qtbot: QtBot) -> None:
    timeline = timeline_of(qtbot, session, 2300)
    pictures = StagePictures(session, timeline)  # type: ignore[arg-type]
    session.show()
    pictures._begin()
    session.asset = None
    session.export_opened.emit(None)
    done: list[Snapshot] = []
    session.tasks.run(lambda: None, lambda _: session.tasks.run(lambda: None, done.append))
    qtbot.waitUntil(lambda: bool(done))
    assert len(timeline._pictures) < 6
    assert pictures._page is None
