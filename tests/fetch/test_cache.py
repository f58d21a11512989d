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

from viewer.errors import FetchError
from viewer.fetch.cache import Cache, key_of
from viewer.fetch.call import never
from viewer.fetch.policy import check_url

KEY = "ab" + "0" * 62


def put(cache: Cache, key: str, content: bytes) -> Path:
    part = cache.begin(key)
    part.file.write(content)
    return cache.finish(key, part, length=len(content), sha256=hashlib.sha256(content).hexdigest())


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


def test_parts_of_dead_programs_are_swept_and_those_of_the_living_are_not(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    parts = tmp_path / "parts"
    parts.mkdir()
    left = parts / f"{KEY}.{dead.pid}-1"
    left.write_bytes(b"half")
    running = parts / f"{KEY}.{os.getppid()}-1"
    running.write_bytes(b"half")
    Cache(tmp_path).begin(KEY).discard()
    assert not left.exists()
    assert running.exists()


def test_a_failed_finish_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    part = cache.begin(KEY)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        cache.finish(KEY, part, length=0, sha256="")
    assert cache.find(KEY) is None
    assert list((tmp_path / "parts").iterdir()) == []


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
