import pytest

from tests.make.assets import examples, parsed, seed
from viewer.export.kind import kind_of_asset

KINDS = [
    "image", "image", "image", "image", "image", "video", "video", "video", "multi-image", "pdf", "text", "audio",
    "markdown", "html", "chat", "dicom", "multi-image", "volume", "volume", "image", "pct", "link", "image", "image",
    "image", "image", "image", "image",
]  # fmt: skip


def test_every_example():
    assert [parsed(asset).kind for asset in examples()] == KINDS
    assert parsed(seed()[0]).kind == "video"


@pytest.mark.parametrize(
    ("url", "external_id", "kind"),
    [
        ("https://h/a%2Epng?X-Amz-Date=1.mp4", None, "image"),
        ("https://h/0f3e?x=1", "folder/scan.NII.GZ", "volume"),
        ("https://h/0f3e.bin", "film.MOV", "video"),
        ("https://h/view.png#page.pdf", None, "image"),
        ("media/name with spaces.bmp", None, "image"),
        ("/p/conversations/c.json", None, "chat"),
        ("<p>Hello</p>", "card", "html"),
        ("  <!doctype html><html>", None, "html"),
        ("# Title\n\ntext", None, "markdown"),
        ("Compare **A** with [B](x)", None, "markdown"),
        ("first line\nsecond line", None, "text"),
        ("https://h/a b\nc.png", None, "image"),
        (None, "picture.jpg", "image"),
        (None, None, "unknown"),
        ("", "", "unknown"),
    ],
)
def test_by_name_and_content(url, external_id, kind):
    assert kind_of_asset(url, external_id=external_id) == kind


@pytest.mark.parametrize(
    ("raw", "metadata", "kind"),
    [
        (b'{"pdf": {"position": {}}}', {}, "pdf"),
        (b'{"ner": {"start": 0.5, "end": 2.0}}', {}, "audio"),
        (b'{"ner": {"start": 3, "end": 12}}', {}, "text"),
        (b'{"polyline": {"x1": 4, "z1": 5}}', {}, "volume"),
        (b'{"medicalBrushDataUrl": "https://h/x"}', {}, "volume"),
        (b'{"medicalBrushDataUrl": null}', {}, "unknown"),
        (b'{"bounding-box": {}}', {"frameRate": 25}, "video"),
        (b'{"pct": {}}', {}, "pct"),
        (b'{"polygon": [], "tool": "radio"}', {}, "unknown"),
        (b'{"tool": "radio"}', {}, "link"),
        (b'{"tool": "radio"}', {"width": 3}, "unknown"),
        (b"{}", {}, "unknown"),
    ],
)
def test_by_what_its_json_holds(raw, metadata, kind):
    assert kind_of_asset("https://h/0f3e", metadata=metadata, raw=raw) == kind


def test_ogg_is_sound_unless_it_has_frames():
    assert kind_of_asset("https://h/a.ogg") == "audio"
    assert kind_of_asset("https://h/a.ogg", metadata={"frameRate": 30}) == "video"


def test_a_list_of_files_wins():
    assert kind_of_asset("https://h/a.mp4", dataset=["https://h/a.jpg"]) == "multi-image"
    assert kind_of_asset("https://h/a.mp4", dataset=[]) == "video"
