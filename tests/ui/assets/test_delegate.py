"""Rows as they are painted."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QFontMetrics, QImage
from pytestqt.qtbot import QtBot

from tests.make.changes import found, row_of, step
from tests.make.rows import row, rows
from viewer.ui import theme
from viewer.ui.assets import AssetPanel
from viewer.ui.assets.delegate import ROW_HEIGHT, elided_name
from viewer.ui.assets.texts import STATE_ICONS
from viewer.ui.widgets.signs import sign_colour


def fit(name: tuple[str, str], width: int) -> tuple[str, str]:
    font = QFontMetrics(theme.font(theme.BODY_PX))
    return elided_name(*name, width, font, font)


@pytest.mark.usefixtures("panel")
def test_the_folder_gives_way_first() -> None:
    whole = ("site-04/west/", "lot_0231_long_name.jpg")
    assert fit(whole, 1000) == whole
    base = QFontMetrics(theme.font(theme.BODY_PX)).horizontalAdvance(whole[1])
    folder, name = fit(whole, base + 60)
    assert name == whole[1] and "…" in folder
    assert fit(whole, base + 4) == ("", whole[1])
    folder, name = fit(whole, base - 30)
    assert folder == "" and name.startswith("lot") and name.endswith("jpg") and "…" in name


def colours(panel: AssetPanel, at: int) -> set[str]:
    image = panel.view.viewport().grab().toImage()
    found = set()
    for y in range(at * ROW_HEIGHT, (at + 1) * ROW_HEIGHT):
        for x in range(image.width()):
            found.add(image.pixelColor(x, y).name())
    return found


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
def test_the_selected_row_is_soft_with_a_bar(panel: AssetPanel, qapp, tokens: theme.Tokens) -> None:
    theme.apply(qapp, tokens)
    panel.append(rows(4))
    panel.show_asset(1)
    image = panel.view.viewport().grab().toImage()
    middle = ROW_HEIGHT + ROW_HEIGHT // 2
    assert [image.pixelColor(x, middle).name() for x in (0, 1, 2)] == [
        tokens.accent.lower(), tokens.accent.lower(), tokens.soft.lower(),
    ]  # fmt: skip
    assert image.pixelColor(0, ROW_HEIGHT // 2).name() == tokens.panel.lower()


def test_a_state_is_an_icon_at_the_right_and_quiet(panel: AssetPanel) -> None:
    panel.append(rows(7))
    states = dict(enumerate(STATE_ICONS))
    panel.set_state_of(lambda r: states.get(r.index, ""))
    image = panel.view.viewport().grab().toImage()
    left, right = image.width() - 12 - 16, image.width() - 12

    def inked(at: int) -> int:
        ground = QColor(theme.current().panel)
        area = ((x, y) for x in range(left, right) for y in range(at * ROW_HEIGHT + 8, at * ROW_HEIGHT + 26))
        return sum(image.pixelColor(x, y) != ground for x, y in area)

    assert all(inked(at) > 8 for at in range(5))
    assert inked(6) == 0
    assert theme.current().text3.lower() in {
        image.pixelColor(x, y).name() for x in range(left, right) for y in range(30)
    }


def test_a_thumbnail_takes_the_place_of_the_kind(panel: AssetPanel) -> None:
    panel.append(rows(2))
    picture = QImage(96, 96, QImage.Format.Format_RGB32)
    picture.fill(QColor("#ff00ff"))
    panel.set_thumbnail(1, picture)
    assert "#ff00ff" in colours(panel, 1)
    assert "#ff00ff" not in colours(panel, 0)
    panel.set_form("rail")
    assert "#ff00ff" in colours(panel, 1)


def test_a_damaged_asset_and_one_of_an_unknown_kind_are_painted(panel: AssetPanel, qtbot: QtBot) -> None:
    panel.append([row(0, readable=False, kind="unknown"), row(1, external_id="<b>" + "x" * 5000)])
    panel.view.viewport().repaint()
    assert len(colours(panel, 0)) > 2


def test_a_bar_of_three_parts_says_what_changed(panel: AssetPanel, qtbot: QtBot) -> None:
    panel.append([row_of(each) for each in rows(3)])
    kinds = ("added", "moved", "moved", "moved", "moved", "removed")
    panel.model.add_changes([step(0, 0, [found(n, kinds=(kind,)) for n, kind in enumerate(kinds)]), step(0, 1, [])])
    panel.model.add_changes([step(1, 0, []), step(1, 1, [])])
    qtbot.waitUntil(lambda: panel.model.table.changes.totals(panel.model.table.rows[1]) is not None)
    wanted = {sign_colour(kind, paper=False).lower() for kind in ("added", "moved", "removed")}
    assert wanted <= colours(panel, 0)
    assert not wanted & colours(panel, 1)
    spoken = [panel.model.data(panel.model.index(at, 0)) for at in range(3)]
    assert "6 changes" in spoken[0]
    assert "no changes" in spoken[1]
    assert "changes" not in spoken[2]
