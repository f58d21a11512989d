"""Drawings: natural sizes as CSS has them, exact places at any scale, and nothing fetched or run."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import numpy as np
import pytest

from viewer.decoders import open_document
from viewer.decoders.base import Document, Hints, View
from viewer.decoders.image.svg import natural_size, straight
from viewer.errors import DecodeError

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" '


def opened(text: str) -> Document:
    return open_document(io.BytesIO(text.encode()), Hints())


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="40" height="20"', (40, 20)),
        ("width='40px' height='1in'", (40, 96)),
        ('width="30pt" height="25.4mm"', (40, 96)),
        ('viewBox="0 0 70 35"', (70, 35)),
        ('width="140" viewBox="0 0 70 35"', (140, 70)),
        ('height="70" viewBox="0,0,70,35"', (140, 70)),
        ('width="100%" height="50%" viewBox="0 0 8 4"', (8, 4)),
        ("", (300, 150)),
        ('width="-3" height="nan"', (300, 150)),
        ('width="1e9" height="10"', (65_535, 10)),
        ('viewBox="0 0 0 5"', (300, 150)),
        ('viewBox="a b"', (300, 150)),
    ],
)
def test_natural_size(attributes: str, size: tuple[float, float]) -> None:
    assert natural_size(f"<?xml version='1.0'?><!-- width='3' -->{HEAD}{attributes}>".encode()) == pytest.approx(size)


@pytest.mark.parametrize("scale", [1.0, 2.0, 0.5, 8.0])
def test_a_block_lies_where_it_should(scale: float) -> None:
    document = opened(f'{HEAD}width="40" height="24"><rect x="8" y="4" width="16" height="8" fill="#f00"/></svg>')
    assert document.info(0).size == (40, 24)
    raster = document.render(0, None, scale, view=View(), cancelled=lambda: False)
    assert raster.size == (40 * scale, 24 * scale) and raster.region == (0, 0, 40, 24)
    rows, columns = np.nonzero(raster.pixels[..., 3] > 127)
    found = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert found == tuple(v * scale for v in (8, 4, 24, 12))
    assert raster.pixels[int(6 * scale), int(10 * scale)].tolist() == [0, 0, 255, 255]


def test_a_region_is_the_same_part_of_the_whole() -> None:
    document = opened(f'{HEAD}width="40" height="24"><circle cx="20" cy="12" r="9" fill="#0a0"/></svg>')
    whole = document.render(0, None, 4.0, view=View(), cancelled=lambda: False)
    part = document.render(0, (10, 6, 22, 17), 4.0, view=View(), cancelled=lambda: False)
    assert part.region == (10, 6, 22, 17)
    change = part.pixels.astype(int) - whole.pixels[24:68, 40:88]
    assert np.abs(change).max() <= 8 and np.abs(change).mean() < 0.1


def test_packed() -> None:
    data = gzip.compress(f'{HEAD}width="4" height="3"/>'.encode())
    assert open_document(io.BytesIO(data), Hints()).info(0).size == (4, 3)


def test_a_packed_bomb_is_refused() -> None:
    data = gzip.compress(f'{HEAD}width="4" height="3">'.encode() + b" " * (70 << 20) + b"</svg>")
    with pytest.raises(DecodeError) as caught:
        open_document(io.BytesIO(data), Hints())
    assert caught.value.code == "TooLarge"


def test_nothing_outside_is_read(tmp_path: Path) -> None:
    """A file that the drawing names by href, entity and style stays unread: no pixel of it appears."""
    from tests.make import images

    secret = tmp_path / "secret.png"
    secret.write_bytes(images.saved(images.marked(), "PNG"))
    address = secret.as_uri()
    entities = "".join(f"<!ENTITY e{k} '&e{k - 1};&e{k - 1};&e{k - 1};&e{k - 1};'>" for k in range(1, 40))
    text = (
        f"<!DOCTYPE svg [<!ENTITY e0 'x'><!ENTITY s SYSTEM '{address}'>{entities}]>"
        f'{HEAD}xmlns:xlink="http://www.w3.org/1999/xlink" width="48" height="32">'
        f'<script>location="{address}"</script><text>&e39;&s;</text>'
        f'<image href="{address}" width="48" height="32"/><image xlink:href="{secret}" width="48" height="32"/>'
        "</svg>"
    )
    try:
        raster = opened(text).render(0, None, 1.0, view=View(), cancelled=lambda: False)
    except DecodeError:
        return
    seen = raster.pixels[raster.pixels[..., 3] > 0]
    colours = {tuple(int(v) for v in pixel[2::-1]) for pixel in seen}
    assert not colours & set(images.CORNERS.values())


def test_straight_alpha() -> None:
    premultiplied = np.array([[[64, 0, 128, 128], [0, 0, 0, 0], [9, 8, 7, 255]]], np.uint8)
    assert straight(premultiplied).tolist() == [[[128, 0, 255, 128], [0, 0, 0, 0], [9, 8, 7, 255]]]


def test_silent(capfd: pytest.CaptureFixture[str]) -> None:
    bad = '<path d="M0 0 Q <"/><image href="data:image/png;base64,abc***" width="4" height="4"/>'
    opened(f'{HEAD}width="9" height="9">{bad}</svg>').render(0, None, 1.0, view=View(), cancelled=lambda: False)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("text", [f"{HEAD}", f"{HEAD}width='3'><g>", f"{HEAD}></b>"])
def test_broken(text: str) -> None:
    try:
        opened(text).render(0, None, 1.0, view=View(), cancelled=lambda: False)
    except DecodeError as error:
        assert "SVG" in str(error)
