import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.errors import FetchError
from viewer.fetch import policy
from viewer.fetch.bundle import Bundle, readable_name
from viewer.fetch.call import never
from viewer.fetch.client import Received
from viewer.fetch.locate import kind_of

UUID = "/project/assets/7f3a.png"


@pytest.mark.parametrize(
    ("external_id", "url_path", "options", "name"),
    [
        ("lot_1/0231.jpg", UUID, {}, "lot_1/0231.jpg"),
        ("0231", UUID, {}, "0231.png"),
        ("version 1.final cut", UUID, {}, "version 1.final cut.png"),
        ("scan.dcm", "/x/y", {}, "scan.dcm"),
        (None, UUID, {}, "7f3a.png"),
        ("", UUID, {}, "7f3a.png"),
        (None, "", {}, "asset"),
        ("../../etc/passwd", UUID, {}, "etc/passwd.png"),
        ("C:\\lot\\a.png", UUID, {}, "C_/lot/a.png"),
        ("a/b/c/d/e/f.png", UUID, {}, "c/d/e/f.png"),
        ("con.png", UUID, {}, "_con.png"),
        (".hidden.png", UUID, {}, "_.hidden.png"),
        ("~root", UUID, {}, "_~root.png"),
        ("100% a?b#c.png", UUID, {}, "100_ a_b_c.png"),
        ("a\x00b\u202ec.png", UUID, {}, "a_b_c.png"),
        ("e\u0301.png", UUID, {}, "\u00e9.png"),
        ("ends. . .", "", {}, "ends"),
        ("ct", "/x/9.dcm", {"part": 4, "parts": 120}, "ct/005.dcm"),
        ("ct.zip", "/x/9", {"part": 0, "parts": 2}, "ct.zip/1"),
        ("lot/a.jpg", "/brushes/9.png", {"kind": "brush"}, "lot/a.brush.png"),
    ],
)
def test_readable_names(external_id: str | None, url_path: str, options: dict[str, int], name: str) -> None:
    assert readable_name(external_id, url_path, **options) == name  # type: ignore[arg-type]


@given(st.text() | st.none(), st.text())
def test_each_name_is_one_that_the_viewer_reads_again(external_id: str | None, url_path: str) -> None:
    name = f"assets/{readable_name(external_id, url_path)}"
    policy.check_relative(name)
    assert kind_of(name) == "relative"
    assert all(len(part.encode("utf-8", "replace")) <= 200 for part in name.split("/"))


def test_a_long_name_keeps_its_suffix() -> None:
    name = readable_name("ä" * 500 + ".jpeg", "")
    assert name.endswith("ä.jpeg") and len(name.encode()) <= 150
    assert len(readable_name("a." + "b" * 500, "").encode()) <= 150


def test_names_do_not_collide(tmp_path: Path) -> None:
    with Bundle(tmp_path) as bundle:
        assert bundle.name("1", "a.png") == "assets/a.png"
        assert bundle.name("2", "a.png") == "assets/a (2).png"
        assert bundle.name("3", "A.PNG") == "assets/A (3).PNG"
        assert bundle.name("1", "b.png") == "assets/a.png", "a file has one name"
        assert bundle.name("4", "a.png/1.png") == "assets/a.png (2)/1.png"
        assert bundle.name("5", "lot/1.png") == "assets/lot/1.png"
        assert bundle.name("6", "lot") == "assets/lot (2)"
        assert bundle.name("7", "e\u0301") == "assets/e\u0301"
        assert bundle.name("8", "\u00e9") == "assets/\u00e9 (2)"


def put(bundle: Bundle, key: str, content: bytes, name: str = "a.png") -> Path:
    bundle.name(key, name)
    with bundle.writing(key, never):
        part = bundle.parts.begin(key)
        try:
            part.write(content)
            return bundle.finish(key, part, Received(len(content), part.sha256, content[:512], "", "", ""))
        finally:
            bundle.parts.end(key, part, forget=True)


def test_a_later_run_knows_which_file_is_which(tmp_path: Path) -> None:
    with Bundle(tmp_path) as bundle:
        assert bundle.find("1") is None
        assert put(bundle, "1", b"one", "lot/a.png").read_bytes() == b"one"
    with Bundle(tmp_path) as bundle:
        assert bundle.name("2", "lot/a.png") == "assets/lot/a (2).png"
        assert bundle.name("1", "other.png") == "assets/lot/a.png"
        found = bundle.find("1")
        assert found == tmp_path / "assets" / "lot" / "a.png"
        found.write_bytes(b"longer")
        assert bundle.find("1") is None, "it is not what was fetched"
        found.unlink()
        assert bundle.find("1") is None
        put(bundle, "1", b"anew")
        assert found.read_bytes() == b"anew"
    assert sorted(path.name for path in (tmp_path / "assets").iterdir()) == [".fetched.ndjson", "lot"]


def test_a_cut_or_planted_line_of_the_ledger_counts_for_nothing(tmp_path: Path) -> None:
    with Bundle(tmp_path) as bundle:
        put(bundle, "1", b"one")
    secret = tmp_path / "secret"
    secret.write_bytes(b"pin")
    ledger = tmp_path / "assets" / ".fetched.ndjson"
    planted = "".join(
        f'{{"key":"{i}","name":"{name}","length":3,"sha256":""}}\n'
        for i, name in enumerate(["secret", "assets/../secret", "/etc/passwd", "assets/", "assets/.fetched.ndjson"], 5)
    )
    ledger.write_bytes(ledger.read_bytes() + planted.encode() + b'{"key":"2","na')
    with Bundle(tmp_path) as bundle:
        assert bundle.find("1") is not None
        assert [bundle.find(str(i)) for i in range(5, 10)] == [None] * 5
        put(bundle, "2", b"two", "b.png")
    with Bundle(tmp_path) as bundle:
        assert bundle.find("2") is not None
    assert secret.read_bytes() == b"pin"


def test_a_file_of_this_computer_is_copied(tmp_path: Path) -> None:
    source = tmp_path / "source.png"
    source.write_bytes(b"x" * 3_000_000)
    with Bundle(tmp_path / "out") as bundle:
        bundle.name("1", "a.png")
        first = bundle.add("1", source, "a.png", never)
        assert first.read_bytes() == source.read_bytes()
        state = first.stat()
        assert bundle.add("1", source, "a.png", never).stat().st_mtime_ns == state.st_mtime_ns, "nothing to do"
        source.write_bytes(b"new")
        assert bundle.add("1", source, "a.png", never).read_bytes() == b"new"


def test_one_program_at_a_time(tmp_path: Path) -> None:
    with Bundle(tmp_path), pytest.raises(FetchError, match="Another program"), Bundle(tmp_path):
        pass
    with Bundle(tmp_path):
        pass


def test_a_folder_that_cannot_be_written_has_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FetchError, match="Choose another folder") as caught, Bundle(tmp_path / "file" / "out"):
        pass
    assert caught.value.code == "disk"


def test_room_is_asked_for(tmp_path: Path) -> None:
    with Bundle(tmp_path) as bundle, pytest.raises(FetchError) as caught:
        bundle.check_room(1 << 60, "a.png")
    assert (caught.value.code, "a.png needs" in str(caught.value)) == ("disk", True)


def test_the_exports_copy_is_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Bundle(tmp_path) as bundle:
        assert bundle.write("e.json", iter([b"[", b"]"])).read_bytes() == b"[]"

        def full(descriptor: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="space"):
            bundle.write("e.json", iter([b"[1]"]))
    assert (tmp_path / "e.json").read_bytes() == b"[]"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["assets", "e.json"]
