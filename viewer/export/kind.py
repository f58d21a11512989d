"""What kind of thing an asset is. No field of an export says it (format §3.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from viewer.model import AssetKind

EXTENSIONS: dict[str, AssetKind] = {
    **dict.fromkeys(
        ("jpg", "jpeg", "jpe", "jfif", "png", "tif", "tiff", "bmp", "webp", "gif", "jp2", "avif", "heic"), "image"
    ),
    **dict.fromkeys(("mp4", "m4v", "webm", "mov", "mkv", "avi", "ogv"), "video"),
    **dict.fromkeys(("mp3", "wav", "ogg", "oga", "flac", "m4a", "aac", "opus"), "audio"),
    **dict.fromkeys(("txt", "text", "log", "csv"), "text"),
    **dict.fromkeys(("md", "markdown"), "markdown"),
    **dict.fromkeys(("html", "htm", "xhtml"), "html"),
    "pdf": "pdf",
    **dict.fromkeys(("dcm", "dicom", "dic"), "dicom"),
    **dict.fromkeys(("nrrd", "nii", "nii.gz", "nhdr", "mha"), "volume"),
    "json": "chat",
    **dict.fromkeys(("pcd", "las", "laz"), "pct"),
}  # fmt: skip

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|data:")
_EXTENSION = re.compile(r"\.(nii\.gz|[A-Za-z0-9]{1,8})$")
_MARKUP = re.compile(r"(^|\n)\s{0,3}(#{1,6}\s|[-*+]\s|\d+\.\s|>\s|```)|\*\*\S|\]\(|`[^`]+`|</?[a-z]")
_FLAT_SHAPE = re.compile(
    rb'"(?:bounding-box|rotated-bounding-box|polygon|polyline|point|segmentation|spline|circle|ellipse)"\s*:'
)
_SECONDS = re.compile(rb'"ner"\s*:\s*\{[^{}]*"(?:start|end)"\s*:\s*\d+\.\d*[1-9]')


def kind_of_asset(
    url: str | None,
    *,
    external_id: str | None = None,
    dataset: Sequence[Any] = (),
    metadata: Mapping[str, Any] | None = None,
    raw: bytes = b"",
) -> AssetKind:
    """The kind by the order of format §3.1: dataset, inline content, name, then what its JSON (`raw`) holds.

    `raw` is only searched when the names say nothing.
    """
    if dataset:
        return "multi-image"
    metadata = metadata or {}
    inline = _inline(url) if url else None
    if inline is not None:
        return inline
    for name in (url, external_id):
        kind = _by_name(name)
        if kind == "audio" and _extension(name) == "ogg" and "frameRate" in metadata:
            return "video"  # V2 and V3 took Ogg video, too
        if kind is not None:
            return kind
    return _by_content(url, metadata, raw)


def _by_name(name: str | None) -> AssetKind | None:
    return EXTENSIONS.get(_extension(name))


def _extension(name: str | None) -> str:
    """The extension of a URL's path or of a name, lower case, without the dot."""
    if not name:
        return ""
    path = re.split(r"[?#]", name, maxsplit=1)[0] if _SCHEME.match(name) else name
    match = _EXTENSION.search(unquote(path[-300:]).lower())
    return match.group(1) if match else ""


def _inline(url: str) -> AssetKind | None:
    """The kind of content that stands where the address would."""
    if _SCHEME.match(url):
        return None
    text = url.strip()
    if text.startswith("<"):
        return "html"
    has_breaks = "\n" in text or "\r" in text
    if not has_breaks and " " not in text:
        return None
    if _MARKUP.search(text):
        return "markdown"
    return "text" if has_breaks else None


def _by_content(url: str | None, metadata: Mapping[str, Any], raw: bytes) -> AssetKind:
    if b'"pdf"' in raw and re.search(rb'"pdf"\s*:\s*\{', raw):
        return "pdf"
    if b'"ner"' in raw:
        return "audio" if _SECONDS.search(raw) else "text"
    if re.search(rb'"(?:z1|medical-brush)"\s*:', raw) or re.search(rb'"medicalBrushDataUrl"\s*:\s*"', raw):
        return "volume"
    if "frameRate" in metadata:
        return "video"
    if re.search(rb'"pct"\s*:', raw):
        return "pct"
    if url is None or _FLAT_SHAPE.search(raw) or "width" in metadata:
        return "unknown"
    if not _SCHEME.match(url) and "/" in url.strip("/"):
        return "pct"  # a storage folder: point clouds are addressed by one
    if re.match(r"https?://", url) and b'"tool"' in raw:
        return "link"  # answers, no shapes, and no file's name: a page in a frame
    return "unknown"
