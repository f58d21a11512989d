"""Known before asking: how long links are valid, in the header, in the rows and on the start page."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication

from tests.e2e.conftest import Program

Start = Callable[..., Program]
Write = Callable[..., Path]


def link(name: str, hours: float) -> str:
    began = datetime.now(UTC) + timedelta(hours=hours, minutes=5, seconds=-120_000)
    signed = f"X-Amz-Date={began:%Y%m%dT%H%M%SZ}&X-Amz-Expires=120000&X-Amz-Signature=secret"
    return f"https://store.invalid/{name}?X-Amz-Algorithm=AWS4-HMAC-SHA256&{signed}"


def asset(name: str, hours: float | None, *, of: str = "", x: int = 10) -> dict[str, Any]:
    url = "page.png" if hours is None else link(f"{name}.png", hours)
    tool = {"bounding-box": {"x": x, "y": 10, "width": 20, "height": 20}, "objectId": "o", "schemaId": "c",
            "title": "Car", "classifications": []}  # fmt: skip
    task = {"taskId": f"t-{name}", "stage": "Complete", "tools": [tool], "classifications": [], "relations": []}
    return {"asset": url, "externalId": f"{name}.png", "assetId": of or name, "metadata": {"width": 96, "height": 64},
            "task": task}  # fmt: skip


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def make(file: str, *assets: Any) -> Path:
        Image.new("RGB", (96, 64), (90, 90, 90)).save(tmp_path / "page.png")
        path = tmp_path / file
        path.write_text(json.dumps(assets))
        return path

    return make


def spoken(p: Program) -> list[str]:
    model = p.window.assets.model
    return [str(model.data(model.index(at, 0))) for at in range(model.rowCount())]


def test_header_and_rows_say_how_long_links_are_valid(program: Start, write: Write, tmp_path: Path) -> None:
    p = program(write("e.json", asset("a", -75), asset("b", 2.5), asset("c", 21), asset("d", None)), offline=True)
    chip = p.window.header.links
    p.wait(lambda: chip.accessibleName() == "Links expired 3 days ago")
    p.wait(lambda: chip.toolTip() == "The links of 1 of 3 assets have expired. Cached files still open.")
    p.wait(lambda: p.window.assets.model.rowCount() == 4)
    assert [text.rsplit(", ", 1)[-1] for text in spoken(p)] == [
        "link expired", "link expires soon", "link valid", "1 label",
    ]  # fmt: skip
    panel = p.window.assets
    assert panel.view.delegate.words_of(panel.model.table.rows[0]) == "Link expired 3 days ago"
    # only those that are dead
    p.window.asset_steps.chip.list_expired.trigger()
    p.wait(lambda: panel.model.rowCount() == 1)
    assert panel.model.asset_at(0) == 0
    panel.clear_filter()
    # a folder with the file: it is here, whatever its link says
    (tmp_path / "found").mkdir()
    Image.new("RGB", (96, 64)).save(tmp_path / "found" / "a.png")
    p.session.look_in(tmp_path / "found")
    p.wait(lambda: "local file" in spoken(p)[0])
    # other links are in use
    p.session.expiries.renew({0: None, 1: int(datetime.now(UTC).timestamp()) + 33 * 3600 + 60})
    p.wait(lambda: chip.accessibleName() == "Links valid 21 h")
    assert spoken(p)[1].endswith("link valid")


def test_a_file_that_could_not_be_shown_has_its_sign(program: Start, write: Write, tmp_path: Path) -> None:
    path = write("e.json", asset("d", None), asset("b", -75), asset("c", 21))
    (tmp_path / "page.png").write_bytes(b"no picture")
    p = program(path, offline=True)
    p.wait(lambda: p.session.loader.has_failed)
    assert spoken(p)[0].endswith("could not be loaded")
    p.session.open_asset(1)
    p.wait(lambda: p.session.state.place.asset == 1 and p.session.loader.has_failed)
    assert spoken(p)[1].endswith("link expired"), "that is why"
    p.session.open_asset(2)
    p.wait(lambda: spoken(p)[2].endswith("could not be loaded"))
    Image.new("RGB", (96, 64), (90, 90, 90)).save(tmp_path / "page.png")
    p.session.open_asset(0)
    p.shown(0, 0)
    p.wait(lambda: spoken(p)[0].endswith("1 label"))


def test_nothing_is_said_of_links_that_are_not_signed(program: Start, write: Write) -> None:
    p = program(write("e.json", asset("d", None)))
    p.shown(0, 0)
    p.listed(1)
    assert p.window.header.links.isHidden()
    assert p.session.remembered.links_end(p.session.export.path) is None  # type: ignore[union-attr]


def test_the_start_page_knows_from_the_last_time_and_keeps_no_link(
    program: Start, write: Write, isolated_home: Path
) -> None:
    path = write("e.json", asset("a", -75), asset("b", 21))
    p = program(path, offline=True)
    p.wait(lambda: p.session.remembered.links_end(path) is not None)
    p.close()
    again = program()
    texts = [line.accessibleName() for line in again.window.start._card._rows if not line.isHidden()]
    assert len(texts) == 1
    assert texts[0].endswith("links expired 3 days ago")
    written = [file.read_bytes() for file in isolated_home.rglob("*") if file.is_file()]
    assert any(b"links_end" in content for content in written)
    assert not any(b"secret" in content or b"store.invalid" in content for content in written)


def test_tasks_of_one_asset_are_compared_from_the_list(program: Start, write: Write) -> None:
    entries = [asset("a", None, of="one"), asset("b", None), asset("c", None, of="one", x=15)]
    p = program(write("e.json", *entries))
    p.shown(0, 0)
    p.listed(3)
    model = p.window.assets.model
    p.wait(lambda: [model.asset_at(at) for at in range(3)] == [0, 2, 1])
    assert "Task 2 of 2" in spoken(p)[1]
    p.wait(lambda: p.window.actions_.by_id["compare_tasks"].isEnabled())
    steps = p.window.asset_steps
    texts = [action.text() for action in steps.menu_of(0).actions() if not action.isSeparator()]
    assert texts == ["Open", "Compare with task 2 of 2 · Complete", "Copy name", "Copy asset id"]
    p.run("compare_tasks")
    p.wait(lambda: p.window.comparing.comparison is not None)
    (change,) = p.window.comparing.comparison.changes  # type: ignore[union-attr]
    assert change.kinds == ("moved",)
    p.run("step_out")
    # another asset has only one: it is said why
    p.session.open_asset(1)
    p.shown(1, 0)
    p.wait(lambda: not p.window.actions_.by_id["compare_tasks"].isEnabled())
    assert "This asset has only one task" in p.window.actions_.by_id["compare_tasks"].toolTip()
    only = [action for action in steps.menu_of(1).actions() if "the only one" in action.text()]
    assert len(only) == 1
    assert not only[0].isEnabled()
    copy = next(action for action in steps.menu_of(1).actions() if action.text() == "Copy name")
    copy.trigger()
    assert QApplication.clipboard().text() == "b.png"
    # from a row that is not the open one: it is opened, then compared
    compare = next(action for action in steps.menu_of(2).actions() if "task 1 of 2" in action.text())
    compare.trigger()
    p.shown(2, 0)
    p.wait(lambda: p.window.comparing.comparison is not None)
    assert p.window.view_bar.reference.text() == "Task 1 of 2"
