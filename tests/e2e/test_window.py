"""The window as a user has it: opened, walked through by key and mouse, closed."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from tests.e2e.conftest import Program
from tests.make import exports, standins
from viewer.ui import theme

Start = Callable[..., Program]


@pytest.fixture
def examples(data: Path) -> Path:
    return data / "ango-examples.json"


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Pictures that stand in for a few of the examples."""
    folder = tmp_path / "few"
    folder.mkdir()
    for name, size in {"01-image-all-tools.png": (800, 600), "02-image-odd-shapes.jpg": (200, 200),
                       "27-v2-two-tasks.jpg": (100, 100), "23-history-rework.jpg": (200, 150)}.items():  # fmt: skip
        standins.picture(folder / name, size)
    return folder


def test_the_demo_opens_at_a_picture_with_its_labels(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    content = p.window.canvas.content
    assert content is not None
    assert len(content.store) > 90
    p.listed(5)  # the first asset is shown while the others are still being listed
    p.wait(lambda: p.window.header.position.text() == "1 of 5")
    assert "lot_0231" in p.window.header.name.text()
    assert [card.stage for card in p.window.timeline.cards][:2] == ["Start", "Label 1"]


def test_keys_step_through_assets_pages_and_stages(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    canvas, bot = p.window.canvas, p.qtbot
    bot.keyClick(canvas, Qt.Key.Key_PageDown)
    p.shown(1, 0)
    bot.keyClick(canvas, Qt.Key.Key_Right)
    p.shown(1, 1)
    bot.keyClick(canvas, Qt.Key.Key_Left)
    p.shown(1, 0)
    bot.keyClick(canvas, Qt.Key.Key_2)
    p.wait(lambda: p.session.snapshot is not None and p.session.snapshot.index == 1)
    p.wait(lambda: p.session.scene is not None and "Label 1" in p.window.view_bar.stage.text())
    bot.keyClick(canvas, Qt.Key.Key_PageUp)
    p.shown(0, 0)
    assert p.session.snapshot is not None
    assert p.session.snapshot.is_current


def test_fast_switching_ends_on_the_right_picture_and_never_mixes(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    mixed: list[str] = []

    def check(scene: object, content: object) -> None:
        s = p.session
        if content.key != s.loader.key:  # type: ignore[attr-defined]
            mixed.append("a page of another question was shown")
        if s.asset is None or s.asset.index != s.state.place.asset:
            mixed.append("labels of another asset were shown")

    p.session.page_shown.connect(check)
    for key in [Qt.Key.Key_PageDown] * 4 + [Qt.Key.Key_PageUp] * 3 + [Qt.Key.Key_PageDown] * 2:
        p.qtbot.keyClick(p.window.canvas, key)
    p.shown(3, 0)
    for _ in range(3):
        p.qtbot.keyClick(p.window.canvas, Qt.Key.Key_Right)
    p.shown(3, 3)
    assert mixed == []


def test_a_held_key_through_the_video_ends_on_its_frame(program: Start, demo: Path) -> None:
    p = program(demo)
    p.listed(5)
    p.session.open_asset(2, page=0)
    p.shown(2, 0)
    for _ in range(40):
        p.qtbot.keyClick(p.window.canvas, Qt.Key.Key_Right)
    p.shown(2, 40)
    info = p.session.loader.info_of(40)
    assert info is not None
    assert info.frame == 40


def test_a_click_selects_and_the_inspector_says_everything(program: Start, examples: Path, few: Path) -> None:
    p = program(examples, assets_dir=few)
    p.shown(0, 0)
    canvas = p.window.canvas
    at = canvas.view.page_to_view(canvas.viewport()).map_point(105.0, 100.0)
    p.qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(at[0]), round(at[1])))
    p.wait(lambda: p.session.state.selection == "bc1f0fefb21345988ba6eb1")
    p.qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert p.session.state.selection is None


def test_a_second_press_zooms_to_the_label_that_the_first_chose(program: Start, examples: Path, few: Path) -> None:
    p = program(examples, assets_dir=few)
    p.shown(0, 0)
    canvas = p.window.canvas
    before = canvas.view.scale
    x, y = canvas.view.page_to_view(canvas.viewport()).map_point(105.0, 100.0)
    at = QPointF(x, y).toPoint()
    p.qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at)
    p.qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=at)
    p.wait(lambda: canvas.view.scale > before)


def test_closing_while_it_loads_leaves_nothing(program: Start, tmp_path: Path) -> None:
    path = exports.write(tmp_path / "large.json", size=8_000_000)
    p = program(path)
    p.wait(lambda: p.session.export is not None)
    p.close()


def test_another_export_takes_the_place_and_a_refused_one_does_not(
    program: Start, demo: Path, examples: Path, tmp_path: Path
) -> None:
    p = program(demo)
    p.shown(0, 0)
    bad = tmp_path / "bad.json"
    bad.write_text("this is no export")
    p.session.open_export(bad)
    p.wait(lambda: bool(p.told))
    assert "bad.json" in p.told[-1]
    assert p.window.canvas.content is not None
    assert p.session.export is not None
    p.session.open_export(examples)
    p.words("expired")
    p.listed(28)


def test_a_damaged_asset_has_words_and_its_neighbours_work(program: Start, tmp_path: Path) -> None:
    path = exports.write(tmp_path / "e.json", assets=6, damage={2: "missing_brace"})
    p = program(path, offline=True)
    p.wait(lambda: p.session.export is not None and p.session.export.complete)
    bad = next((row.index for row in p.session.export.rows if not row.readable), None)
    if bad is None:
        pytest.fail("the damage was repaired: choose another kind")
    p.session.open_asset(bad)
    p.words("could not be read")
    p.session.open_asset(bad + 1)
    p.wait(lambda: p.session.asset is not None and p.session.asset.index == bad + 1)


def test_a_v2_asset_offers_its_tasks(program: Start, examples: Path, few: Path) -> None:
    p = program(examples, assets_dir=few, asset="27")
    p.shown(27, 0)
    assert p.window.view_bar.task.isVisible()
    first = p.window.canvas.content
    p.session.choose_task(1)
    p.wait(lambda: p.window.canvas.content is not first)
    assert p.session.task is not None
    assert p.session.task.task_id == "4eb2f80599b642c9bdfb26bf"


def test_located_files_are_remembered(program: Start, examples: Path, few: Path) -> None:
    p = program(examples)
    p.words("expired")
    p.session.locate(few / "01-image-all-tools.png")
    p.shown(0, 0)
    p.close()
    again = program(examples)
    again.shown(0, 0)
    again.session.look_in(few)
    again.listed(28)
    again.session.open_asset(22)
    again.shown(22)


def test_a_changed_export_can_be_reloaded_at_the_same_place(
    program: Start, tmp_path: Path, few: Path, data: Path
) -> None:
    path = tmp_path / "e.json"
    assets = json.loads((data / "ango-examples.json").read_text())
    path.write_text(json.dumps(assets))
    p = program(path, assets_dir=few)
    p.shown(0, 0)
    p.listed(28)
    p.session.open_asset(22)
    p.shown(22)
    path.write_text(json.dumps(assets[:25]))
    p.wait(lambda: "changed" in p.window.notice_bar.text)
    p.session.reload(path)
    p.wait(lambda: p.session.export is not None and len(p.session.export.rows) == 25)
    p.shown(22)


def test_it_opens_at_a_place_and_the_link_leads_there(program: Start, demo: Path) -> None:
    p = program(demo, asset="crossing_N7_0815.webm", page=17, stage="Label")
    p.shown(2, 17)
    assert p.session.snapshot is not None
    assert p.session.snapshot.stage == "Label"
    p.run("copy_link")
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words[0] == "ango-viewer"
    assert words[2:6] == ["--asset", "2", "--page", "17"]
    assert words[6] == "--stage"


def test_issues_and_an_ontology_are_joined(program: Start, demo: Path) -> None:
    project = demo / "project"
    p = program(demo, issues=project / "issues.json", ontology=project / "ontology.json")
    p.shown(0, 0)
    p.wait(lambda: bool(p.session.issues) and p.session.ontology is not None)
    assert p.session.tasks_with_open_issues()


def test_a_file_from_outside_is_what_it_is(program: Start, demo: Path, few: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    p.session.take(demo / "project" / "ontology.json")
    p.wait(lambda: p.session.ontology is not None)
    p.session.take(demo / "project" / "issues.json")
    p.wait(lambda: bool(p.session.issues))
    p.session.take(few)
    assert p.session.export is not None
    assert p.session.remembered.folders(p.session.export.path) == (few,)


def test_the_palette_finds_and_runs(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    p.run("show_palette")
    palette = p.window.palette_
    assert palette.isVisible()
    p.qtbot.keyClicks(palette.field, "#3")
    p.qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    p.shown(2)
    assert not palette.isVisible()
    p.run("show_palette")
    p.qtbot.keyClicks(palette.field, ">hide/")
    assert palette.entries == []
    palette.field.clear()
    p.qtbot.keyClicks(palette.field, ">show labels")
    p.qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert p.session.state.look.labels is False


def test_a_held_h_is_a_look_and_a_tap_hides_one(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    p.run("next_object")
    selected = p.session.state.selection
    canvas = p.window.canvas
    now = [100.0]
    p.window.hold._clock = lambda: now[0]
    p.qtbot.keyPress(canvas, Qt.Key.Key_H)
    assert p.session.state.look.peek
    now[0] += 1.0
    p.qtbot.keyRelease(canvas, Qt.Key.Key_H)
    assert not p.session.state.look.peek
    assert not p.session.state.look.hidden
    p.qtbot.keyPress(canvas, Qt.Key.Key_H)
    now[0] += 0.1
    p.qtbot.keyRelease(canvas, Qt.Key.Key_H)
    assert p.session.state.look.hidden == {("object", selected)}
    p.run("show_everything")
    assert not p.session.state.look.hidden


def test_regions_take_the_keys_in_turn_and_can_be_put_away(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    seen = []
    for _ in range(6):
        p.run("next_region")
        seen.append(type(QApplication.focusWidget()).__name__)
    assert len(set(seen)) >= 4
    p.run("toggle_inspector")
    assert not p.window.inspector.isVisible()
    p.run("toggle_timeline")
    assert not p.window.timeline.isVisible()
    p.run("toggle_inspector")
    p.run("toggle_timeline")
    forms = {p.window.regions.form}
    for _ in range(3):
        p.run("cycle_list")
        forms.add(p.window.regions.form)
        assert p.window.assets.isVisible() == (p.window.regions.form != "hidden")
    assert forms == {"list", "rail", "hidden"}


def test_the_look_changes_live(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    p.run("theme_light")
    assert theme.current() is theme.LIGHT
    assert not p.window.grab().isNull()
    p.run("theme_dark")
    assert theme.current() is theme.DARK


def test_what_was_open_is_remembered(program: Start, demo: Path) -> None:
    p = program(demo)
    p.shown(0, 0)
    p.listed(5)
    p.session.open_asset(3, page=2)
    p.shown(3, 2)
    p.close()
    again = program(demo)
    again.shown(3, 2)


def test_copies_go_to_the_clipboard_without_secrets(program: Start, examples: Path, few: Path) -> None:
    p = program(examples, assets_dir=few)
    p.shown(0, 0)
    p.run("copy_json")
    text = QGuiApplication.clipboard().text()
    assert "01-image-all-tools.png" in text
    assert "X-Amz" not in text
    p.run("copy_picture")
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (800, 600)


def test_no_assets_are_said_in_words(program: Start, tmp_path: Path) -> None:
    path = tmp_path / "empty.json"
    path.write_text("[]")
    p = program(path)
    p.words("No assets")
