"""Exports in a ZIP: read from their copy, bombs and broken ones refused in words."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.make import exports
from viewer import limits
from viewer.errors import ExportError
from viewer.export import Export


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
    with pytest.raises(ExportError, match=r"e\.zip"):
        Export.open(path, cache_dir=tmp_path / "cache").read()
    altered = bytearray(zipped(path, {"e.json": content}, compression=zipfile.ZIP_STORED).read_bytes())
    at = altered.find(b"externalId", 2000)
    altered[at] ^= 0x01
    path.write_bytes(bytes(altered))
    with pytest.raises(ExportError, match=r"e\.zip"), Export.open(path, cache_dir=tmp_path / "cache2") as export:
        export.read()
