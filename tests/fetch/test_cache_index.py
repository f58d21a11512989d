import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from viewer.fetch.cache_index import SCHEMA, CacheIndex, Entry


def test_rows_and_totals(tmp_path: Path) -> None:
    index = CacheIndex(tmp_path / "index.sqlite3")
    assert index.entry("a") is None
    assert index.put("a", Entry(100, "digest", "image/png", '"1"')) == 100
    assert index.put("b", Entry(50, "digest")) == 150
    assert index.put("a", Entry(10, "other")) == 60
    assert index.entry("a") == Entry(10, "other")
    index.adopt([("a", 7, 1.0), ("c", 7, 1.0)])
    assert index.entry("a") == Entry(10, "other"), "it has its row"
    assert index.entry("c") == Entry(7, "")
    index.know("c", "found")
    assert index.entry("c") == Entry(7, "found")
    assert index.totals() == (3, 67)
    index.remove(["a", "none"])
    assert (index.totals(), index.keys()) == ((2, 57), {"b", "c"})
    index.close()
    assert CacheIndex(tmp_path / "index.sqlite3").totals() == (2, 57)


def test_eviction_spares_the_pins_of_the_living(tmp_path: Path) -> None:
    index = CacheIndex(tmp_path / "index.sqlite3")
    index.adopt([(key, 10, number) for number, key in enumerate("abcd")])
    assert index.pin("a", "alive")
    assert index.pin("b", "dead")
    assert not index.pin("z", "alive")
    assert index.evict(15, lambda user: user == "alive") == [("c", 10), ("d", 10)]
    assert index.evict(None, lambda user: user == "alive") == [("b", 10)]
    index.unpin("alive", ["a"])
    assert index.evict(None, lambda user: False) == [("a", 10)]
    assert index.totals() == (0, 0)


def test_what_is_about_to_be_made_is_not_removed(tmp_path: Path) -> None:
    index = CacheIndex(tmp_path / "index.sqlite3")
    index.reserve("a", "alive")
    index.adopt([("a", 10, 1.0)])  # somebody finds the file before its maker tells of it
    assert index.evict(None, lambda user: user == "alive") == []
    index.put("a", Entry(10, "digest"), user="alive")
    assert index.totals() == (1, 10)


def test_reading_does_not_wait_for_a_program_that_writes(tmp_path: Path) -> None:
    index = CacheIndex(tmp_path / "index.sqlite3")
    index.put("a", Entry(10, "digest"))
    with closing(sqlite3.connect(tmp_path / "index.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = threading.Thread(target=index.put, args=("b", Entry(1, "")))
        waiting.start()
        assert index.entry("a") == Entry(10, "digest")
        with pytest.raises(sqlite3.OperationalError):
            index.pin("a", "me", wait_s=0.0)
        other.execute("COMMIT")
        waiting.join()
    assert index.keys() == {"a", "b"}
    index.close()


def test_many_threads_write_at_once(tmp_path: Path) -> None:
    indexes = [CacheIndex(tmp_path / "index.sqlite3") for _ in range(2)]

    def write(number: int) -> None:
        for i in range(10):
            indexes[number % 2].put(f"{number}-{i}", Entry(1, ""))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert indexes[0].totals() == (60, 60)


def test_an_index_that_vanished_under_us_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite3"
    index = CacheIndex(path)
    index.put("a", Entry(1, ""))
    index.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 1")
    assert index.entry("a") is None
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
    assert path.with_name("index.sqlite3.damaged").exists()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.Error):
        CacheIndex(tmp_path / "none" / "index.sqlite3").totals()
