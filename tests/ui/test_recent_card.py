from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from viewer.ui import recent_card, theme
from viewer.ui.recent_card import HEAD, MOST, ROW, RecentCard, folder_text, opened_text

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(minutes=12), "12 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(hours=16, minutes=50), "yesterday, 17:40"),
        (timedelta(days=5), "19 Nov"),
        (timedelta(days=400), "20 Oct 2025"),
        (timedelta(hours=-1), "24 Nov"),
    ],
)
def test_when_an_export_was_opened(ago: timedelta, text: str) -> None:
    assert opened_text(NOW - ago, NOW, ago="{0} ago", yesterday="yesterday, {0}") == text
    assert opened_text(None, NOW, ago="{0} ago", yesterday="yesterday, {0}") == ""


def test_a_folder_in_the_users_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent_card.Path, "home", lambda: Path("/home/somebody"))
    assert folder_text(Path("/home/somebody/work/e.json")) == str(Path("~/work"))
    assert folder_text(Path("/data/e.json")) == "/data"


def test_rows_say_how_long_links_are_valid(qtbot: QtBot) -> None:
    theme.load_font()
    card = RecentCard(None)  # type: ignore[arg-type]
    qtbot.addWidget(card)
    card.resize(600, 500)
    now = datetime.now(UTC)
    lefts = (timedelta(hours=21, minutes=5), timedelta(hours=2, minutes=40, seconds=30), timedelta(days=-3, minutes=-5))
    ends = [*(int((now + left).timestamp()) for left in lefts), None, 10**30]
    card.show_recents([(Path(f"/a/{n}.json"), now, end) for n, end in enumerate(ends)], 9)
    card.show()
    shown = [line for line in card._rows if line.isVisible()]
    assert [line.links for line in shown] == ["valid 21 h", "expires in 2 h 40 min", "expired 3 days ago", "", ""]
    assert shown[0].accessibleName().endswith(", links valid 21 h")
    assert "links" not in shown[3].accessibleName()
    assert len({line.column for line in shown}) == 1
    assert card.height() == HEAD + 5 * ROW + 2
    chosen: list[Path] = []
    card.chosen.connect(chosen.append)
    shown[2].click()
    assert chosen == [Path("/a/2.json")]
    # other exports, none of them signed: the names get the place of the chips
    card.show_recents([(Path(f"/a/{n}.json"), None, None) for n in range(MOST)], MOST)
    assert {line.column for line in card._rows} == {0}
    assert not card.grab().isNull()
