"""Files that somebody asked for are written in one piece."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from viewer.errors import ViewerError
from viewer.user_files import replacing


def test_the_file_takes_its_place_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "out.csv"
    with replacing(path) as file:
        file.write(b"one")
        assert not path.exists()
    assert path.read_bytes() == b"one"
    assert [p.name for p in path.parent.iterdir()] == ["out.csv"]


def test_what_was_there_stays_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_bytes(b"old")
    with pytest.raises(ValueError, match="in between"), replacing(path) as file:
        file.write(b"new")
        raise ValueError("in between")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


def test_a_folder_and_a_place_that_cannot_be_are_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file" / "out.csv"):
        with pytest.raises(ViewerError, match=path.name), replacing(path):
            pass


@pytest.mark.skipif(sys.platform == "win32", reason="rights and links of POSIX")
def test_rights_are_those_of_new_files_and_links_stay(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    real, link = tmp_path / "there" / "real", tmp_path / "link"
    link.symlink_to(real)
    before = os.umask(0o027)
    try:
        with replacing(link) as file:
            file.write(b"x")
    finally:
        os.umask(before)
    assert link.is_symlink()
    assert real.read_bytes() == b"x"
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="a device of POSIX")
def test_a_device_stays_what_it_is() -> None:
    with replacing(Path(os.devnull)) as file:
        file.write(b"x")
    assert not Path(os.devnull).is_file()
