"""Every icon that the source names is there, in the colour that was asked for, at any pixel ratio."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from viewer import resources
from viewer.ui import icons
from viewer.ui.widgets.marks import KIND_ICONS, SHAPE_ICONS

UI = Path(icons.__file__).parent
_CALL = re.compile(r'(?:IconButton\(|set_icon\(|icon=|pixmap\(|draw_icon\(\s*painter, )"([a-z0-9-]+)"')
NAMED = {
    name for path in UI.rglob("*.py") for name in _CALL.findall(path.read_text())
} | set(KIND_ICONS.values()) | set(SHAPE_ICONS.values())  # fmt: skip


@pytest.mark.parametrize("name", sorted(NAMED))
def test_every_named_icon_is_there(name: str) -> None:
    assert resources.path(f"icons/{name}.svg").is_file()


def test_an_icon_has_its_colour_and_size(qapp: object) -> None:
    picture = icons.pixmap("square", 16, "#FF0000", 2.0)
    assert picture.size().width() == 32
    assert picture.devicePixelRatio() == 2.0
    image = picture.toImage()
    colours = {
        image.pixelColor(x, y).name() for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() == 255
    }
    assert colours == {"#ff0000"}
    assert not icons.icon("play").isNull()
