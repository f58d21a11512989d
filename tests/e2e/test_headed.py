"""The window under a real display: a real pointer and real keys (xdotool), from the start page to the end."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

pytestmark = [
    pytest.mark.headed,
    pytest.mark.skipif(
        not os.environ.get("DISPLAY") or not shutil.which("xdotool"), reason="no display, or no xdotool"
    ),
]
ROOT = Path(__file__).parents[2]
WAIT_S = 60.0
State = dict[str, Any]


class Desk:
    """The program in a process of its own, with hands."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        """`folder`: where it runs, and where a picture goes whose name has no folder."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.observed", *arguments],
            cwd=folder, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        self.state: State = {}
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def wait(self, there: Callable[[State], object]) -> State:
        """Until the program has told a state for which something holds."""
        end = time.monotonic() + WAIT_S
        while not (self.state and there(self.state)):
            try:
                line = self._lines.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"the state was not reached; the last one was {self.state}")
            assert line is not None, f"the program ended with {self.process.wait()}"
            self.state = json.loads(line)
        return self.state

    def hands(self, *words: str) -> None:
        """One command of xdotool."""
        subprocess.run(["xdotool", *words], check=True, stdout=subprocess.DEVNULL, timeout=WAIT_S)

    def focus(self, title: str) -> None:
        """Without a window manager nobody else gives a window the keys."""
        self.hands("search", "--sync", "--onlyvisible", "--name", title, "windowfocus", "--sync")

    def key(self, *keys: str) -> None:
        """Press keys one after another."""
        self.hands("key", *keys)

    def focus_on(self, name: str, key: str) -> None:
        """Press a key until a widget of this class has the keys."""
        passed: set[tuple[str, str]] = set()
        while self.state["focus"] != name:
            here = (self.state["focus"], self.state["focus_name"])
            assert here not in passed, f"{key} does not lead to {name}: {passed}"
            passed.add(here)
            self.key(key)
            self.wait(lambda s: (s["focus"], s["focus_name"]) != here)  # noqa: B023

    def click(self, at: list[int], button: int = 1) -> None:
        """Move there and press."""
        self.hands("mousemove", str(at[0]), str(at[1]), "click", str(button))

    def choose(self, *names: str) -> None:
        """Click the menu button and through its menus."""
        self.click(self.state["at"]["menu"])
        for name in names:
            self.click(self.wait(lambda s: f"menu {name}" in s["at"])["at"][f"menu {name}"])  # noqa: B023

    def close(self) -> None:
        """Nothing is left, whatever happened."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    try:
        made.wait(lambda s: s["visible"] and s["start"])
        made.focus("ango-viewer")
        made.wait(lambda s: s["focus"])
        yield made
    finally:
        made.close()


def on_screen(asset: int) -> Callable[[State], bool]:
    return lambda s: s["shown"] and s["asset"] == asset


def test_with_the_mouse(desk: Desk, tmp_path: Path) -> None:
    desk.click(desk.state["at"]["Open the demo"])
    desk.wait(lambda s: on_screen(0)(s) and s["listed"])
    desk.click(desk.state["at"]["next_asset"])
    first = desk.wait(on_screen(1))["page"]
    desk.choose("Go", "Next page with labels")
    desk.wait(lambda s: s["shown"] and s["page"] > first and s["targets"])

    while not desk.state["asking"]:  # no label here has an answer within an answer: those of the next page
        page = desk.state["page"]
        desk.choose("Go", "Next page with labels")
        desk.wait(lambda s: s["shown"] and s["page"] > page and s["targets"])  # noqa: B023
    target, at = next(iter(desk.state["asking"].items()))
    desk.click(at)
    desk.wait(lambda s: s["selection"] == target and s["question"])
    while not desk.state["question"]["seen"]:
        before = desk.state
        desk.hands("mousemove", *map(str, desk.state["question"]["list"]), "click", "5")
        desk.wait(lambda s: s["question"] != before["question"])  # noqa: B023
    desk.click(desk.state["question"]["at"])
    desk.wait(lambda s: s["question"]["current"] == s["question"]["row"])

    desk.click(desk.state["at"]["stage 1"])
    desk.wait(lambda s: s["shown"] and s["stage"] == 1)

    desk.click(desk.state["at"]["eye"])
    desk.wait(lambda s: not s["labels"])
    desk.click(desk.state["at"]["eye"])
    desk.wait(lambda s: s["labels"])

    desk.click(desk.state["at"]["find"])
    desk.wait(lambda s: s["palette"] is not None)
    while "palette save_picture" not in desk.state["at"]:
        before = desk.state
        desk.hands("mousemove", *map(str, before["at"]["palette"]), "click", "5")
        desk.wait(lambda s: s["at"] != before["at"])  # noqa: B023
    desk.click(desk.state["at"]["palette save_picture"])
    desk.wait(lambda s: s["palette"] is None and s["dialog"] and "Save" in s["at"])
    desk.click(desk.state["at"]["Save"])
    desk.wait(lambda s: not s["dialog"] and "Saved" in s["told"])
    (picture,) = tmp_path.glob("*.png")
    with Image.open(picture) as image:
        assert image.size[0] > 300

    before = desk.state["scale"]
    x, y = desk.state["at"]["canvas"]
    desk.hands("mousemove", str(x), str(y), "keydown", "ctrl", "click", "4", "click", "4", "keyup", "ctrl")
    desk.wait(lambda s: s["scale"] > before * 1.5)
    centre, scale = desk.state["centre"], desk.state["scale"]
    desk.hands("mousemove", str(x), str(y), "mousedown", "1")
    desk.hands("mousemove", str(x + 30), str(y + 12), "mousemove", str(x + 60), str(y + 24), "mouseup", "1")
    desk.wait(
        lambda s: (
            abs(s["centre"][0] - (centre[0] - 60 / scale)) < 1.5 / scale
            and abs(s["centre"][1] - (centre[1] - 24 / scale)) < 1.5 / scale
        )
    )
    assert desk.state["scale"] == scale
    desk.choose("File", "Quit")
    assert desk.process.wait(timeout=WAIT_S) == 0


def test_with_the_keyboard_alone(desk: Desk, tmp_path: Path) -> None:
    desk.wait(lambda s: s["focus_text"].startswith("Open export"))
    desk.key("Tab")
    desk.wait(lambda s: s["focus_text"] == "Open the demo")
    desk.key("space")
    desk.wait(lambda s: on_screen(0)(s) and s["listed"] and s["focus"] == "Canvas")
    desk.key("Next")
    first = desk.wait(on_screen(1))["page"]
    desk.key("alt+Right")
    page = desk.wait(lambda s: s["shown"] and s["page"] > first)["page"]

    desk.key("Tab")
    selected = desk.wait(lambda s: s["selection"])["selection"]
    desk.key("Tab")
    selected = desk.wait(lambda s: s["selection"] not in (None, selected))["selection"]
    seen = {selected}
    while desk.state["question"] is None:
        desk.key("Tab")
        selected = desk.wait(lambda s: s["selection"] not in (None, selected))["selection"]  # noqa: B023
        if selected in seen:  # no label here has an answer within an answer: those of the next page
            desk.key("alt+Right")
            page = desk.wait(lambda s: s["shown"] and s["page"] > page)["page"]  # noqa: B023
            seen.clear()
        seen.add(selected)
    desk.focus_on("LabelView", "F6")
    desk.focus_on("FactsView", "Tab")
    while desk.state["question"]["current"] != desk.state["question"]["row"]:
        row = desk.state["question"]["current"]
        desk.key("Down")
        desk.wait(lambda s: s["question"]["current"] != row)  # noqa: B023
    assert desk.state["question"]["seen"]
    assert desk.state["selection"] == selected
    desk.focus_on("Canvas", "F6")

    desk.key("2")
    desk.wait(lambda s: s["shown"] and s["stage"] == 1 and s["page"] == page)
    desk.key("ctrl+h")
    desk.wait(lambda s: not s["labels"])
    desk.key("ctrl+h")
    desk.wait(lambda s: s["labels"])

    scale = desk.state["scale"]
    desk.key("ctrl+k")
    desk.wait(lambda s: s["palette"] is not None)
    desk.hands("type", ">zoom in")
    desk.wait(lambda s: s["palette"] and s["palette"][0] == "zoom_in")
    desk.key("Return")
    desk.wait(lambda s: s["palette"] is None and s["scale"] > scale and s["focus"] == "Canvas")

    picture = tmp_path / "page.png"
    desk.key("ctrl+s")
    title = desk.wait(lambda s: s["dialog"])["dialog"]
    desk.focus(title)
    desk.wait(lambda s: s["focus"].endswith("LineEdit"))
    desk.key("ctrl+a")
    desk.hands("type", str(picture))
    desk.key("Return")
    desk.wait(lambda s: not s["dialog"] and picture.name in s["told"])
    with Image.open(picture) as image:
        assert image.size[0] > 300
    desk.focus("ango-viewer")
    desk.key("ctrl+q")
    assert desk.process.wait(timeout=WAIT_S) == 0
