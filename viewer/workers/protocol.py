"""What window and worker say to each other: typed msgpack messages, checked field by field on arrival.

A worker decodes bytes that strangers made, so whatever comes from it is untrusted: no pickle, every number
bounded, every text short. `from_worker` raises `BadMessage` for anything else, and the worker is then killed.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal, TypeAlias, get_args

import msgspec
from msgspec import Meta

from viewer import limits
from viewer.decoders.base import Hints, PageInfo, PixelFormat, View, VoiWindow
from viewer.errors import DecodeCode

Number = Annotated[int, Meta(ge=0, le=1 << 53)]
SlotNumber = Annotated[int, Meta(ge=-1, lt=limits.SLOTS)]
"""-1: none."""
Side = Annotated[int, Meta(ge=1, le=1 << 24)]
Word = Annotated[str, Meta(max_length=64)]
Corners: TypeAlias = tuple[float, float, float, float]

SLOT_BYTES = limits.RASTER_PIXELS * 4
CHANNELS: dict[str, int] = {"gray8": 1, "bgrx": 4, "bgra": 4}
FAIL_CODES = Literal[DecodeCode, "Part"]
"""Part: the window could not bring a file that the worker asked for; it knows why itself."""
SampleType = Literal["|u1", "|i1", "<u2", "<i2", "<u4", "<i4", "<f4", "<f8"]
SAMPLE_TYPES: tuple[str, ...] = get_args(SampleType)


NONSENSE = "gave an answer that makes no sense"


class BadMessage(Exception):  # noqa: N818, it is named after what came
    """The worker said what no honest worker says."""


class _Message(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    pass


# ---- window → worker ---------------------------------------------------------------------------------------


class Open(_Message, frozen=True, tag=1):
    """Open a document of these parts. With one part its descriptor follows; else each is asked for by Need.

    `length` other than 0: the one part has holes; its bytes, so many in all, are asked for by Want.
    """

    req: Number
    doc: Number
    names: tuple[str, ...]
    hints: Hints
    length: Number = 0


class Render(_Message, frozen=True, tag=2):
    """Pixels, please. `slot` (or -1) is lent for them; if it is too small, ask for Room."""

    req: Number
    page: int
    region: Corners | None
    scale: float
    view: View
    slot: SlotNumber


class Ask(_Message, frozen=True, tag=3):
    """The geometry of a page, or its VOI windows."""

    req: Number
    what: Literal["info", "windows"]
    page: int


class Samples(_Message, frozen=True, tag=4):
    """Stored values of a region (None: the whole page)."""

    req: Number
    page: int
    region: Corners | None
    slot: SlotNumber


class Prefetch(_Message, frozen=True, tag=5):
    """Nothing else is wanted: make ready what comes next from `page` in `direction` (-1 or 1)."""

    req: Number
    page: int
    direction: int


class Cancel(_Message, frozen=True, tag=6):
    """The answer to `req` is not wanted any more; stop when you can, and still answer."""

    req: Number


class Close(_Message, frozen=True, tag=7):
    """Close the document."""

    doc: Number


class Ping(_Message, frozen=True, tag=8):
    """Answer with Pong if your main thread lives."""

    number: Number


class Part(_Message, frozen=True, tag=9):
    """The answer to Need; its descriptor follows when `ok`."""

    req: Number
    part: Number
    ok: bool


class Slot(_Message, frozen=True, tag=10):
    """The answer to Room: `size` bytes of shared memory under this number from now on; 0 bytes: refused.

    Its descriptor follows, or `name` is that of the mapping (Windows).
    """

    req: Number
    slot: SlotNumber
    size: Number
    name: str = ""


class Blocks(_Message, frozen=True, tag=11):
    """The answer to Want: the bytes of the part are there from where it asked up to `end`, or none will come."""

    req: Number
    part: Number
    ok: bool
    end: Number


# ---- worker → window ---------------------------------------------------------------------------------------


class Ready(_Message, frozen=True, tag=20):
    """Started and restricted; `isolation` says how far."""

    isolation: Word


class Sniffed(_Message, frozen=True, tag=21):
    """What the file seems to be, told before it is opened so that a death can be told by its name."""

    kind: Word


class Opened(_Message, frozen=True, tag=22):
    """The document is open."""

    req: Number
    kind: Word
    page_count: Annotated[int, Meta(ge=0, le=limits.VIDEO_FRAMES)]
    facts: dict[str, Any]


class Done(_Message, frozen=True, tag=23):
    """Pixels lie at the start of `slot`, `stride` bytes per row."""

    req: Number
    slot: Annotated[int, Meta(ge=0, lt=limits.SLOTS)]
    width: Side
    height: Side
    stride: Number
    format: PixelFormat
    region: Corners
    flags: Annotated[tuple[Word, ...], Meta(max_length=32)]
    info: PageInfo
    ms: float


class Values(_Message, frozen=True, tag=24):
    """Stored values lie at the start of `slot`, contiguous; slot -1 and no rows: the page has none."""

    req: Number
    slot: SlotNumber
    dtype: SampleType
    rows: Number
    columns: Number
    channels: Annotated[int, Meta(ge=1, le=4)]


class InfoIs(_Message, frozen=True, tag=25):
    """Answer to Ask info."""

    req: Number
    info: PageInfo


class WindowsAre(_Message, frozen=True, tag=26):
    """Answer to Ask windows."""

    req: Number
    windows: Annotated[tuple[VoiWindow, ...], Meta(max_length=256)]


class Finished(_Message, frozen=True, tag=27):
    """Answer to Prefetch; `more`: it would go on if it were asked again."""

    req: Number
    more: bool


class Fail(_Message, frozen=True, tag=28):
    """`req` could not be done; `text` is the sentence of a DecodeError."""

    req: Number
    code: FAIL_CODES
    text: Annotated[str, Meta(max_length=limits.FAIL_TEXT)]


class Need(_Message, frozen=True, tag=29):
    """To go on with `req` the n-th file is needed."""

    req: Number
    part: Number


class Room(_Message, frozen=True, tag=30):
    """To answer `req` a slot of this many bytes is needed."""

    req: Number
    size: Annotated[int, Meta(ge=1, le=SLOT_BYTES)]


class Closed(_Message, frozen=True, tag=31):
    """The document is closed; the next may come."""

    doc: Number


class Pong(_Message, frozen=True, tag=32):
    """Answer to Ping."""

    number: Number


class Note(_Message, frozen=True, tag=33):
    """What a library printed. Only for the log."""

    text: Annotated[str, Meta(max_length=limits.NOTE_BYTES)]


class Want(_Message, frozen=True, tag=34):
    """To go on with `req` bytes of a part with holes are needed, `length` of them in the end."""

    req: Number
    part: Number
    offset: Number
    length: Annotated[int, Meta(ge=1, le=1 << 53)]


ToWorker: TypeAlias = Open | Render | Ask | Samples | Prefetch | Cancel | Close | Ping | Part | Slot | Blocks
FromWorker: TypeAlias = (
    Ready
    | Sniffed
    | Opened
    | Done
    | Values
    | InfoIs
    | WindowsAre
    | Finished
    | Fail
    | Need
    | Room
    | Closed
    | Pong
    | Note
    | Want
)

_encode = msgspec.msgpack.Encoder().encode
_to_worker: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(ToWorker)
_from_worker: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(FromWorker)


def encode(message: ToWorker | FromWorker) -> bytes:
    """The bytes of a message. Raises OverflowError or TypeError when it holds what msgpack has no word for."""
    return _encode(message)


def to_worker(raw: bytes) -> ToWorker:
    """What the window said; it is trusted to be well formed."""
    message: ToWorker = _to_worker.decode(raw)
    return message


def from_worker(raw: bytes) -> FromWorker:
    """What a worker said, with every field in its bounds; raises BadMessage for all else."""
    try:
        message: FromWorker = _from_worker.decode(raw)
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError, OverflowError) as error:
        raise BadMessage(str(error)[:200]) from None
    problem = _problem(message)
    if problem:
        raise BadMessage(f"{type(message).__name__}: {problem}")
    return message


def _problem(message: FromWorker) -> str:
    """What is wrong beyond the types, in a few words; "" when all is well."""
    if isinstance(message, Done):
        x0, y0, x1, y1 = message.region
        if not (all(map(math.isfinite, message.region)) and x0 < x1 and y0 < y1):
            return "region"
        if message.stride < message.width * CHANNELS[message.format] or message.stride > SLOT_BYTES:
            return "stride"
        if message.stride * message.height > SLOT_BYTES:
            return "size"
        return _info_problem(message.info)
    if isinstance(message, InfoIs):
        return _info_problem(message.info)
    if isinstance(message, Values):
        size = int(message.dtype[2]) * message.rows * message.columns * message.channels
        return "size" if size > SLOT_BYTES or (size > 0) != (message.slot >= 0) else ""
    if isinstance(message, WindowsAre):
        return "" if all(math.isfinite(w.center) and math.isfinite(w.width) for w in message.windows) else "window"
    return ""


def _info_problem(info: PageInfo) -> str:
    """The same for the geometry of a page."""
    if not all(math.isfinite(side) and 0 < side <= 1e9 for side in info.size):
        return "page size"
    if not all(0 <= side <= 1 << 31 for side in info.native):
        return "native size"
    if len(info.flags) > 32 or any(len(flag) > 64 for flag in info.flags):
        return "flags"
    if info.spacing_mm is not None and not all(map(math.isfinite, info.spacing_mm)):
        return "spacing"
    if info.seconds is not None and not math.isfinite(info.seconds):
        return "seconds"
    return "" if 0 <= info.orientation <= 8 else "orientation"


def plain(value: Any, depth: int = 4) -> Any:
    """`value` with only what a message may carry: None, bool, int, float, short str, lists and dicts of these."""
    if value is None or isinstance(value, bool | float):
        return float(value) if isinstance(value, float) else value
    if isinstance(value, int):
        return value if -(1 << 63) <= value < 1 << 63 else str(value)
    if isinstance(value, str):
        return value[:1000]
    if depth > 0 and isinstance(value, dict):
        return {str(k)[:100]: plain(v, depth - 1) for k, v in list(value.items())[:200]}
    if depth > 0 and isinstance(value, list | tuple | set | frozenset):
        return [plain(v, depth - 1) for v in list(value)[:500]]
    item = getattr(value, "item", None)  # numpy's scalars
    if callable(item) and getattr(value, "ndim", 1) == 0:
        return plain(item(), depth - 1) if depth > 0 else str(value)[:1000]
    tolist = getattr(value, "tolist", None)
    if callable(tolist) and depth > 0 and getattr(value, "size", 1 << 20) <= 500:
        return plain(tolist(), depth - 1)
    return str(value)[:1000]
