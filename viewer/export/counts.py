"""How many labels a snapshot holds, by class and tool, without building them.

"A label is an entry with geometry; stop entries do not count": `viewer.model.counts_as_label`, for bytes.
"""

from __future__ import annotations

import msgspec
from msgspec import Raw, Struct, field

from viewer.export.heads import NOTHING, EntryHead, Scalar, read_members

TEXT_KEPT = 500
"""Characters of a title or id that the index keeps."""


Key = tuple[str, str, str]
"""Schema id, title, tool."""


class OddEntry(EntryHead, gc=False):
    """An entry with none of the common tools: with a rarer one, or with its frames inside."""

    spline: Raw = NOTHING
    circle: Raw = NOTHING
    ellipse: Raw = NOTHING
    medical_brush: Raw = field(default=NOTHING, name="medical-brush")
    angle: Raw = NOTHING
    message: Raw = NOTHING
    message_id: Raw = field(default=NOTHING, name="messageId")
    pct: Raw = NOTHING
    frames: Raw = NOTHING
    pages: Raw = NOTHING
    keyframes: Raw = NOTHING
    key_frames: Raw = field(default=NOTHING, name="keyFrames")
    annotations: Raw = NOTHING


_odd: msgspec.json.Decoder[OddEntry] = msgspec.json.Decoder(OddEntry)
_frames: msgspec.json.Decoder[list[OddEntry]] = msgspec.json.Decoder(list[OddEntry])
_frames_by_page: msgspec.json.Decoder[dict[str, OddEntry]] = msgspec.json.Decoder(dict[str, OddEntry])

_RARE = (
    ("spline", "spline"),
    ("circle", "circle"),
    ("ellipse", "ellipse"),
    ("angle", "angle"),
    ("message", "message"),
    ("pct", "pct"),
)


class Counts(Struct, gc=False):
    """What one snapshot holds."""

    total: int = 0
    by_class: dict[Key, int] = {}
    flattened: bool = False
    """Whether an entry held its frames inside (the current video form)."""

    def add(self, key: Key) -> None:
        """Count one label."""
        self.total += 1
        self.by_class[key] = self.by_class.get(key, 0) + 1


def count_heads(entries: list[EntryHead], counts: Counts) -> list[int]:
    """Add the labels of a list to `counts`. Returns which entries need a closer look, by their bytes."""
    by_class, nothing = counts.by_class, NOTHING  # (names of its own: this runs for every label of an export)
    known = by_class.get
    total = 0
    odd: list[int] = []
    for i, entry in enumerate(entries):
        if entry.bounding_box is not nothing:
            tool = "bounding-box"
        elif entry.polygon is not nothing:
            tool = "polygon"
        elif entry.point is not nothing:
            tool = "point"
        elif entry.segmentation is not nothing:
            tool = "segmentation"
        elif (found := _less_common(entry)) is not None:
            tool = found
        else:
            odd.append(i)
            continue
        if entry.stopped is not None and is_stop(entry.stopped):
            continue
        schema_id, title = entry.schema_id, entry.title
        if type(schema_id) is not str:
            schema_id = text_of(schema_id) or ""
        if type(title) is not str:
            title = text_of(title) or ""
        key = (schema_id, title, tool)
        by_class[key] = known(key, 0) + 1
        total += 1
    counts.total += total
    return odd


def labels_in(raw: Raw) -> int:
    """How many labels one entry is."""
    counts = Counts()
    count_raw(raw, counts)
    return counts.total


def count_raw(raw: Raw, counts: Counts) -> None:
    """Add one entry, looked at closely: a stop, a rare tool, a track with its frames inside, something unknown."""
    try:
        entry = _odd.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        _count_parsed(raw, counts)
        return
    tool = _tool_of(entry)
    brush = entry.medical_brush is not NOTHING
    within = [
        frames
        for frames in (entry.frames, entry.pages, entry.keyframes, entry.key_frames, entry.annotations)
        if frames is not NOTHING
    ]
    if entry.message_id is not NOTHING or (brush and (within or tool is not None)):
        pass  # contradicts itself
    elif tool is not None:
        if not is_stop(entry.stopped):
            counts.add(_key(entry, tool))
        return
    elif not within:
        if brush or (entry.pdf is NOTHING and is_stop(entry.stopped)):
            return
    elif len(within) == 1 and entry.stopped is None and _count_track(entry, within[0], counts):
        return
    _count_parsed(raw, counts)


def _less_common(entry: EntryHead) -> str | None:
    if entry.polyline is not NOTHING:
        return "polyline"
    if entry.rotated_bounding_box is not NOTHING:
        return "rotated-bounding-box"
    if entry.ner is not NOTHING:
        return "ner"
    if entry.pdf is not NOTHING and bytes(entry.pdf).count(b'"pageNumber"') <= 1:
        # (a text selection that goes over several pages is one label on each, and needs a closer look)
        return "pdf"
    return None


def _tool_of(entry: OddEntry) -> str | None:
    """The known tool of an entry, if it has one."""
    if entry.bounding_box is not NOTHING:
        return "bounding-box"
    for name in ("polygon", "point", "segmentation"):
        if getattr(entry, name) is not NOTHING:
            return name
    found = _less_common(entry)
    if found is None and entry.pdf is NOTHING:
        found = next((tool for name, tool in _RARE if getattr(entry, name) is not NOTHING), None)
    return found


def _key(entry: EntryHead, tool: str) -> Key:
    return text_of(entry.schema_id) or "", text_of(entry.title) or "", tool


def _count_track(entry: OddEntry, within: Raw, counts: Counts) -> bool:
    """Count the frames of a current video object. False when they are not of the plain kind."""
    try:
        frames = _frames.decode(within)
    except (msgspec.DecodeError, UnicodeDecodeError):
        try:
            frames = list(_frames_by_page.decode(within).values())
        except (msgspec.DecodeError, UnicodeDecodeError):
            return False
    found: list[str] = []
    drawn = False
    for frame in frames:
        if frame.schema_id is not None or frame.title is not None:
            return False
        tool = _tool_of(frame)
        drawn = drawn or tool is not None
        if is_stop(frame.stopped):
            continue
        if tool is None:
            return False
        found.append(tool)
    if not drawn:
        return False
    counts.flattened = True
    for tool in found:
        counts.add(_key(entry, tool))
    return True


def _count_parsed(raw: Raw, counts: Counts) -> None:
    """Count what the parser makes of one entry. It is slow, and brings numpy with it."""
    from viewer.export.findings import Findings
    from viewer.export.generations.annotations import read_labels
    from viewer.model import counts_as_label

    members = {"tools": Raw(b"[" + bytes(raw) + b"]")}
    annotations = read_labels(members, "$", Findings(index=None, file=None), ids_expected=False).annotations
    own = read_members(raw)
    if "page" not in own and "pdf" not in own and any(a.page is not None for a in annotations):
        counts.flattened = True
    for annotation in annotations:
        if counts_as_label(annotation):
            counts.add((annotation.schema_id, annotation.title, annotation.key))


def is_stop(value: Scalar) -> bool:
    """Whether ``interpolationStopped`` says so."""
    return value is True or (type(value) is str and value.lower() == "true")


def text_of(value: Scalar) -> str | None:
    """An id or name as text, bounded; numbers are taken as written, other values are none."""
    if type(value) is str:
        return value if len(value) <= TEXT_KEPT else value[:TEXT_KEPT]
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
