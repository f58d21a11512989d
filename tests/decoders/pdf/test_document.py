"""PDF pages: places to a fraction of a pixel whatever the boxes, two engines, and files that bite."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.make import images, pdfs
from tests.make.pdfs import Rect, Sheet
from viewer.decoders import open_document
from viewer.decoders.base import Document, Hints, Raster, Region, View
from viewer.decoders.pdf.document import _grid
from viewer.decoders.pdf.mupdf import MuPdf
from viewer.errors import DecodeError

MARKER: Rect = (60, 45, 100, 65)
CONTENT = pdfs.filled(MARKER)


def opened(data: bytes, **hints: str) -> Document:
    return open_document(io.BytesIO(data), Hints(**hints))  # type: ignore[arg-type]


def render(document: Document, page: int = 0, region: Region | None = None, scale: float = 1.0) -> Raster:
    raster = document.render(page, region, scale, view=View(), cancelled=lambda: False)
    assert raster.format == "bgrx" and raster.pixels.flags.c_contiguous
    return raster


def marker_in(raster: Raster) -> Rect:
    """Edges of what is red, in page space, to a fraction of a pixel by the mean ink of rows and columns."""
    ink = (255.0 - raster.pixels[..., 1].astype(float)) / 255.0
    columns, rows = ink.max(axis=0), ink.max(axis=1)
    per_x = (raster.region[2] - raster.region[0]) / raster.size[0]
    per_y = (raster.region[3] - raster.region[1]) / raster.size[1]

    def edges(line: np.ndarray, start: float, per: float) -> tuple[float, float]:
        full = np.flatnonzero(line > 0.99)
        first, last = full[0], full[-1] + 1
        before = line[first - 1] if first > 0 else 0.0
        after = line[last] if last < len(line) else 0.0
        return start + (first - before) * per, start + (last + after) * per

    x0, x1 = edges(columns, raster.region[0], per_x)
    y0, y1 = edges(rows, raster.region[1], per_y)
    return x0, y0, x1, y1


SHEETS = [
    Sheet(content=CONTENT),
    Sheet(crop=(20, 10, 180, 90), content=CONTENT),
    Sheet(crop=(-50, 30, 150, 400), content=CONTENT),
    Sheet(media=(30, 20, 230, 120), content=CONTENT),
    Sheet(media=(-10.5, -20.25, 150.25, 90.5), content=CONTENT),
    Sheet(user_unit=2.5, content=CONTENT),
    Sheet(crop=(20, 10, 180, 90), user_unit=1.5, content=CONTENT),
]


@pytest.mark.parametrize("engine", ["mupdf", "pdfium"])
@pytest.mark.parametrize("scale", [1.0, 3.0])
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("sheet", SHEETS)
def test_placement(sheet: Sheet, rotate: int, scale: float, engine: str) -> None:
    sheet = dataclasses.replace(sheet, rotate=rotate)
    if engine == "pdfium":  # which ignores UserUnit when it is alone
        sheet = dataclasses.replace(sheet, user_unit=1.0)
    document = opened(pdfs.pdf(sheet), engine=engine)
    info = document.info(0)
    assert info.size == pytest.approx(sheet.size, abs=0.01)
    raster = render(document, scale=scale)
    assert raster.region == (0.0, 0.0, *info.size)
    assert raster.size == tuple(round(side * scale) for side in info.size)
    assert marker_in(raster) == pytest.approx(sheet.shown(MARKER), abs=0.15 / scale)


def test_pdfium_is_scaled_to_the_size_of_mupdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page with UserUnit that MuPDF fails to draw: PDFium ignores the unit, the picture must not."""
    sheet = Sheet(user_unit=2.0, content=CONTENT)

    def fail(*_: object, **__: object) -> None:
        raise DecodeError("no", code="Corrupt")

    monkeypatch.setattr(MuPdf, "render", fail)
    document = opened(pdfs.pdf(sheet))
    raster = render(document)
    assert raster.size == (400, 200) and "other-engine" in raster.flags
    assert marker_in(raster) == pytest.approx(sheet.shown(MARKER), abs=0.6)


@pytest.mark.parametrize("engine", ["mupdf", "pdfium"])
def test_a_region_is_the_same_part_of_the_whole(engine: str) -> None:
    document = opened(pdfs.pdf(Sheet(content=CONTENT)), engine=engine)
    whole = render(document, scale=4.0)
    part = render(document, region=(40.1, 20.0, 110.0, 70.3), scale=4.0)
    assert part.region == (40.0, 20.0, 110.0, 70.5)
    assert np.abs(part.pixels[..., :3].astype(int) - whole.pixels[80:282, 160:440, :3]).max() <= 1


@given(
    st.tuples(st.floats(0.5, 20_000), st.floats(0.5, 20_000)),
    st.tuples(st.floats(0, 1), st.floats(0, 1)),
    st.floats(1e-3, 64),
)
@settings(max_examples=200)
def test_the_grid_covers_the_region_and_stays_on_the_page(
    size: tuple[float, float], start: tuple[float, float], scale: float
) -> None:
    x0, y0 = start[0] * size[0] * 0.9, start[1] * size[1] * 0.9
    region = x0, y0, x0 + size[0] * 0.1, y0 + size[1] * 0.1
    exact, part = _grid(size, region, scale)
    covered = part[0] / exact[0], part[1] / exact[1], part[2] / exact[0], part[3] / exact[1]
    slack_x, slack_y = 2e-6 / exact[0], 2e-6 / exact[1]
    assert covered[0] <= region[0] + slack_x and covered[1] <= region[1] + slack_y
    assert covered[2] >= min(region[2], size[0]) - slack_x - 1e-9 * size[0]
    assert covered[3] >= min(region[3], size[1]) - slack_y - 1e-9 * size[1]
    assert 0 <= part[0] < part[2] <= round(size[0] * exact[0])
    assert 0 <= part[1] < part[3] <= round(size[1] * exact[1])


def test_pages_are_counted_and_checked() -> None:
    document = opened(pdfs.pdf(*(Sheet(media=(0, 0, 50 + k, 40)) for k in range(12))))
    assert document.page_count == 12
    assert [document.info(k).size[0] for k in (11, 0, 5)] == [61, 50, 55]
    for k in range(12):  # more than the engine keeps prepared
        assert render(document, page=k).size == (50 + k, 40)
    for wrong in (-1, 12):
        with pytest.raises(DecodeError):
            document.info(wrong)


def test_annotations_and_form_fields_are_drawn() -> None:
    stream = "<</Type/XObject/Subtype/Form/BBox[0 0 40 20]/Length 25>>stream\n1 0 0 rg 0 0 40 20 re f \nendstream"
    for kind in ("/Subtype/Stamp/F 4", "/Subtype/Widget/FT/Tx/T(a)/F 4"):
        annotation = f"<</Type/Annot{kind}/Rect[60 45 100 65]/AP<</N 6 0 R>>>>"
        data = pdfs.pdf(
            Sheet(extra="/Annots[5 0 R]"),
            catalog="/AcroForm<</Fields[5 0 R]>>",
            extra=(annotation, stream),
        )
        for engine in ("mupdf", "pdfium"):
            assert marker_in(render(opened(data, engine=engine))) == pytest.approx((60, 35, 100, 55), abs=0.5)


def test_inverted() -> None:
    document = opened(pdfs.pdf(Sheet(content=CONTENT)))
    raster = document.render(0, None, 1.0, view=View(inverted=True), cancelled=lambda: False)
    assert raster.pixels[0, 0, :3].tolist() == [0, 0, 0]
    assert raster.pixels[45, 80, :3].tolist() == [255, 255, 0]


# ---- passwords -------------------------------------------------------------------------------------------


def test_password() -> None:
    data = pdfs.encrypted(pdfs.pdf(Sheet(content=CONTENT)), "open sesame")
    for engine in ("", "pdfium"):
        with pytest.raises(DecodeError) as caught:
            opened(data, engine=engine)
        assert caught.value.code == "Encrypted" and "password is needed" in str(caught.value)
        with pytest.raises(DecodeError) as caught:
            opened(data, engine=engine, password="wrong")
        assert caught.value.code == "Encrypted" and "not the password" in str(caught.value)
        raster = render(opened(data, engine=engine, password="open sesame"))
        assert marker_in(raster) == pytest.approx(Sheet().shown(MARKER), abs=0.5)


def test_an_empty_password_opens_silently() -> None:
    assert opened(pdfs.encrypted(pdfs.pdf(Sheet()), "")).page_count == 1


# ---- damage ----------------------------------------------------------------------------------------------


def test_a_damaged_table_is_rebuilt_and_told() -> None:
    document = opened(pdfs.with_damaged_xref(pdfs.pdf(Sheet(content=CONTENT))))
    assert "repaired" in document.info(0).flags
    assert marker_in(render(document)) == pytest.approx(Sheet().shown(MARKER), abs=0.5)


def test_no_pages() -> None:
    with pytest.raises(DecodeError) as caught:
        opened(pdfs.pdf())
    assert "no pages" in str(caught.value)


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.4\n1 0 obj\n<<", b"%PDF-1.7\n" + b"\0" * 500])
def test_nothing_but_a_header(data: bytes) -> None:
    with pytest.raises(DecodeError) as caught:
        opened(data)
    assert caught.value.code == "Corrupt"


@pytest.mark.parametrize(
    ("media", "size"),
    [
        ((0, 0, 1, 1), (1, 1)),
        ((0, 0, 100, 2_147_483_648), (100, 14_400)),
        ((0, 0, 20_000, 20_000), (14_400, 14_400)),
    ],
)
def test_odd_sizes_are_clamped(media: Rect, size: tuple[float, float]) -> None:
    document = opened(pdfs.pdf(Sheet(media=media, content=CONTENT)))
    info = document.info(0)
    assert info.size == size and ("clamped" in info.flags) == (size[1] == 14_400)
    raster = render(document)
    assert raster.pixels.shape[0] * raster.pixels.shape[1] <= 64_000_000


def test_a_user_unit_may_exceed_the_limit_of_a_plain_page() -> None:
    info = opened(pdfs.pdf(Sheet(media=(0, 0, 10_000, 50), user_unit=2.0))).info(0)
    assert info.size == (20_000, 100) and info.flags == ()


def test_too_large_a_raster_is_reduced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.decoders.pdf.document.RASTER_PIXELS", 20_000)
    document = opened(pdfs.pdf(Sheet(content=CONTENT)))
    raster = render(document, scale=8.0)
    assert raster.size[0] * raster.size[1] <= 20_000 and "reduced" in raster.flags
    assert marker_in(raster) == pytest.approx(Sheet().shown(MARKER), abs=1.0)
    part = render(document, region=(60, 35, 70, 40), scale=8.0)
    assert part.size == (80, 40) and "reduced" not in part.flags


# ---- the other engine ------------------------------------------------------------------------------------


def test_what_mupdf_finds_empty_is_opened_by_pdfium() -> None:
    """Without /Count MuPDF sees no page at all."""
    document = opened(pdfs.pdf(Sheet(content=CONTENT), count=-1))
    assert document.page_count == 1
    assert marker_in(render(document)) == pytest.approx(Sheet().shown(MARKER), abs=0.5)


@pytest.mark.parametrize("level", [0, 255])
def test_a_page_that_only_mupdf_shows_empty(level: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with JBIG2 refinements, which MuPDF paints all black."""

    def uniform(self: MuPdf, page: int, *, part: tuple[int, int, int, int], **_: object) -> object:
        return np.full((part[3] - part[1], part[2] - part[0], 4), level, np.uint8), False

    monkeypatch.setattr(MuPdf, "render", uniform)
    document = opened(pdfs.pdf(Sheet(content=CONTENT)))
    raster = render(document)
    assert "other-engine" in raster.flags and document.info(0).facts["engine"] == "pdfium"
    assert marker_in(raster) == pytest.approx(Sheet().shown(MARKER), abs=0.5)
    asked = render(opened(pdfs.pdf(Sheet(content=CONTENT)), engine="mupdf"))
    assert "other-engine" not in asked.flags  # an engine that was asked for is not replaced


def test_a_white_corner_of_a_page_is_no_reason_to_change() -> None:
    document = opened(pdfs.pdf(Sheet(content=CONTENT)))
    raster = render(document, region=(0, 0, 10, 10))
    assert raster.flags == () and document.info(0).facts["engine"] == "mupdf"


def test_an_empty_page_is_said_to_be_empty() -> None:
    document = opened(pdfs.pdf(Sheet()))
    assert render(document).flags == ("blank",)


# ---- nothing is run, nothing is told on standard error ---------------------------------------------------


def test_actions_do_nothing(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    action = (
        f"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\);)/Next<</S/Launch/F(/bin/touch)"
        f"/Unix<</F({trace})>>/Next<</S/URI/URI(http://127.0.0.1:9/x)>>>>>>"
    )
    data = pdfs.pdf(Sheet(content=CONTENT, extra="/AA<</O<</S/JavaScript/JS(this.print\\(\\);)>>>>"), catalog=action)
    for engine in ("mupdf", "pdfium"):
        assert marker_in(render(opened(data, engine=engine))) == pytest.approx(Sheet().shown(MARKER), abs=0.5)
    assert not trace.exists()


def test_engines_are_silent(capfd: pytest.CaptureFixture[str]) -> None:
    bad = Sheet(content="BT /F1 12 Tf (x) Tj ET Q Q /Nothing Do 1 0 0 rg 60 45 40 20 re f")
    for engine in ("mupdf", "pdfium"):
        render(opened(pdfs.with_damaged_xref(pdfs.pdf(bad)), engine=engine))
    assert capfd.readouterr() == ("", "")


def test_mutations_end_in_pixels_or_a_decode_error() -> None:
    data = pdfs.pdf(*(Sheet(content=CONTENT, rotate=90 * k) for k in range(3)))
    for seed in range(40):
        document: Document | None = None
        try:
            document = opened(images.mutated(data, seed), name="a.pdf")
            assert render(document).pixels.size > 0
        except DecodeError as error:
            assert str(error).endswith(".")
        finally:
            if document is not None:
                document.close()
                document.close()
