"""What is remembered of the changes that were looked at."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from viewer.ui.changes import seen
from viewer.ui.changes.seen import Seen

DIGESTS = [hashlib.blake2b(str(n).encode(), digest_size=9).hexdigest() for n in range(5)]


class AtOnce:
    """Does what threads do, here and now."""

    def run(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        done(work())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "kept" / "seen"
    monkeypatch.setattr(seen, "default_folder", lambda: place)
    return place


def kept(name: str = "a.json") -> tuple[Seen, set[str]]:
    """Opened for an export, and what was remembered of it."""
    remembered = Seen(SimpleNamespace(tasks=AtOnce()))  # type: ignore[arg-type]
    found: set[str] = set()
    remembered.load(SimpleNamespace(path=Path(name)), found.update)  # type: ignore[arg-type]
    return remembered, found


def test_each_export_has_its_own(folder: Path) -> None:
    one, nothing = kept("a.json")
    assert nothing == set()
    for digest in DIGESTS[:3]:
        one.keep(digest)
    kept("b.json")[0].keep(DIGESTS[4])
    assert kept("a.json")[1] == set(DIGESTS[:3])
    assert kept("b.json")[1] == {DIGESTS[4]}
    assert not any("a.json" in file.name for file in folder.iterdir())


def test_without_an_export_nothing_is_kept(folder: Path) -> None:
    Seen(SimpleNamespace(tasks=AtOnce())).keep(DIGESTS[0])  # type: ignore[arg-type]
    assert not folder.exists()


def test_lines_that_are_none_of_ours_are_left_out(folder: Path) -> None:
    kept()[0].keep(DIGESTS[0])
    file = next(folder.iterdir())
    file.write_bytes(file.read_bytes() + b"short\n" + "ä".encode() * 9 + b"\n" + DIGESTS[1].encode() + b"\ncut o")
    assert kept()[1] == set(DIGESTS[:2])


def test_a_file_that_grew_too_long_is_read_as_far_as_anyone_looked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen, "LINES_KEPT", 2)
    remembered = kept()[0]
    for digest in DIGESTS:
        remembered.keep(digest)
    assert kept()[1] == set(DIGESTS[:2])


def test_a_folder_that_cannot_be_written_is_no_failure(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder.parent.mkdir()
    folder.write_text("in the way")
    with caplog.at_level(logging.WARNING):
        kept()[0].keep(DIGESTS[0])
    assert "could not be remembered" in caplog.text
