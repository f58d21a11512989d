"""Which still-picture format a file has, by its first bytes; by its name only where a format has no mark."""

from __future__ import annotations

import gzip
import re
import zlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One format. `pillow` are Pillow's plug-ins for it, `second` whether imagecodecs may be asked."""

    key: str
    title: str
    pillow: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    """Modules of Pillow to import first, so that Pillow does not import all of its plug-ins."""
    second: bool = False
    extensions: tuple[str, ...] = ()


_KINDS = (
    Kind("jpeg", "JPEG", ("JPEG", "MPO"), ("Jpeg", "Mpo"), True, (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo")),
    Kind("png", "PNG", ("PNG",), ("Png",), True, (".png", ".apng")),
    Kind("gif", "GIF", ("GIF",), ("Gif",), True, (".gif",)),
    Kind("webp", "WebP", ("WEBP",), ("WebP",), True, (".webp",)),
    # imagecodecs dies (SIGFPE) on some BMP files, so it is never given one.
    Kind("bmp", "BMP", ("BMP",), ("Bmp",), False, (".bmp", ".dib")),
    Kind("tiff", "TIFF", ("TIFF",), ("Tiff",), True, (".tif", ".tiff", ".svs", ".btf", ".tf8")),
    Kind("avif", "AVIF", ("AVIF",), ("Avif",), True, (".avif", ".avifs")),
    Kind("heic", "HEIC", (), (), False, (".heic", ".heif", ".hif")),
    Kind("jp2", "JPEG 2000", ("JPEG2000",), ("Jpeg2K",), True, (".jp2", ".j2k", ".j2c", ".jpx", ".jph")),
    Kind("jxl", "JPEG XL", (), (), True, (".jxl",)),
    Kind("jls", "JPEG-LS", (), (), True, (".jls",)),
    Kind("jxr", "JPEG XR", (), (), True, (".jxr", ".wdp", ".hdp")),
    Kind("ico", "ICO", ("ICO",), ("Ico", "Bmp", "Png"), False, (".ico",)),
    Kind("cur", "CUR", ("CUR",), ("Cur", "Bmp"), False, (".cur",)),
    Kind("svg", "SVG", (), (), False, (".svg", ".svgz")),
    Kind("psd", "Photoshop", ("PSD",), ("Psd",), False, (".psd",)),
    Kind("dds", "DDS", ("DDS",), ("Dds",), False, (".dds",)),
    Kind("pnm", "PNM", ("PPM",), ("Ppm",), False, (".ppm", ".pgm", ".pbm", ".pnm", ".pfm", ".pam")),
    Kind("qoi", "QOI", ("QOI",), ("Qoi",), True, (".qoi",)),
    Kind("hdr", "Radiance HDR", (), (), True, (".hdr", ".rgbe")),
    Kind("sgi", "SGI", ("SGI",), ("Sgi",), False, (".sgi", ".rgb", ".bw")),
    Kind("pcx", "PCX", ("PCX",), ("Pcx",), False, (".pcx",)),
    Kind("fli", "FLI", ("FLI",), ("Fli",), False, (".fli", ".flc")),
    Kind("tga", "Targa", ("TGA",), ("Tga",), False, (".tga",)),
    Kind("blp", "BLP", ("BLP",), ("Blp",), False, (".blp",)),
    Kind("msp", "MSP", ("MSP",), ("Msp",), False, (".msp",)),
    Kind("xbm", "XBM", ("XBM",), ("Xbm",), False, (".xbm",)),
    Kind("xpm", "XPM", ("XPM",), ("Xpm",), False, (".xpm",)),
)
KINDS = {kind.key: kind for kind in _KINDS}
_BY_EXTENSION = {extension: kind for kind in _KINDS for extension in kind.extensions}

_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff\xf7", "jls"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0\x08\0", "tiff"),
    (b"MM\0+\0\x08", "tiff"),
    (b"II\xbc\x01", "jxr"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "jp2"),
    (b"\xff\x4f\xff\x51", "jp2"),
    (b"\xff\x0a", "jxl"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "jxl"),
    (b"8BPS\0\x01", "psd"),
    (b"DDS |\0\0\0", "dds"),
    (b"qoif", "qoi"),
    (b"#?RADIANCE", "hdr"),
    (b"#?RGBE", "hdr"),
    (b"BLP1", "blp"),
    (b"BLP2", "blp"),
    (b"DanM", "msp"),
    (b"LinS", "msp"),
    (b"/* XPM */", "xpm"),
)
_DIB_SIZES = frozenset((12, 16, 40, 52, 56, 64, 108, 124))
_AVIF_BRANDS = frozenset((b"avif", b"avis"))
_HEIF_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"mif3", b"msf1", b"heif"))
_SVG_ROOT = re.compile(
    rb"^(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\])?\s*>)*<(?:\w+:)?svg[\s>]", re.S
)
_XBM = re.compile(rb"^\s*(?:/\*.*?\*/\s*)?#define\s+\S+_width\s+\d+", re.S)


def kind_of(head: bytes, name: str) -> Kind | None:
    """The format of a file that begins with `head` (4 KiB are enough), or None when it is no picture.

    `name` decides only when the bytes have no known mark.
    """
    key = _by_bytes(head)
    if key:
        return KINDS[key]
    dot = name.rfind(".")
    return _BY_EXTENSION.get(name[dot:].lower()) if dot >= 0 else None


def _by_bytes(head: bytes) -> str:
    for mark, key in _MARKS:
        if head.startswith(mark):
            return key
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _DIB_SIZES:
        return "bmp"
    if head[:4] in (b"\0\0\1\0", b"\0\0\2\0") and _is_icon(head):
        return "ico" if head[2] == 1 else "cur"
    if head[:1] == b"P" and head[1:2] in b"123456Ff7" and head[2:3].isspace():
        return "pnm"
    if head[:2] == b"\x01\xda" and head[2:3] in (b"\0", b"\1") and head[3:4] in (b"\1", b"\2"):
        return "sgi"
    if head[:1] == b"\x0a" and head[1:2] in b"\0\2\3\4\5" and head[2:3] in b"\0\1" and head[3:4] in b"\1\2\4\x08":
        return "pcx"
    if head[4:6] in (b"\x11\xaf", b"\x12\xaf") and head[14:16] in (b"\0\0", b"\3\0"):
        return "fli"
    if is_svg(head):
        return "svg"
    return "xbm" if _XBM.match(head) else ""


def _by_brand(head: bytes) -> str:
    """AVIF and HEIC are told by the brands of the ISO BMFF file type box; all other brands are video."""
    end = min(int.from_bytes(head[:4], "big"), len(head), 256)
    brands = {head[8:12], *(head[i : i + 4] for i in range(16, end - 3, 4))}
    if brands & _AVIF_BRANDS:
        return "avif"
    return "heic" if brands & _HEIF_BRANDS else ""


def _is_icon(head: bytes) -> bool:
    """An icon directory whose first entry is plausible: these four bytes also begin MPEG streams."""
    count = int.from_bytes(head[4:6], "little")
    first = int.from_bytes(head[18:22], "little")
    return 0 < count <= 1024 and head[9:10] in (b"\0", b"\1", b"\xff") and first >= 6 + 16


def is_svg(head: bytes) -> bool:
    """Whether the root element is ``svg``, also in a gzip-packed file."""
    if head[:3] == b"\x1f\x8b\x08":
        head = _unpacked_head(head)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "ignore").encode()
    return _SVG_ROOT.match(head) is not None


def _unpacked_head(head: bytes) -> bytes:
    unpack = zlib.decompressobj(wbits=31)
    try:
        return unpack.decompress(head, 4096)
    except (zlib.error, gzip.BadGzipFile):
        return b""
