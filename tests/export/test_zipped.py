"""Exports in a ZIP: read from their copy, bombs and broken ones refused in words."""

from __future__ import annotations

import functools
import json
import os
import zipfile
from pathlib import Path

import pytest

from tests.make import exports
from viewer import limits
from viewer.errors import ExportError
from viewer.export import Export, index, streams
from viewer.export import zipped as zipped_module
from viewer.export.window import Window


def zipped(path: Path, members: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.fixture
def content(tmp_path: Path) -> bytes:
    return exports.write(tmp_path / "plain", assets=7).read_bytes()


def test_an_export_in_a_zip_is_like_a_plain_one(tmp_path: Path, content: bytes) -> None:
    path = zipped(tmp_path / "e.zip", {"export.json": content})
    with Export.open(path, cache_dir=tmp_path / "cache") as export:
        export.read()
        assert export.layout == "zip"
        assert len(export.rows) == 7
        assert [export.asset(i).external_id for i in range(7)] == [row.external_id for row in export.rows]
    with Export.open(path, cache_dir=tmp_path / "cache") as again:
        assert again.complete
        assert again.asset(6).external_id == again.rows[6].external_id


def test_nothing_is_written_by_a_member_s_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "in").mkdir()
    path = zipped(tmp_path / "in" / "e.zip", {"../../evil.json": content})
    with Export.open(path, cache_dir=tmp_path / "cache") as export:
        export.read()
        assert len(export.rows) == 7
    assert not list(tmp_path.parent.rglob("evil.json"))


def test_a_zip_without_an_export_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "e.zip", {"picture.png": b"\x89PNG", "readme.txt": b"hello"})
    with pytest.raises(ExportError, match=r"e\.zip"):
        Export.open(path, cache_dir=tmp_path / "cache").read()


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ZIP_RATIO_FROM", 1 << 20)
    bomb = b'[{"asset":"a","externalId":"x","note":"' + b" " * (12 << 20) + b'"}]'
    path = zipped(tmp_path / "e.zip", {"e.json": bomb})
    with pytest.raises(ExportError, match="bomb"):
        Export.open(path, cache_dir=tmp_path / "cache").read()


def test_a_cut_or_altered_zip_says_so(tmp_path: Path, content: bytes) -> None:
    path = zipped(tmp_path / "e.zip", {"e.json": content})
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ExportError, match=r"e\.zip is a ZIP file that is cut or damaged"):
        Export.open(path, cache_dir=tmp_path / "cache")


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_damaged_member_keeps_the_assets_before_the_damage(
    compression: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "CHUNK", 4096)
    names = [f"{i}.png" for i in range(2000)]
    content = json.dumps([{"asset": name, "externalId": name, "task": {"taskId": name}} for name in names]).encode()
    path = zipped(tmp_path / "e.zip", {"e.json": content}, compression=compression)
    altered = bytearray(path.read_bytes())
    at = altered.find(b"1900.png") if compression == zipfile.ZIP_STORED else len(altered) * 9 // 10
    altered[at] ^= 0x01
    path.write_bytes(bytes(altered))
    with Export.open(path, cache_dir=tmp_path / "cache") as export:
        monkeypatch.setattr(index, "Window", functools.partial(Window, block=4096))
        export.read()
        told = [p.what for p in export.problems if "e.zip" in p.what]
        assert len(told) == 1
        assert "checksum" in told[0] or "cut or damaged" in told[0]
        assert 1000 < len(export.rows) <= 2000
        assert export.asset(900).external_id == "900.png"
        with pytest.raises(ExportError, match="cannot be shown"):
            export.asset(next(row.index for row in export.rows if not row.readable))


def test_a_member_without_a_readable_byte_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "e.zip", {"e.json": b'[{"asset":"a"}]' * 20})
    altered = bytearray(path.read_bytes())
    at = altered.find(b"e.json") + 6
    altered[at : at + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(bytes(altered))
    with pytest.raises(ExportError, match=r"e\.zip is cut or damaged"):
        Export.open(path, cache_dir=tmp_path / "cache")


def test_a_split_export_has_one_file_for_each_asset(tmp_path: Path) -> None:
    members = {
        "a.json": b'[{"asset":"a.png","externalId":"a"}]',
        "folder/b.json": b'\xef\xbb\xbf{\n "asset": "b.png",\n "externalId": "b"\n}',
        "c.ndjson": b'{"asset":"c.png","externalId":"c"}\n{"asset":"d.png","externalId":"d"}\n',
        "__MACOSX/._a.json": b"\0\0",
        "readme.txt": b"hello",
    }
    path = zipped(tmp_path / "e.zip", members)
    with Export.open(path, cache_dir=tmp_path / "cache") as export:
        export.read()
        assert not export.problems
        assert [row.external_id for row in export.rows] == ["a", "b", "c", "d"]
        assert [export.asset(i).url for i in range(4)] == ["a.png", "b.png", "c.png", "d.png"]


def test_a_password_is_named(tmp_path: Path, content: bytes) -> None:
    path = zipped(tmp_path / "e.zip", {"e.json": content})
    altered = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        altered[altered.find(signature) + flags] |= 1
    path.write_bytes(bytes(altered))
    with pytest.raises(ExportError, match="protected by a password"):
        Export.open(path, cache_dir=tmp_path / "cache")


def test_a_member_that_is_larger_than_it_says_is_refused_on_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assets = b'[{"asset":"a","externalId":"x","note":"' + b" " * (6 << 20) + b'"},{"asset":"b"}]'
    path = zipped(tmp_path / "e.zip", {"e.json": assets})
    with Export.open(path, cache_dir=tmp_path / "cache") as export:
        monkeypatch.setattr(limits, "ZIP_RATIO_FROM", 1 << 20)
        monkeypatch.setattr(zipped_module.Member, "check", lambda self: None)
        with pytest.raises(ExportError, match="bomb"):
            export.read()


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ZIP_MEMBERS", 3)
    path = zipped(tmp_path / "e.zip", {f"{i}.json": b"{}" for i in range(4)})
    with pytest.raises(ExportError, match="4 files, more than 3"):
        Export.open(path, cache_dir=tmp_path / "cache")


def test_an_export_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(tmp_path / "e.zip", {"e.json": b'[{"asset":"a"}]' * 100})
    monkeypatch.setattr(limits, "EXPORT_BYTES", 1000)
    with pytest.raises(ExportError, match="more than"):
        Export.open(path, cache_dir=tmp_path / "cache")


def test_the_unpacked_copy_has_no_name_and_goes_no_further_than_needed(tmp_path: Path, content: bytes) -> None:
    path = zipped(tmp_path / "e.zip", {"e.json": content})
    cache = tmp_path / "cache"
    with Export.open(path, cache_dir=cache) as export:
        export.read()
        assert export.asset(0).raw == content[export.rows[0].start : export.rows[0].end]
        named = [p for p in cache.rglob("*") if p.is_file() and p.suffix != ".sqlite"]
        assert named == [] or os.name == "nt"
