"""Every kind of file that people open by mistake has its sentence; encodings are read."""

from __future__ import annotations

import codecs
import json
import zipfile
from pathlib import Path

import pytest

from viewer import limits
from viewer.errors import ExportError
from viewer.export import Export
from viewer.export.sniff import sniff

ASSET = {"asset": "a.png", "externalId": "né", "task": {"taskId": "t", "tools": [{"point": [1, 2], "title": "é"}]}}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b" \n\t ", "nothing but white space"),
        (b"not json", "is not JSON"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "a file of another kind"),
        (b"\x1f\x8b\x08\0", "a file of another kind"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "is a web page"),
        (b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "is XML"),
        (b'"text"', "is not JSON"),
        (b"[1, 2, 3]", "holds no assets"),
        (b'{"images": [], "annotations": [], "categories": []}', "not an export of Ango Hub"),
        (b'[{"name": "x"}, {"name": "y"}]', "not an export of Ango Hub"),
        (b'[{"_id":"1","asset":{"externalId":"a"},"labelTask":"t","status":"Open","content":"c"}]', "export of issues"),
        (b'{"data":{"project":{"categorySchema":{"tools":[]}}}}', "ontology"),
        (b'{"categorySchema":{"tools":[]},"stages":[]}', "ontology"),
        (b'{"tools":[{"title":"car","tool":"bounding-box","color":"#ff0000","schemaId":"1"}]}', "ontology"),
    ],
)
def test_what_is_no_export_is_refused_in_words(content: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(content)
    with pytest.raises(ExportError, match=sentence) as told:
        Export.open(path, cache_dir=tmp_path / "cache")
    assert "file.json" in str(told.value)


def test_a_file_that_is_too_large_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "EXPORT_BYTES", 10)
    path = tmp_path / "file.json"
    path.write_text(json.dumps([ASSET]))
    with pytest.raises(ExportError, match="more than"):
        sniff(path)


@pytest.mark.parametrize(
    "how",
    [
        lambda text: text.encode(),
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
    ],
    ids=["utf-8", "bom", "utf-16 le bom", "utf-16 be bom", "utf-16 le", "utf-16 be"],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_encodings_are_read(how: object, indent: int | None, tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(how(json.dumps([ASSET] * 3, ensure_ascii=False, indent=indent)))  # type: ignore[operator]
    with Export.open(path, cache_dir=tmp_path / "cache") as export:
        export.read()
        assert not export.problems
        assert [row.external_id for row in export.rows] == ["né"] * 3
        assert export.asset(2).tasks[0].current.labels.annotations[0].title == "é"


def test_latin_1_is_read_and_told(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    text = json.dumps([ASSET, {"asset": "b.png", "externalId": "plain"}], ensure_ascii=False)
    path.write_bytes(text.encode("latin-1"))
    with Export.open(path, cache_dir=tmp_path / "cache") as export:
        export.read()
        assert [row.external_id for row in export.rows] == ["n\ufffd", "plain"]
        assert [p.asset_index for p in export.problems] == [0]
        assert export.asset(0).problems


@pytest.mark.parametrize(
    ("content", "layout", "count"),
    [
        (json.dumps([ASSET, ASSET]), "array", 2),
        ("[]", "array", 0),
        (" [\n] ", "array", 0),
        (json.dumps(ASSET), "object", 1),
        (json.dumps(ASSET, indent=2), "object", 1),
        (json.dumps(ASSET) + "\n", "object", 1),
        (json.dumps(ASSET) + "\n" + json.dumps(ASSET), "ndjson", 2),
        (json.dumps(ASSET) + "\r\n\r\n" + json.dumps(ASSET) + "\r\n", "ndjson", 2),
        ('{"asset":"cut\n' + json.dumps(ASSET) + "\n" + json.dumps(ASSET), "ndjson", 3),
    ],
)
def test_the_layout_is_told(content: str, layout: str, count: int, tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_text(content)
    with Export.open(path, cache_dir=tmp_path / "cache") as export:
        export.read()
        assert (export.layout, len(export.rows)) == (layout, count)


@pytest.mark.parametrize(
    "content",
    [
        's://lost","externalId":"1"},\n{ASSET},\n{ASSET}]',
        '[s://lost","externalId":"1"},{ASSET},{ASSET}]',
        's://lost","externalId":"1"}\n{ASSET}\n{ASSET}\n',
    ],
)
def test_a_lost_beginning_costs_the_first_asset(content: str, tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_text(content.replace("{ASSET}", json.dumps(ASSET)))
    with Export.open(path, cache_dir=tmp_path / "cache") as export:
        export.read()
        assert [row.external_id for row in export.rows] == [None, "né", "né"]
        assert [p.asset_index for p in export.problems] == [0]


def test_a_first_line_longer_than_what_is_looked_at(tmp_path: Path) -> None:
    long = {**ASSET, "contextData": "x" * (3 << 20)}
    path = tmp_path / "file.json"
    path.write_text(json.dumps(long) + "\n" + json.dumps(ASSET))
    with Export.open(path, cache_dir=tmp_path / "cache") as export:
        export.read()
        assert (export.layout, len(export.rows)) == ("ndjson", 2)


@pytest.mark.parametrize("name", ["webhook", "import"])
def test_other_forms_of_an_asset(name: str, tmp_path: Path) -> None:
    asset = {
        "webhook": {
            "projectId": "p",
            "categorySchema": {"tools": [{"title": "car", "color": "#ff0000", "schemaId": "1"}]},
            **ASSET,
            "batches": ["64e5"],
            "batchNames": ["first"],
            "task": {**ASSET["task"], "stage": "id-1", "stageName": "Label"},  # type: ignore[dict-item]
        },
        "import": {"externalId": "né", "objects": [{"point": [1, 2], "title": "é"}]},
    }[name]
    path = tmp_path / "file.json"
    path.write_text(json.dumps(asset))
    with Export.open(path, cache_dir=tmp_path / "cache") as export:
        row = export.read().rows[0]
        assert (row.external_id, row.labels) == ("né", 1)
        if name == "webhook":
            assert (row.stage, row.visits[-1].stage_id, row.batches) == ("Label", "id-1", ("first",))


def test_a_folder_with_other_files_beside_the_export(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "issues.json").write_text('[{"_id":"1","labelTask":"t","content":"c","asset":{}}]')
    (folder / "notes.txt").write_text("hello")
    with pytest.raises(ExportError, match="holds no export"):
        Export.open(folder, cache_dir=tmp_path / "cache")
    with zipfile.ZipFile(folder / "export.zip", "w") as archive:
        archive.writestr("export.json", json.dumps([ASSET]))
    with Export.open(folder, cache_dir=tmp_path / "cache") as export:
        assert export.path.name == "export.zip"
        assert len(export.read().rows) == 1
