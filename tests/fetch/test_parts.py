import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from viewer.fetch.call import never
from viewer.fetch.parts import OVERLAP, WORTH_RESUMING, PartFolder, Version

KEY = "ab" + "0" * 62
STRONG = Version(etag='"7"', total=1 << 20)


def left(folder: PartFolder, version: Version | None, content: bytes) -> None:
    """An earlier try that came so far."""
    with folder.writing(KEY, never):
        part = folder.begin(KEY)
        part.start(version)
        part.write(content)
        folder.end(KEY, part, forget=False)


def names(folder: PartFolder) -> list[str]:
    return sorted(path.name for path in folder.folder.iterdir())


def test_the_next_try_goes_on_with_what_came(tmp_path: Path) -> None:
    left(PartFolder(tmp_path), STRONG, b"x" * 100_000)
    folder = PartFolder(tmp_path)
    with folder.writing(KEY, never):
        part = folder.begin(KEY)
        assert (part.length, part.version) == (100_000, STRONG)
        assert part.sha256 == hashlib.sha256(b"x" * 100_000).hexdigest()
        assert part.resume_at() == 100_000 - OVERLAP, "its end may have suffered when the program was killed"
        assert part.tail(99_990) == b"x" * 10
        part.write(b"y")
        assert part.head(3) == b"xxx"
        part.write(b"z")
        assert part.sha256 == hashlib.sha256(b"x" * 100_000 + b"yz").hexdigest()
        part.file.seek(0)
        assert part.file.read() == b"x" * 100_000 + b"yz"
        folder.end(KEY, part, forget=True)
    assert names(folder) == []


def test_where_the_rest_begins(tmp_path: Path) -> None:
    folder = PartFolder(tmp_path)
    with folder.writing(KEY, never):
        part = folder.begin(KEY)
        assert part.resume_at() == 0
        for etag, at in (('"7"', 100_000), ('W/"7"', 100_000 - OVERLAP), ("", 100_000 - OVERLAP), ('""', 34_464)):
            part.start(Version(etag=etag, total=1 << 20))
            assert part.resume_at() == 0
            part.write(b"x" * 100_000)
            assert part.resume_at() == at
        folder.end(KEY, part, forget=True)


@pytest.mark.parametrize("version", [None, Version(etag='"7"', total=WORTH_RESUMING)])
def test_what_is_unknown_or_small_is_not_kept(tmp_path: Path, version: Version | None) -> None:
    folder = PartFolder(tmp_path)
    left(folder, version, b"x" * 1000)
    assert names(folder) == []


def test_an_empty_part_is_not_kept(tmp_path: Path) -> None:
    folder = PartFolder(tmp_path)
    left(folder, STRONG, b"")
    assert names(folder) == []


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"total": "many"}', b"\xff"])
def test_bytes_of_nothing_known_are_begun_anew(tmp_path: Path, damage: bytes) -> None:
    folder = PartFolder(tmp_path)
    left(folder, STRONG, b"x" * 1000)
    (tmp_path / f"{KEY}.json").write_bytes(damage)
    with folder.writing(KEY, never):
        part = folder.begin(KEY)
        assert (part.length, part.version) == (0, None)
        folder.end(KEY, part, forget=False)
    assert names(folder) == []


def test_a_new_state_of_the_file_is_noted_before_its_bytes(tmp_path: Path) -> None:
    folder = PartFolder(tmp_path)
    left(folder, STRONG, b"x" * 1000)
    with folder.writing(KEY, never):
        part = folder.begin(KEY)
        part.start(Version(etag='"8"', total=1 << 20))
        assert (tmp_path / f"{KEY}.part").stat().st_size == 0
        assert b'\\"8\\"' in (tmp_path / f"{KEY}.json").read_bytes()
        folder.end(KEY, part, forget=True)


def test_what_nobody_went_on_with_is_swept(tmp_path: Path) -> None:
    folder = PartFolder(tmp_path)
    left(folder, STRONG, b"x" * 1000)
    for path in tmp_path.iterdir():
        os.utime(path, (1, 1))
    with folder.writing(KEY, never):
        assert folder.sweep() == 0, "somebody writes it just now"
    assert folder.bytes() > 1000
    assert folder.sweep() > 1000
    assert names(folder) == []


WRITE = """
import sys, pathlib
from viewer.fetch.parts import PartFolder, Version
folder = PartFolder(pathlib.Path(sys.argv[1]))
with folder.writing(sys.argv[2], lambda: False):
    part = folder.begin(sys.argv[2])
    part.start(Version(etag='"7"', total=1 << 20))
    part.write(b"x" * 300_000)
    print("there", flush=True)
    sys.stdin.read()
"""


def test_a_killed_program_leaves_something_to_go_on_with(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITE, str(tmp_path), KEY], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline().strip() == b"there"
        program.kill()
    folder = PartFolder(tmp_path)
    with folder.writing(KEY, never):
        part = folder.begin(KEY)
        assert part.version == STRONG
        assert WORTH_RESUMING <= part.length <= 300_000
        folder.end(KEY, part, forget=True)
