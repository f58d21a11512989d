"""The document as a whole: what kind of file it is, regions and scales, what is inside, damage against words."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.decoders.dicom.reading import opened, shown
from tests.make import dicoms
from tests.make.dicoms import dicom, envelope, ramp
from viewer import limits
from viewer.decoders.base import View
from viewer.decoders.dicom import DicomDecoder, inner_file
from viewer.errors import DecodeError


def test_regions_and_scale() -> None:
    frame = ramp(1, 50, 70, np.uint16)[0]
    document = opened(dicom(frame, elements={"WindowCenter": 300, "WindowWidth": 600}))
    raster = document.render(0, (10.2, 5.0, 21.0, 16.9), 1.0, view=View(), cancelled=lambda: False)
    assert raster.region == (10.0, 5.0, 21.0, 17.0)
    np.testing.assert_array_equal(raster.pixels, shown(document)[5:17, 10:21])
    half = document.render(0, (3.0, 3.0, 69.0, 49.0), 0.4, view=View(), cancelled=lambda: False)
    assert half.region == (2.0, 2.0, 70.0, 50.0)
    assert half.size == (34, 24)
    full = shown(document)[2:50, 2:70].astype(float).reshape(24, 2, 34, 2).mean(axis=(1, 3))
    assert np.abs(half.pixels - full).max() <= 1.5
    assert document.render(0, None, 0.25, view=View(), cancelled=lambda: False).size == (18, 13)


def test_a_huge_request_is_reduced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RASTER_PIXELS", 1000)
    raster = opened(dicom(ramp(1, 64, 64, np.uint16))).render(0, None, 1.0, view=View(), cancelled=lambda: False)
    assert raster.size == (16, 16)
    assert raster.region == (0.0, 0.0, 64.0, 64.0)


@pytest.mark.parametrize("syntax", ["implicit", "explicit", "big"])
def test_files_without_preamble_are_recognised_and_read(syntax: str) -> None:
    frame = ramp(1, 8, 8, np.uint16)
    data = dicom(frame, syntax=syntax, preamble=False)
    assert DicomDecoder.accepts(data[:4096], "7a3f")
    np.testing.assert_array_equal(opened(data).samples(0), frame[0])


def test_other_files_are_not_mine() -> None:
    for head in (b"\xff\xd8\xff\xe0" + bytes(200), b"\x89PNG\r\n\x1a\n" + bytes(200), b"%PDF-1.7\n" + b"x" * 200,
                 b"\x1aE\xdf\xa3" + bytes(200), b"[{}]" + b" " * 200, bytes(4096), b"", b"\x08\x00"):  # fmt: skip
        assert not DicomDecoder.accepts(head, "asset.bin")
    assert DicomDecoder.accepts(b"", "slice.dcm")


@pytest.mark.parametrize("data", [b"", b"DICM", b"hello world" * 100, bytes(1000)])
def test_what_is_no_dicom_is_told(data: bytes) -> None:
    with pytest.raises(DecodeError, match=r"no DICOM|cannot be read|no picture"):
        opened(data)


def test_a_file_without_pixels_names_its_kind() -> None:
    ds = pydicom.dcmread(io.BytesIO(dicom(np.zeros((2, 2), np.uint8), sop_class="1.2.840.10008.5.1.4.1.1.88.33")))
    del ds.PixelData
    with pytest.raises(DecodeError, match=r"no picture \(Comprehensive SR Storage\)") as caught:
        opened(dicoms.written(ds))
    assert caught.value.code == "Unsupported"


def test_a_pdf_inside_is_handed_out() -> None:
    content = b"%PDF-1.4\n%%EOF\n"
    document = opened(envelope(content))
    assert document.facts["embedded"] == "pdf"
    inner = inner_file(document)
    assert inner is not None
    assert inner.read() == content
    with pytest.raises(DecodeError, match="PDF document"):
        document.info(0)
    document.close()
    document.close()
    with pytest.raises(DecodeError, match="no PDF"):
        opened(envelope(b"<xml/>", mime="text/XML"))


@pytest.mark.parametrize("fragments", [1, 4])
def test_a_video_inside_is_one_seekable_file(fragments: int) -> None:
    stream = bytes(range(256)) * 400
    data = dicom([stream], syntax="mpeg4", rows=8, columns=8, declared_frames=30, fragments=fragments)
    document = opened(data)
    assert document.facts["embedded"] == "video"
    assert document.page_count == 30
    inner = inner_file(document)
    assert inner is not None
    assert inner.seek(0, io.SEEK_END) == len(stream)
    for at in (99_000, 0, 51_199, 25_599):
        inner.seek(at)
        assert inner.read(3000) == stream[at : at + 3000]
    assert inner_file(opened(dicom(np.zeros((2, 2), np.uint8)))) is None


def test_deep_sequences_are_refused() -> None:
    item = struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
    sequence = struct.pack("<HH2sHI", 0x0008, 0x1140, b"SQ", 0, 0xFFFFFFFF)
    data = dicom(np.zeros((2, 2), np.uint8))
    with pytest.raises(DecodeError, match="too deeply") as caught:
        opened(data[: data.index(b"\x08\x00\x16\x00UI")] + (sequence + item) * 10_000)
    assert caught.value.code == "TooLarge"


def test_an_element_that_claims_four_gigabytes_costs_nothing() -> None:
    claim = struct.pack("<HH2sHI", 0x0009, 0x1001, b"OB", 0, 0xFFFFFFF0)
    data = dicom(np.zeros((2, 2), np.uint8))
    with pytest.raises(DecodeError):
        opened(data[: data.index(b"\x08\x00\x60\x00CS")] + claim)


def test_a_deflated_bomb_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DICOM_INFLATED_BYTES", 1 << 20)
    with pytest.raises(DecodeError, match="unpacks to more"):
        opened(dicom(np.zeros((3000, 1000), np.uint8), syntax="deflated"))


def test_nothing_of_the_patient_leaves_the_file(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    data = dicom(ramp(2, 8, 8, np.uint16), elements={"RescaleSlope": "1"}).replace(b"ISO_IR 6", b"SECRET-X")
    document = opened(data)
    shown(document)
    texts = [str(document.facts), str(document.info(0))]
    for cut in range(200, len(data), 37):
        try:
            shown(opened(data[:cut]))
        except DecodeError as error:
            texts.append(str(error))
    out, err = capfd.readouterr()
    for text in (*texts, out, err, caplog.text):
        assert "SECRET" not in text
        assert "Doe" not in text


def test_importing_the_decoder_imports_no_codec() -> None:
    code = (
        "import sys, viewer.decoders.dicom; "
        "print([m for m in ('pydicom', 'imagecodecs', 'cv2', 'PIL') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


_VICTIMS = [
    dicom(ramp(3, 8, 8, np.uint16), syntax=syntax, elements={"WindowCenter": 5, "WindowWidth": 9})
    for syntax in ("explicit", "implicit", "big", "deflated", "jpeg-ls", "jpeg2000", "rle", "jpeg-lossless")
]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(0, len(_VICTIMS) - 1),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=12),
    st.floats(0, 1),
)
def test_damage_ends_in_pixels_or_a_decode_error(victim: int, hits: list[tuple[float, int]], kept: float) -> None:
    data = bytearray(_VICTIMS[victim])
    for place, value in hits:
        data[int(place * (len(data) - 1))] = value
    if kept < 0.9:
        del data[int(kept * len(data)) :]
    try:
        document = opened(bytes(data))
        if "embedded" in document.facts:
            return
        for page in {0, document.page_count - 1}:
            info = document.info(page)
            raster = document.render(page, None, 0.5, view=View(), cancelled=lambda: False)
            assert raster.pixels.dtype == np.uint8
            assert info.size[0] > 0
            document.windows(page)
    except DecodeError as error:
        assert str(error)


_OPEN_ALL = """
import pathlib, resource, sys
from viewer.decoders.base import Hints, View
from viewer.decoders.dicom import DicomDecoder
from viewer.errors import DecodeError
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
for line in sys.stdin:
    path = pathlib.Path(line.rstrip("\\n"))
    with path.open("rb") as file:
        try:
            document = DicomDecoder.open(file, Hints(name=path.name))
            if "embedded" not in document.facts:
                document.render(0, None, 1.0, view=View(), cancelled=lambda: False)
            print("shown", document.facts["codec"] != "uncompressed", flush=True)
        except DecodeError as error:
            print(error.code, str(error), flush=True)
"""


@pytest.mark.corpus
def test_real_files_end_in_pixels_or_words(capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(os.environ["ANGO_VIEWER_CORPORA"]) / "dicom"
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    run = subprocess.run(
        [sys.executable, "-c", _OPEN_ALL],
        input="\n".join(map(str, files)) + "\n",
        capture_output=True,
        text=True,
        timeout=600,
    )
    answers = run.stdout.splitlines()
    assert run.returncode == 0, f"died at {files[len(answers)].name}: {run.stderr[-2000:]}"
    assert len(answers) == len(files)
    without_picture = sum("holds no picture" in answer for answer in answers)
    shown_count = sum(answer.startswith("shown") for answer in answers)
    compressed = answers.count("shown True")
    with capsys.disabled():
        print(f"\nDICOM: {shown_count} of {len(files) - without_picture} files with a picture, {compressed} compressed")
    assert shown_count >= 0.96 * (len(files) - without_picture)
