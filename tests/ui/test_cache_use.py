from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.fetch.test_cache import put
from viewer.fetch import Sources
from viewer.settings import SettingsFile
from viewer.ui.cache_use import CacheUse
from viewer.ui.options import WindowOptions
from viewer.ui.tasks import Tasks

MB = 1 << 20


@dataclass
class Session:
    tasks: Tasks
    settings: SettingsFile
    cache_folder: Path
    loader: Any
    asset: None = None
    options: WindowOptions = field(default_factory=WindowOptions)
    looked_again: int = 0

    @property
    def thumbnails(self) -> Any:
        return self

    def forget_failures(self) -> None:
        self.looked_again += 1


@pytest.fixture
def session(qtbot: QtBot, tmp_path: Path) -> Iterator[Session]:
    sources = Sources(tmp_path / "e.json", cache_dir=tmp_path / "cache")
    tasks = Tasks()
    made = Session(
        tasks, SettingsFile(tmp_path / "settings.json"), tmp_path / "cache", SimpleNamespace(sources=sources)
    )
    yield made
    tasks.close()
    sources.close()


@pytest.fixture
def use(session: Session) -> CacheUse:
    return CacheUse(session, session.tasks.relay)  # type: ignore[arg-type]


def fill(session: Session, count: int) -> list[Path]:
    """Files that were handed out before and are used no more."""
    cache = session.loader.sources.cache
    paths = [put(cache, f"{n:064x}", b"x" * MB) for n in range(count)]
    for n in range(count):
        cache.unpin(f"{n:064x}")
    return paths


def cleared(use: CacheUse, qtbot: QtBot) -> list[tuple[int, ...]]:
    """What is told when the cache is cleared: what that freed, then what is left."""
    told: list[tuple[int, ...]] = []
    use.cleared.connect(lambda freed: told.append((freed,)))
    use.measured.connect(lambda files, length: told.append((files, length)))
    use.clear()
    qtbot.waitUntil(lambda: len(told) == 2)
    return told


@pytest.mark.parametrize("is_open", [True, False])
def test_it_is_measured_and_cleared(session: Session, use: CacheUse, qtbot: QtBot, is_open: bool) -> None:
    paths = fill(session, 3)
    if not is_open:
        session.loader.sources = None
    with qtbot.waitSignal(use.measured) as measured:
        use.measure()
    assert measured.args == [3, 3 * MB]
    assert cleared(use, qtbot) == [(3 * MB,), (0, 0)]
    assert not any(path.exists() for path in paths)
    assert session.looked_again == 1


def test_nothing_is_made_of_a_folder_that_is_not_there(session: Session, use: CacheUse, qtbot: QtBot) -> None:
    session.loader.sources = None
    assert cleared(use, qtbot) == [(0,), (0, 0)]
    assert not session.cache_folder.exists()


def test_a_lower_limit_makes_room_at_once(session: Session, use: CacheUse, qtbot: QtBot) -> None:
    paths = fill(session, 4)
    session.settings.change(cache_gb=2 / 1024, offline=True)
    with qtbot.waitSignal(use.measured) as measured:
        use.use_settings()
    assert measured.args == [1, MB], "down to nine tenths of 2 MB"
    assert [path.exists() for path in paths] == [False, False, False, True]
    assert session.loader.sources.cache.limit == 2 * MB
    assert session.loader.sources.offline
