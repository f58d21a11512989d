import zipfile

import pytest

from viewer import limits
from viewer.errors import ExportError
from viewer.export.beside import read_bytes, read_json


def test_plain_zipped_and_utf16(tmp_path):
    plain, packed, wide = (tmp_path / name for name in ("a.json", "a.zip", "w.json"))
    plain.write_bytes(b'{"a": NaN}')
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/a.json", '{"a": 1}')
    wide.write_bytes('{"a": "é"}'.encode("utf-16"))
    assert read_json(plain, what="x") == {"a": "NaN"}
    assert read_json(packed, what="x") == {"a": 1}
    assert read_json(wide, what="x") == {"a": "é"}


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "is empty"), (b"  \n", "is empty"), (b"{", "is not an ontology"), (b"PK\x03\x04x", "ZIP")],
)
def test_what_cannot_be_read(tmp_path, content, words):
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(ExportError, match=words) as raised:
        read_json(path, what="an ontology")
    assert str(raised.value).startswith("a.json ")


def test_not_there_a_folder_and_too_large(tmp_path, monkeypatch):
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(ExportError, match="cannot be read"):
            read_bytes(path, what="x")
    monkeypatch.setattr(limits, "ASSET_JSON_BYTES", 3)
    (tmp_path / "a.json").write_bytes(b"[1, 2]")
    with pytest.raises(ExportError, match="is larger than"):
        read_bytes(tmp_path / "a.json", what="x")
