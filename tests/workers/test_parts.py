from __future__ import annotations

import io
from typing import Any, BinaryIO

import pytest

from tests.workers.stub import open_document
from viewer.decoders.base import Document, Hints, PageInfo, View
from viewer.errors import DecodeError
from viewer.workers.parts import OPEN_PARTS, DatasetDocument, PartMissing, open_part, sniff


class Closing(io.BytesIO):
    """A file that counts how many of its kind are open."""

    open_now = 0

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        Closing.open_now += 1

    def close(self) -> None:
        if not self.closed:
            Closing.open_now -= 1
        super().close()


@pytest.fixture(autouse=True)
def all_closed() -> Any:
    Closing.open_now = 0
    yield
    assert Closing.open_now == 0


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63f80f00010101"
    "001bb6ee560000000049454e44ae426082"
)


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PNG, "", "image"),
        (PNG, "x.pdf", "image"),
        (b"%PDF-1.7\n", "x.png", "pdf"),
        (b"\0" * 128 + b"DICM", "", "dicom"),
        (b"{}", "x.json", ""),
        (b"", "", ""),
    ],
)
def test_a_file_is_known_by_its_bytes(content: bytes, name: str, kind: str) -> None:
    source = io.BytesIO(content)
    source.seek(0, io.SEEK_END)
    assert sniff(source, name) == kind
    assert source.tell() == 0


def test_a_part_tells_its_kind_and_closes_its_file() -> None:
    told: list[str] = []
    document = open_part(open_document, Closing(b'{"pages": 3}'), Hints(), told=told.append)
    assert (document.kind, document.page_count, told) == ("image", 3, [])
    assert document.info(2).size == (32.0, 16.0)
    assert document.render(2, None, 1.0, view=View(), cancelled=lambda: False).size == (32, 16)
    assert document.samples(0) is not None
    assert document.windows(0)
    assert document.prefetch(0, 1, lambda: False) is False  # type: ignore[attr-defined]
    assert Closing.open_now == 1
    document.close()
    document.close()
    with pytest.raises(DecodeError):
        open_part(open_document, Closing(b'{"open": "raise Corrupt cut"}'), Hints(), told=told.append)
    with pytest.raises(ValueError, match="codec"):
        open_part(open_document, Closing(PNG), Hints(), told=told.append)
    assert told == ["image"]


def test_a_document_without_prefetch_has_none() -> None:
    class Plain:
        kind, page_count, facts = "image", 1, {}
        info = render = samples = windows = close = lambda *_: None

    document = open_part(lambda _source, _hints: Plain(), Closing(b""), Hints(), told=print)  # type: ignore[arg-type,return-value]
    assert getattr(document, "prefetch", None) is None
    document.close()


def test_the_file_inside_an_envelope_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    from viewer.decoders import dicom

    inner = Closing(b'{"kind": "pdf", "pages": 7}')

    class Envelope:
        kind, page_count, facts = "dicom", 1, {"embedded": "pdf", "codec": "PDF"}
        is_open = True

        info = render = samples = windows = lambda *_: None

        def close(self) -> None:
            self.is_open = False

    envelope = Envelope()
    monkeypatch.setattr(dicom, "inner_file", lambda document: inner if document is envelope else None)

    def opener(source: BinaryIO, hints: Hints) -> Document:
        if source is not inner:
            return envelope  # type: ignore[return-value]
        assert hints.name == ""
        assert hints.password == "secret"
        return open_document(source, hints)  # type: ignore[return-value]

    document = open_part(opener, Closing(b""), Hints(name="a.dcm", password="secret"), told=lambda _: None)
    assert (document.kind, document.page_count) == ("pdf", 7)
    assert document.facts["envelope"] == "dicom"
    assert envelope.is_open
    document.close()
    assert not envelope.is_open


def test_a_broken_file_inside_closes_its_envelope(monkeypatch: pytest.MonkeyPatch) -> None:
    from viewer.decoders import dicom

    monkeypatch.setattr(dicom, "inner_file", lambda _document: Closing(b'{"open": "raise Corrupt cut"}'))
    closed: list[bool] = []

    def opener(source: BinaryIO, hints: Hints) -> Document:
        document = open_document(source, hints)
        document.facts["embedded"] = "pdf"
        document.close = lambda: closed.append(True)  # type: ignore[method-assign]
        return document  # type: ignore[return-value]

    with pytest.raises(DecodeError, match="cut"):
        open_part(opener, Closing(b"{}"), Hints(), told=lambda _: None)
    assert closed == [True]


def dataset(count: int, files: dict[int, bytes] | None = None) -> tuple[DatasetDocument, list[tuple[int, int]]]:
    asked: list[tuple[int, int]] = []

    def need(request: int, part: int) -> BinaryIO:
        asked.append((request, part))
        content = (files or {}).get(part, b"{}")
        if content == b"missing":
            raise PartMissing(part)
        return Closing(content)

    names = tuple(f"{k}.json" for k in range(count))
    return DatasetDocument(open_document, names, Hints(width=5.0), need=need, told=lambda _: None), asked


def test_parts_are_opened_when_wanted_and_kept_for_a_while() -> None:
    document, asked = dataset(100)
    assert (document.kind, document.page_count, asked) == ("dataset", 100, [])
    for page in (5, 6, 5, 6):
        document.request = page + 1000
        info = document.info(page)
        assert info.facts["document_kind"] == "image"
    assert asked == [(1005, 5), (1006, 6)]
    for page in range(50):
        assert document.render(page, None, 1.0, view=View(), cancelled=lambda: False).size == (32, 16)
        assert Closing.open_now <= OPEN_PARTS
    document.info(5)
    assert [part for _, part in asked].count(5) == 3 - 1
    document.close()


def test_a_part_that_fails_is_tried_again_and_spoils_no_other() -> None:
    document, asked = dataset(4, {1: b"missing", 2: b'{"open": "raise Corrupt cut"}'})
    for _ in range(2):
        with pytest.raises(PartMissing):
            document.samples(1)
        with pytest.raises(DecodeError, match="cut"):
            document.windows(2)
    assert document.windows(3)
    assert [part for _, part in asked] == [1, 2, 1, 2, 3]
    with pytest.raises(DecodeError, match="no page 4"):
        document.info(4)
    with pytest.raises(DecodeError, match="no page -1"):
        document.info(-1)
    document.close()


def test_pages_beyond_the_first_of_a_file_are_told() -> None:
    document, _ = dataset(2, {0: b'{"pages": 9}'})
    info: PageInfo = document.info(0)
    assert info.flags == ("first-of-several",)
    assert info.facts["part_pages"] == 9
    assert document.info(1).flags == ()
    document.close()
