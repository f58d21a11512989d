"""Files of every kind through their own decoders in workers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.make import standins
from tests.make.dicoms import envelope
from tests.make.pdfs import Sheet, pdf
from tests.workers.conftest import SOON
from viewer.decoders.base import Hints
from viewer.errors import DecodeError
from viewer.workers import DocumentClient, Pool


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PNG, a PDF of three pages, the same in a DICOM envelope, a video, and no picture."""
    folder = tmp_path_factory.mktemp("files")
    pixels = np.arange(90, dtype=np.uint8).reshape(5, 6, 3)
    Image.fromarray(pixels).save(folder / "a.png")
    document = pdf(*[Sheet(media=(0, 0, 200, 100))] * 3)
    (folder / "b.pdf").write_bytes(document)
    (folder / "c.dcm").write_bytes(envelope(document))
    standins.video(folder / "d.webm", frames=12, rate=10, size=(32, 24), codec="libvpx")
    (folder / "e.txt").write_bytes(b"not a picture, whatever one does")
    return folder


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool(documents=2) as pool:
        yield pool


def opened(pool: Pool, path: Path, hints: Hints | None = None) -> tuple[DocumentClient, str, int]:
    client = pool.open_paths([path], hints)
    found = client.opened.result(SOON)
    return client, found.kind, found.page_count


def test_each_kind_alone(pool: Pool, folder: Path) -> None:
    client, kind, pages = opened(pool, folder / "a.png")
    assert (kind, pages) == ("image", 1)
    assert client.render(0).result(SOON).pixels[4, 5, :3].tolist() == [89, 88, 87]
    client, kind, pages = opened(pool, folder / "d.webm", Hints(mapping="index"))
    assert (kind, pages) == ("video", 12)
    answer = client.render(7).result(SOON)
    assert (answer.size, answer.info.frame) == ((32, 24), 7)
    client.prefetch(7, 1)
    assert client.render(8).result(SOON).info.frame == 8
    with pytest.raises(DecodeError) as caught:
        opened(pool, folder / "e.txt")
    assert caught.value.code == "Unsupported"


@pytest.mark.parametrize("engine", ["mupdf", "pdfium"])
def test_a_pdf_and_the_same_in_an_envelope(pool: Pool, folder: Path, engine: str) -> None:
    for name in ("b.pdf", "c.dcm"):
        client, kind, pages = opened(pool, folder / name, Hints(engine=engine))
        assert (kind, pages) == ("pdf", 3)
        assert client.opened.result(0).facts["engine"] == engine
        answer = client.render(2, scale=2.0).result(SOON)
        assert (answer.size, answer.info.size) == ((400, 200), (200.0, 100.0))
        part = client.render(2, (50.0, 0.0, 100.0, 20.0), 4.0).result(SOON)
        assert part.size == (200, 80)
        client.close()


def test_all_as_one_dataset(pool: Pool, folder: Path) -> None:
    client = pool.open_paths(sorted(folder.iterdir()))
    assert client.opened.result(SOON).page_count == 5
    kinds = [client.info(page).result(SOON).facts["document_kind"] for page in range(4)]
    assert kinds == ["image", "pdf", "pdf", "video"]
    assert [client.render(page).result(SOON).size for page in range(4)] == [(6, 5), (200, 100), (200, 100), (32, 24)]
    with pytest.raises(DecodeError):
        client.render(4).result(SOON)
    assert client.render(0).result(SOON).size == (6, 5)
