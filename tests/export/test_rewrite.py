import codecs
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.errors import ExportError
from viewer.export import Export
from viewer.export.rewrite import (
    Span,
    address_spans,
    copy_with_addresses,
    name_of_copy,
    replaced,
    without_signature,
)

URL = "https://store.test/a.png?X-Amz-Signature=CANARY"


def values(raw: bytes) -> list[tuple[str, str]]:
    return [(span.member, span.value) for span in address_spans(raw)]


def test_where_addresses_stand() -> None:
    raw = json.dumps(
        {
            "asset": "a", "externalId": "asset", "dataset": ["d0", None, "d1", ""],
            "task": {"brushDataUrl": "b", "medicalBrushDataUrl": None, "tools": [{"title": "asset"}],
                     "stageHistory": [{"brushDataUrl": "h", "medicalBrushDataUrl": "m"}]},
        },
        indent=2,
    ).encode()  # fmt: skip
    assert values(raw) == [
        ("asset", "a"), ("dataset", "d0"), ("dataset", "d1"), ("dataset", ""), ("brushDataUrl", "b"),
        ("brushDataUrl", "h"), ("medicalBrushDataUrl", "m"),
    ]  # fmt: skip
    for span in address_spans(raw):
        assert json.loads(raw[span.start : span.end]) == span.value


@pytest.mark.parametrize(
    "raw",
    [
        rb'{"title": "say \"asset\": \"x\""}',
        rb'{"my\"asset": "x"}',
        b'{"assets": "x", "xasset": "y", "title": "asset"}',
        b'{"asset": 5, "dataset": {}, "brushDataUrl": null}',
        b'{"asset": ["x"], "dataset": [["x"], "y"]}',
        b'{"asset": "never ends',
        b"",
    ],
)
def test_where_none_stand(raw: bytes) -> None:
    assert values(raw) == []


def test_escapes_are_read() -> None:
    assert values(rb'{"asset" : "https:\/\/h\/\u00e4 \"\\.png"}') == [("asset", 'https://h/ä "\\.png')]


def test_damaged_json_has_its_addresses_too() -> None:
    assert values(b'{"asset": "a", "dataset": ["d" "e", tru, "task": {"brushDataUrl":"b"') == [
        ("asset", "a"), ("dataset", "d"), ("dataset", "e"), ("brushDataUrl", "b"),
    ]  # fmt: skip


def test_only_what_is_replaced_changes() -> None:
    raw = b'{ "asset":"old",\t"x": 1.50e0, "dataset" :["old" ,"kept"]}'
    assert replaced(raw, lambda span: 'new "ä"' if span.value == "old" else None) == (
        b'{ "asset":"new \\"\\u00e4\\"",\t"x": 1.50e0, "dataset" :["new \\"\\u00e4\\"" ,"kept"]}'
    )
    assert replaced(raw, lambda span: None) is raw
    assert replaced(raw, lambda span: span.value) is raw


@given(st.text(), st.dictionaries(st.text(), st.text() | st.integers()))
def test_any_address_can_be_replaced_and_nothing_else_is(address: str, others: dict[str, Any]) -> None:
    others = {name: value for name, value in others.items() if name not in ("asset", "data", "dataset")}
    asset = {"asset": address, **others}
    for ascii_only in (True, False):
        raw = json.dumps(asset, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
        new = replaced(raw, lambda span: "new" if span.member == "asset" and span.value == address else None)
        assert json.loads(new.decode("utf-8", "surrogatepass")) == {**asset, "asset": "new"}


def test_a_web_address_without_its_signature() -> None:
    assert without_signature(URL) == "https://store.test/a.png"
    assert without_signature("HTTP://h/a b?x=1 2#y") == "HTTP://h/a b"
    assert without_signature("lot/a?b.png") == "lot/a?b.png"
    assert without_signature("Is this text?") == "Is this text?"


# ---- whole exports ------------------------------------------------------------------------------------------


def copied(path: Path, cache: Path) -> bytes:
    """A copy in which each address got a prefix."""

    def replace(span: Span) -> str | None:
        return f"NEW/{span.value}"

    with Export.open(path, cache_dir=cache).read() as export:
        return b"".join(copy_with_addresses(path, export.rows, lambda row: replace))


Write = Callable[[str, bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def make(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return make


ASSETS = [{"asset": f"{i}.png", "externalId": f"ä{i}", "task": {"taskId": str(i), "tools": []}} for i in range(3)]
FORMS = {
    "compact.json": json.dumps(ASSETS, separators=(",", ":")).encode(),
    "indented.json": json.dumps(ASSETS, indent=3, ensure_ascii=False).encode() + b"\n\n",
    "bom.json": codecs.BOM_UTF8 + json.dumps(ASSETS).encode(),
    "object.json": json.dumps(ASSETS[0]).encode(),
    "lines.ndjson": b"\r\n".join(json.dumps(asset).encode() for asset in ASSETS) + b"\r\n",
    "damaged.json": json.dumps(ASSETS).encode().replace(b'"\\u00e41"', b'"\\u00e41'),
    "utf-16-le.json": codecs.BOM_UTF16_LE + json.dumps(ASSETS, ensure_ascii=False).encode("utf-16-le"),
    "utf-16-be.json": codecs.BOM_UTF16_BE + json.dumps(ASSETS, ensure_ascii=False).encode("utf-16-be"),
}


@pytest.mark.parametrize("name", FORMS)
def test_each_form_is_copied_byte_for_byte(write: Write, tmp_path: Path, name: str) -> None:
    content = FORMS[name]
    wide = name.partition(".")[0] if name.startswith("utf-16") else "ascii"
    expected = content
    for i in range(3):
        old, new = (f'"asset": "{prefix}{i}.png"' for prefix in ("", "NEW/"))
        expected = expected.replace(old.encode(wide), new.encode(wide))
        expected = expected.replace(old.replace(" ", "").encode(wide), new.replace(" ", "").encode(wide))
    assert expected != content
    path = write(name, content)
    assert copied(path, tmp_path / "cache") == expected
    assert name_of_copy(path) == name


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_zip_is_unpacked_under_its_members_name(tmp_path: Path) -> None:
    content = FORMS["compact.json"]
    path = zipped(tmp_path / "export.zip", **{"deep/../../my export.json": content})
    assert name_of_copy(path) == "my export.json"
    assert copied(path, tmp_path / "cache") == content.replace(b'"asset":"', b'"asset":"NEW/')


def test_the_assets_of_a_split_zip_become_one_file(tmp_path: Path) -> None:
    members = {f"{i}.json": json.dumps(asset, indent=1).encode() for i, asset in enumerate(ASSETS)}
    path = zipped(tmp_path / "export.zip", **members)
    assert name_of_copy(path) == "export.ndjson"
    copy = tmp_path / "copy.ndjson"
    copy.write_bytes(copied(path, tmp_path / "cache"))
    with Export.open(copy, cache_dir=tmp_path / "cache").read() as export:
        assert [export.asset(i).url for i in range(3)] == ["NEW/0.png", "NEW/1.png", "NEW/2.png"]


def test_names_that_are_no_names(tmp_path: Path) -> None:
    for member, name in ((".json", "json.json"), ("a:b?.json", "a_b_.json"), ("export.txt", "e.json")):
        found = name_of_copy(zipped(tmp_path / "e.zip", **{member: b"[]"}))
        assert found in (name, "e.json")


def test_a_damaged_zip_is_not_copied_as_if_it_were_whole(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export.zip", **{"a.json": json.dumps(ASSETS * 200).encode()})
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(ExportError):
        copied(path, tmp_path / "cache")


def test_rows_of_another_file_are_refused(write: Write, tmp_path: Path) -> None:
    path = write("e.json", FORMS["compact.json"])
    with Export.open(path, cache_dir=tmp_path).read() as export:
        path.write_bytes(FORMS["compact.json"][:100])
        with pytest.raises(ExportError, match="changed while"):
            list(copy_with_addresses(path, export.rows, lambda row: lambda span: None))
