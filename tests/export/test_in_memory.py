import io
import json
import zipfile
from pathlib import Path

import pytest

from viewer import limits
from viewer.errors import ExportError
from viewer.export.in_memory import MemoryExport

ASSETS = [
    {"asset": "https://bucket.example.com/a.png?sig=canaryInMemory", "assetId": "a1", "externalId": "a.png",
     "task": {"taskId": "t1", "tools": []}},
    {"asset": "https://bucket.example.com/b.png", "externalId": "b.png", "task": {"taskId": "t2", "tools": []}},
]  # fmt: skip


def zipped(**members: bytes) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    file.seek(0)
    return file


def lines(assets: list[dict[str, object]] = ASSETS) -> bytes:
    return b"\n".join(json.dumps(asset).encode() for asset in assets)


def read(content: io.BytesIO) -> MemoryExport:
    return MemoryExport.read(content, name="The fresh export")


@pytest.mark.parametrize(
    "content",
    [zipped(x_ndjson=lines()), zipped(x_json=json.dumps(ASSETS, indent=1).encode()), io.BytesIO(lines()),
     zipped(x_ndjson=b"\xef\xbb\xbf" + lines() + b"\n\n"), zipped(a_json=lines(ASSETS[:1]), b_json=lines(ASSETS[1:]))],
    ids=["ndjson", "array", "plain", "mark", "split"],
)  # fmt: skip
def test_ids_and_json_of_each_asset(content: io.BytesIO) -> None:
    export = read(content)
    assert [(row.index, row.asset_id, row.task_id, row.external_id, row.readable) for row in export.rows] == [
        (0, "a1", "t1", "a.png", True),
        (1, None, "t2", "b.png", True),
    ]
    assert [json.loads(export.raw(index)) for index in range(2)] == ASSETS
    assert export.row(1) is export.rows[1]
    assert "canaryInMemory" not in repr(export)


def test_several_tasks_of_one_asset() -> None:
    asset = {"data": "https://bucket.example.com/a.png", "externalId": "a.png",
             "tasks": [{"taskId": "t1", "objects": []}, {"taskId": "t2", "objects": []}]}  # fmt: skip
    export = read(zipped(x_ndjson=lines([asset])))
    assert (export.rows[0].task_id, export.rows[0].other_task_ids) == ("t1", ("t2",))


def test_a_damaged_asset_keeps_its_place() -> None:
    export = read(zipped(x_ndjson=lines(ASSETS[:1]) + b'\n{"asset": }}}\n[]\n' + lines(ASSETS[1:])))
    assert [row.external_id for row in export.rows if row.readable][-1] == "b.png"
    assert export.rows[-1].index == len(export.rows) - 1 == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (io.BytesIO(b"PK\3\4 and then nothing"), "cut or damaged"),
        (io.BytesIO(zipped(x_ndjson=lines()).getvalue()[:-40]), "cut or damaged"),
        (io.BytesIO(b"<html>"), "no export that can be read here"),
        (io.BytesIO(b"[1, 2"), "no export that can be read here"),
        (zipped(x_txt=b"a", y_txt=b"b"), "without a JSON file"),
    ],
)
def test_what_is_no_export(content: io.BytesIO, words: str) -> None:
    with pytest.raises(ExportError, match=words):
        read(content)


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ASSET_JSON_BYTES", 60)
    for content in (lines(), json.dumps(ASSETS).encode()):
        with pytest.raises(ExportError, match="more than 0 MB"):
            read(zipped(x_ndjson=content))
    monkeypatch.setattr(limits, "EXPORT_BYTES", 100)
    monkeypatch.setattr(limits, "ASSET_JSON_BYTES", 1000)
    with pytest.raises(ExportError, match="may have"):
        read(zipped(x_ndjson=lines() + b"\n" + lines()))


def test_nothing_is_written_and_cancelling_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    asked = iter([False, True])
    export = MemoryExport.read(zipped(x_ndjson=lines()), name="The fresh export", cancelled=lambda: next(asked))
    assert len(export.rows) == 1
    assert not list(tmp_path.iterdir())
