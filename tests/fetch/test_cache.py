import hashlib
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from viewer import limits
from viewer.errors import FetchError
from viewer.fetch.cache import Cache, key_of
from viewer.fetch.call import never
from viewer.fetch.client import Received
from viewer.fetch.parts import Version
from viewer.fetch.policy import check_url

KEY = "ab" + "0" * 62


def put(cache: Cache, key: str, content: bytes) -> Path:
    with cache.writing(key, never):
        part = cache.parts.begin(key)
        part.write(content)
        try:
            return cache.finish(key, part, Received(len(content), part.sha256, content[:512], "", "", ""))
        finally:
            cache.parts.end(key, part, forget=True)


def key(url: str) -> str:
    return key_of(check_url(url))


def test_the_key_is_the_object_not_the_signature() -> None:
    base = "https://store.example/project/a.png"
    signed = base + "?X-Amz-Date=1&X-Amz-Signature=CANARY"
    assert key(signed) == key(base + "?X-Amz-Signature=OTHER&X-Amz-Date=2&x-id=GetObject")
    assert key(signed) == key("https://STORE.example:443/project/a.png?X-Amz-Signature=0#part")
    assert key(signed) == hashlib.sha256(b"https\0store.example\x00443\0/project/a.png").hexdigest()
    assert key(signed + "&versionId=7") != key(signed + "&versionId=8")
    different = {
        signed,
        "http://store.example/project/a.png",
        "https://store.example:444/project/a.png",
        "https://other.example/project/a.png",
        "https://store.example/project/b.png",
        "https://store.example/project/A.png",
    }
    assert len({key(url) for url in different}) == len(different)


def test_without_a_signature_the_query_may_name_the_file() -> None:
    assert key("https://host.example/get?id=1") != key("https://host.example/get?id=2")


def test_a_file_is_found_where_the_design_puts_it(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    assert cache.find(KEY) is None
    assert not (tmp_path / "cache").exists()
    path = put(cache, KEY, b"pixels")
    assert path == tmp_path / "cache" / "objects" / "ab" / KEY
    assert path.read_bytes() == b"pixels"
    assert cache.find(KEY, check=True) == path
    assert Cache(tmp_path / "cache").find(KEY, check=True) == path
    assert list((tmp_path / "cache" / "parts").iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_only_the_owner_can_read(tmp_path: Path) -> None:
    path = put(Cache(tmp_path / "cache"), KEY, b"pixels")
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_of_another_length_or_content_is_a_miss(tmp_path: Path) -> None:
    path = put(Cache(tmp_path), KEY, b"pixels")
    path.write_bytes(b"pixel")
    assert Cache(tmp_path).find(KEY) is None
    assert not path.exists()
    path = put(Cache(tmp_path), KEY, b"pixels")
    path.write_bytes(b"pixelz")
    assert Cache(tmp_path).find(KEY) == path  # the length alone is right
    assert Cache(tmp_path).find(KEY, check=True) is None
    assert not path.exists()


def test_a_file_altered_while_the_program_runs_is_noticed(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    path = put(cache, KEY, b"pixels")
    assert cache.find(KEY, check=True) == path
    path.write_bytes(b"PIXELS")
    os.utime(path, ns=(1, 1))
    assert cache.find(KEY, check=True) is None


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 100, None])
def test_a_lost_or_damaged_index_is_made_again_from_the_files(tmp_path: Path, damage: bytes | None) -> None:
    path = put(Cache(tmp_path), KEY, b"pixels")
    index = tmp_path / "index.sqlite3"
    if damage is None:
        index.unlink()
    else:
        index.write_bytes(damage)
    cache = Cache(tmp_path)
    assert cache.find(KEY, check=True) == path
    with closing(sqlite3.connect(index)) as connection:
        rows = connection.execute("SELECT key, length, sha256 FROM objects").fetchall()
    assert rows == [(KEY, 6, hashlib.sha256(b"pixels").hexdigest())]


def test_an_index_of_another_schema_is_set_aside(tmp_path: Path) -> None:
    path = put(Cache(tmp_path), KEY, b"pixels")
    with closing(sqlite3.connect(tmp_path / "index.sqlite3")) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert Cache(tmp_path).find(KEY, check=True) == path
    assert (tmp_path / "index.sqlite3.damaged").exists()


def test_a_failed_finish_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        put(cache, KEY, b"pixels")
    assert cache.find(KEY) is None
    assert cache.size()[0] == 0


def filled(folder: Path, *keys: str, limit: int = 1 << 40) -> Cache:
    """A cache with a file of 100 bytes for each key, used in this order; nobody has them open."""
    cache = Cache(folder, limit=limit)
    for number, name in enumerate(keys):
        put(cache, name, b"x" * 100)
        cache.unpin(name)
        with closing(sqlite3.connect(folder / "index.sqlite3")) as index, index:
            index.execute("UPDATE objects SET used_at = ? WHERE key = ?", (number, name))
    return cache


KEYS = [f"{number:02d}" + "c" * 62 for number in range(6)]


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    cache = filled(tmp_path, *KEYS[:5])
    cache.pin(KEYS[0])
    cache.unpin(KEYS[0])  # used just now
    cache.limit = 450
    put(cache, KEYS[5], b"x" * 100)
    assert [cache.find(key) is not None for key in KEYS] == [True, False, False, True, True, True]
    assert cache.size() == (4, 400)
    cache.close()


def test_what_is_in_use_never_goes(tmp_path: Path) -> None:
    cache, other = filled(tmp_path, *KEYS), Cache(tmp_path)
    assert cache.pin(KEYS[0])
    assert other.pin(KEYS[1])
    assert cache.pin(KEYS[2])
    assert cache.pin(KEYS[2])
    cache.unpin(KEYS[2])
    assert cache.clear() == 300
    assert [key for key in KEYS if cache.find(key)] == KEYS[:3]
    other.close()
    assert cache.evict(None) == 100
    assert [key for key in KEYS if cache.find(key)] == [KEYS[0], KEYS[2]]
    cache.close()
    assert Cache(tmp_path).clear() == 200
    assert not other.pin(KEYS[1]), "it is gone"
    other.close()


PIN = """
import sys, viewer.fetch.cache, pathlib
cache = viewer.fetch.cache.Cache(pathlib.Path(sys.argv[1]))
print(cache.pin(sys.argv[2]), flush=True)
sys.stdin.read()
"""


def test_pins_end_with_the_program_that_was_killed(tmp_path: Path) -> None:
    cache = filled(tmp_path, *KEYS[:2])
    arguments = [sys.executable, "-c", PIN, str(tmp_path), KEYS[0]]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stdout.readline().strip() == b"True"
        assert cache.clear() == 100
        assert cache.find(KEYS[0]) is not None
        program.kill()
    assert cache.clear() == 100
    cache.close()
    assert list((tmp_path / "users").iterdir()) == []


def test_a_file_without_a_row_is_counted_and_found(tmp_path: Path) -> None:
    filled(tmp_path, *KEYS[:2]).close()
    with closing(sqlite3.connect(tmp_path / "index.sqlite3")) as index, index:
        index.execute("DELETE FROM objects")
    cache = filled(tmp_path, KEYS[2])
    assert cache.size() == (3, 300)
    assert cache.find(KEYS[0], check=True) is not None
    assert cache.clear() == 300
    assert cache.size() == (0, 0)


def test_a_row_without_a_file_goes(tmp_path: Path) -> None:
    filled(tmp_path, *KEYS[:2])._object(KEYS[0]).unlink()
    cache = filled(tmp_path, KEYS[2])
    assert cache.size() == (2, 200)


def test_the_disk_makes_room_before_it_is_called_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = filled(tmp_path, *KEYS[:3])
    free = limits.DISK_RESERVE + 50

    def usage(folder: Path) -> object:
        left = len([key for key in KEYS if cache.find(key)])
        return type("Usage", (), {"free": free + (3 - left) * 100})

    monkeypatch.setattr("shutil.disk_usage", usage)
    cache.check_room(100, "a.png")
    assert cache.size() == (2, 200)
    with pytest.raises(FetchError) as caught:
        cache.check_room(1000, "a.png")
    assert (caught.value.code, "a.png needs 1000 bytes" in str(caught.value)) == ("disk", True)


def test_clearing_takes_what_is_half_fetched_too(tmp_path: Path) -> None:
    cache = filled(tmp_path, KEYS[0])
    with cache.writing(KEYS[1], never):
        part = cache.parts.begin(KEYS[1])
        part.start(Version(etag='"1"', total=1 << 30))
        part.write(b"x" * 50)
        cache.parts.end(KEYS[1], part, forget=False)
    assert cache.size()[1] > 150
    assert cache.clear() >= 150
    assert cache.size() == (0, 0)
    assert Cache(tmp_path / "none").clear() == 0


def test_one_thread_fetches_and_the_other_waits(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    order: list[str] = []
    inside = threading.Event()
    go_on = threading.Event()

    def first() -> None:
        with cache.writing(KEY, never):
            inside.set()
            go_on.wait()
            order.append("first")

    def second() -> None:
        inside.wait()
        with cache.writing(KEY, never):
            order.append("second")

    threads = [threading.Thread(target=work) for work in (first, second)]
    for thread in threads:
        thread.start()
    inside.wait()
    with pytest.raises(FetchError, match="cancelled"), cache.writing(KEY, lambda: True):
        pass
    go_on.set()
    for thread in threads:
        thread.join()
    assert order == ["first", "second"]


def test_room_is_checked_against_the_reserve(tmp_path: Path) -> None:
    with pytest.raises(FetchError) as caught:
        Cache(tmp_path).check_room(1 << 60, "a.png")
    assert caught.value.code == "disk"
    assert "a.png needs 1073741824 GB" in str(caught.value)


def test_no_query_is_written_anywhere(tmp_path: Path) -> None:
    put(Cache(tmp_path), key("https://host.example/get?token=CANARY"), b"pixels")
    for path in tmp_path.rglob("*"):
        assert "CANARY" not in path.name
        assert not path.is_file() or b"CANARY" not in path.read_bytes()
